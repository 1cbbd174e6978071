//! One federation query to the products subgraph, whatever carries it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use futures::future::BoxFuture;
use kit::{GlobalId, Money};
use serde::{Deserialize, Serialize};
use wire::identity::{Identity, Signer};

use super::{Catalogue, CatalogueError};
use crate::ProductId;
use crate::domain::Quote;

const QUOTES: &str = "query OrdersQuotes($representations: [_Any!]!) { \
     _entities(representations: $representations) { ... on Product { id name price { amountMinor currency } } } }";

/// Characters of a product's name that are kept: as many as products allows.
const NAME_LENGTH_MAX: usize = 200;

/// Carries a GraphQL request to the products subgraph and brings the response back, both as JSON.
pub trait Transport: Send + Sync {
    /// One call. `identity` is the value of the identity header.
    fn call(&self, body: Bytes, identity: String) -> BoxFuture<'_, Result<Bytes, CatalogueError>>;
}

/// Asks the products subgraph, as the service `orders`.
pub struct SubgraphCatalogue<T> {
    transport: T,
    signer: Arc<Signer>,
}

impl<T: Transport> SubgraphCatalogue<T> {
    /// A catalogue whose calls `transport` carries and `signer` signs; products must trust that key
    /// as a service's.
    pub fn over(transport: T, signer: Arc<Signer>) -> Self {
        Self { transport, signer }
    }

    fn identity(&self) -> Result<String, CatalogueError> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|error| CatalogueError::Signing(error.into()))?
            .as_secs();
        self.signer.sign(&Identity::service("orders"), now).map_err(|error| CatalogueError::Signing(error.into()))
    }
}

impl<T: Transport> Catalogue for SubgraphCatalogue<T> {
    fn quotes<'a>(&'a self, ids: &'a [ProductId]) -> BoxFuture<'a, Result<Vec<Quote>, CatalogueError>> {
        Box::pin(async move {
            let answer = self.transport.call(question(ids)?, self.identity()?).await?;
            read(&answer)
        })
    }
}

fn question(ids: &[ProductId]) -> Result<Bytes, CatalogueError> {
    #[derive(Serialize)]
    struct Representation<'a> {
        __typename: &'a str,
        id: String,
    }
    #[derive(Serialize)]
    struct Variables<'a> {
        representations: Vec<Representation<'a>>,
    }
    #[derive(Serialize)]
    struct Question<'a> {
        query: &'a str,
        variables: Variables<'a>,
    }
    let representations = ids.iter().map(|id| Representation { __typename: "Product", id: id.to_string() }).collect();
    let question = Question { query: QUOTES, variables: Variables { representations } };
    serde_json::to_vec(&question).map(Bytes::from).map_err(|error| CatalogueError::Malformed(error.to_string()))
}

fn read(answer: &[u8]) -> Result<Vec<Quote>, CatalogueError> {
    #[derive(Deserialize)]
    struct Answer {
        data: Option<Data>,
        #[serde(default)]
        errors: Vec<Failure>,
    }
    #[derive(Deserialize)]
    struct Data {
        _entities: Vec<Option<Entity>>,
    }
    #[derive(Deserialize)]
    struct Entity {
        id: String,
        name: String,
        price: Price,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Price {
        amount_minor: String,
        currency: String,
    }
    #[derive(Deserialize)]
    struct Failure {
        message: String,
    }

    let malformed = |what: &str| CatalogueError::Malformed(what.to_owned());
    let answer: Answer =
        serde_json::from_slice(answer).map_err(|error| CatalogueError::Malformed(error.to_string()))?;
    // An entity that failed is null like one that doesn't exist: with errors about, neither is sure.
    if let Some(failure) = answer.errors.into_iter().next() {
        return Err(CatalogueError::Refused(failure.message));
    }
    let entities = answer.data.ok_or_else(|| malformed("no data"))?._entities;
    entities
        .into_iter()
        .flatten()
        .map(|entity| {
            let product_id = ProductId::parse_global(&entity.id).map_err(|_| malformed("an id is not a product's"))?;
            let minor = entity.price.amount_minor.parse().map_err(|_| malformed("an amount is no integer"))?;
            let currency = entity.price.currency.parse().map_err(|_| malformed("a currency is not a code"))?;
            // A snapshot of the order is bounded: no product of ours is called longer.
            let name = entity.name.chars().take(NAME_LENGTH_MAX).collect();
            Ok(Quote { product_id, price: Money::new(minor, currency), name })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{CatalogueError, question, read};
    use crate::ProductId;
    use kit::GlobalId;
    use uuid::Uuid;

    fn product() -> ProductId {
        ProductId::from_uuid(Uuid::from_u128(7))
    }

    #[test]
    fn asks_by_global_id() {
        let body: serde_json::Value = serde_json::from_slice(&question(&[product()]).unwrap()).unwrap();
        assert_eq!(
            body["variables"]["representations"],
            serde_json::json!([{ "__typename": "Product", "id": product().to_string() }])
        );
    }

    #[test]
    fn reads_quotes_and_leaves_out_missing_products() {
        let answer = serde_json::json!({ "data": { "_entities": [
            null,
            { "id": product().to_string(), "name": "Cup", "price": { "amountMinor": "1999", "currency": "EUR" } },
        ] } });
        let quotes = read(answer.to_string().as_bytes()).unwrap();
        assert_eq!(quotes.len(), 1);
        assert_eq!(quotes[0].product_id, product());
        assert_eq!((quotes[0].price.amount_minor.0, quotes[0].name.as_str()), (1999, "Cup"));
    }

    #[test]
    fn refuses_whatever_it_cannot_be_sure_of() {
        let refused = r#"{"data":{"_entities":[null]},"errors":[{"message":"no"}]}"#;
        assert!(matches!(read(refused.as_bytes()), Err(CatalogueError::Refused(_))));
        for answer in [
            "",
            "<html>",
            "{}",
            r#"{"data":null}"#,
            r#"{"data":{"_entities":[{"id":"x","name":"a","price":{"amountMinor":"1","currency":"EUR"}}]}}"#,
            r#"{"data":{"_entities":[{"id":"x"}]}}"#,
        ] {
            assert!(matches!(read(answer.as_bytes()), Err(CatalogueError::Malformed(_))), "{answer}");
        }
    }
}
