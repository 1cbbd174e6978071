//! Reading what the products subgraph answers. What isn't sold any more is as if there were none.

use kit::{GlobalId, Money};
use serde::Deserialize;

use super::CatalogueError;
use crate::domain::{Article, Quote};
use crate::{ProductId, VariantId};

/// Characters of a product's name that are kept: as many as products allows.
const NAME_LENGTH_MAX: usize = 200;
/// Characters of a SKU that are kept: as many as products allows.
const SKU_LENGTH_MAX: usize = 32;
/// Characters that are kept of what tells a variant from others: a line of an invoice. Products allows pages of them.
const VARIANT_LENGTH_MAX: usize = 100;

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
struct Failure {
    message: String,
}

#[derive(Deserialize)]
#[serde(tag = "__typename")]
enum Entity {
    Product(Product),
    ProductVariant(Variant),
}

#[derive(Deserialize)]
struct Product {
    id: String,
    sku: String,
    name: String,
    withdrawn: bool,
    price: Price,
    variants: Vec<Key>,
}

#[derive(Deserialize)]
struct Variant {
    id: String,
    sku: String,
    price: Price,
    attributes: Vec<Attribute>,
    product: Parent,
}

/// All that counts of a product's variants is whether there are any.
#[derive(Deserialize)]
struct Key {}

#[derive(Deserialize)]
struct Attribute {
    value: String,
}

#[derive(Deserialize)]
struct Parent {
    id: String,
    name: String,
    withdrawn: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Price {
    amount_minor: String,
    currency: String,
}

/// The quotes of an answer.
///
/// # Errors
/// Whatever makes it unsure.
pub fn read(answer: &[u8]) -> Result<Vec<Quote>, CatalogueError> {
    let answer: Answer =
        serde_json::from_slice(answer).map_err(|error| CatalogueError::Malformed(error.to_string()))?;
    // An entity that failed is null like one that doesn't exist: with errors about, neither is sure.
    if let Some(failure) = answer.errors.into_iter().next() {
        return Err(CatalogueError::Refused(failure.message));
    }
    let entities = answer.data.ok_or_else(|| malformed("no data"))?._entities;
    entities.into_iter().flatten().filter_map(|entity| quote(entity).transpose()).collect()
}

/// `None` of what is sold no more.
fn quote(entity: Entity) -> Result<Option<Quote>, CatalogueError> {
    match entity {
        Entity::Product(product) if !product.withdrawn => {
            let article = Article { product_id: product_id(&product.id)?, variant_id: None };
            let (price, needs_variant) = (money(&product.price)?, !product.variants.is_empty());
            let (name, sku) = (short(&product.name, NAME_LENGTH_MAX), short(&product.sku, SKU_LENGTH_MAX));
            Ok(Some(Quote { article, price, name, sku, needs_variant }))
        }
        Entity::ProductVariant(variant) if !variant.product.withdrawn => {
            let id = VariantId::parse_global(&variant.id).map_err(|_| malformed("an id is not a variant's"))?;
            let article = Article { product_id: product_id(&variant.product.id)?, variant_id: Some(id) };
            let (price, name, sku) = (money(&variant.price)?, variant.name(), short(&variant.sku, SKU_LENGTH_MAX));
            Ok(Some(Quote { article, price, name, sku, needs_variant: false }))
        }
        Entity::Product(_) | Entity::ProductVariant(_) => Ok(None),
    }
}

impl Variant {
    /// `Teapot – blue, 1 l`; by its SKU where nothing else tells it from others.
    fn name(&self) -> String {
        let values: Vec<&str> = self.attributes.iter().map(|attribute| attribute.value.trim()).collect();
        let told: Vec<&str> = values.into_iter().filter(|value| !value.is_empty()).collect();
        let told = if told.is_empty() { self.sku.clone() } else { told.join(", ") };
        format!("{} – {}", short(&self.product.name, NAME_LENGTH_MAX), short(&told, VARIANT_LENGTH_MAX))
    }
}

/// A snapshot of the order is bounded.
fn short(text: &str, length_max: usize) -> String {
    text.chars().take(length_max).collect()
}

fn product_id(id: &str) -> Result<ProductId, CatalogueError> {
    ProductId::parse_global(id).map_err(|_| malformed("an id is not a product's"))
}

fn money(price: &Price) -> Result<Money, CatalogueError> {
    let minor = price.amount_minor.parse().map_err(|_| malformed("an amount is no integer"))?;
    let currency = price.currency.parse().map_err(|_| malformed("a currency is not a code"))?;
    Ok(Money::new(minor, currency))
}

fn malformed(what: &str) -> CatalogueError {
    CatalogueError::Malformed(what.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    fn product() -> ProductId {
        ProductId::from_uuid(Uuid::from_u128(7))
    }

    fn variant() -> VariantId {
        VariantId::from_uuid(Uuid::from_u128(8))
    }

    fn quotes(entities: Value) -> Vec<Quote> {
        read(json!({ "data": { "_entities": entities } }).to_string().as_bytes()).unwrap()
    }

    fn cup(withdrawn: bool, variants: Value) -> Value {
        json!({ "__typename": "Product", "id": product().to_string(), "sku": "CUP", "name": "Cup", "withdrawn": withdrawn,
            "price": { "amountMinor": "1999", "currency": "EUR" }, "variants": variants })
    }

    fn cup_in(attributes: Value, withdrawn: bool) -> Value {
        json!({ "__typename": "ProductVariant", "id": variant().to_string(), "sku": "CUP-1",
            "price": { "amountMinor": "5", "currency": "EUR" }, "attributes": attributes,
            "product": { "id": product().to_string(), "name": "Cup", "withdrawn": withdrawn } })
    }

    #[test]
    fn reads_quotes_and_leaves_out_what_is_not_sold() {
        let read = quotes(json!([null, cup(false, json!([])), cup(true, json!([])), cup_in(json!([]), true)]));
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].article, Article { product_id: product(), variant_id: None });
        assert_eq!((read[0].price.amount_minor.0, read[0].name.as_str(), read[0].sku.as_str()), (1999, "Cup", "CUP"));
        assert!(!read[0].needs_variant && quotes(json!([cup(false, json!([{ "id": "x" }]))]))[0].needs_variant);
    }

