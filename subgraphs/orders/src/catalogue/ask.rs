//! One federation query to the products subgraph, whatever carries it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use futures::future::BoxFuture;
use serde::Serialize;
use wire::identity::{Identity, Signer};

use super::read::read;
use super::{Catalogue, CatalogueError};
use crate::domain::{Article, Quote};

const QUOTES: &str = "query OrdersQuotes($representations: [_Any!]!) { _entities(representations: $representations) { __typename \
     ... on Product { id sku name withdrawn price { amountMinor currency } variants { id } } \
     ... on ProductVariant { id sku price { amountMinor currency } attributes { value } product { id name withdrawn } } } }";

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
    fn quotes<'a>(&'a self, articles: &'a [Article]) -> BoxFuture<'a, Result<Vec<Quote>, CatalogueError>> {
        Box::pin(async move {
            let answer = self.transport.call(question(articles)?, self.identity()?).await?;
            read(&answer)
        })
    }
}

fn question(articles: &[Article]) -> Result<Bytes, CatalogueError> {
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
    let representation = |article: &Article| match article.variant_id {
        Some(variant) => Representation { __typename: "ProductVariant", id: variant.to_string() },
        None => Representation { __typename: "Product", id: article.product_id.to_string() },
    };
    let representations = articles.iter().map(representation).collect();
    let question = Question { query: QUOTES, variables: Variables { representations } };
    serde_json::to_vec(&question).map(Bytes::from).map_err(|error| CatalogueError::Malformed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use kit::GlobalId;
    use uuid::Uuid;

    use super::question;
    use crate::domain::Article;
    use crate::{ProductId, VariantId};

    #[test]
    fn asks_by_global_id() {
        let product = Article { product_id: ProductId::from_uuid(Uuid::from_u128(7)), variant_id: None };
        let variant = VariantId::from_uuid(Uuid::from_u128(8));
        let articles = [product, Article { variant_id: Some(variant), ..product }];
        let body: serde_json::Value = serde_json::from_slice(&question(&articles).unwrap()).unwrap();
        assert_eq!(
            body["variables"]["representations"],
            serde_json::json!([
                { "__typename": "Product", "id": product.product_id.to_string() },
                { "__typename": "ProductVariant", "id": variant.to_string() },
            ])
        );
    }
}