    #[test]
    fn a_variant_is_called_by_what_tells_it_from_others() {
        let blue = json!([{ "value": "blue" }, { "value": " " }, { "value": "1 l" }]);
        let read = quotes(json!([cup_in(blue, false)]));
        assert_eq!(read[0].article, Article { product_id: product(), variant_id: Some(variant()) });
        assert_eq!((read[0].price.amount_minor.0, read[0].name.as_str()), (5, "Cup – blue, 1 l"));
        assert_eq!(read[0].sku, "CUP-1");
        assert_eq!(quotes(json!([cup_in(json!([]), false)]))[0].name, "Cup – CUP-1");
        let long = quotes(json!([cup_in(json!([{ "value": "ä".repeat(500) }]), false)]));
        assert_eq!(long[0].name.chars().count(), "Cup – ".chars().count() + VARIANT_LENGTH_MAX);
    }

    #[test]
    fn refuses_whatever_it_cannot_be_sure_of() {
        let refused = r#"{"data":{"_entities":[null]},"errors":[{"message":"no"}]}"#;
        assert!(matches!(read(refused.as_bytes()), Err(CatalogueError::Refused(_))));
        let mut odd = cup(false, json!([]));
        odd["id"] = json!("x");
        let mut unknown = cup(false, json!([]));
        unknown["__typename"] = json!("Page");
        let entities = |entity: Value| json!({ "data": { "_entities": [entity] } }).to_string();
        for answer in [
            String::new(),
            "<html>".to_owned(),
            "{}".to_owned(),
            r#"{"data":null}"#.to_owned(),
            entities(odd),
            entities(unknown),
            entities(json!({ "__typename": "Product", "id": "x" })),
        ] {
            assert!(matches!(read(answer.as_bytes()), Err(CatalogueError::Malformed(_))), "{answer}");
        }
    }
}
