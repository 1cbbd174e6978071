//! The documents as they are kept. Ids are UUIDs as texts, which sort as the UUIDs do and can be read by people.

use ::products::domain::{Attribute, AttributeRule, Block, Category, Page, PageStatus, Product, Variant, fold_name};
use ::products::store::{StoreError, StoredMoney, StoredVariant};
use ::products::{PageId, ProductId};
use chrono::{DateTime as Time, Utc};
use kit::GlobalId;
use mongodb::bson::DateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::bus::Message;

/// A message that waits in the document of what it tells of.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Pending {
    /// Its event's id: a UUIDv7, so that messages sort by when they came about.
    pub id: String,
    /// Under which key it travels.
    pub key: String,
    /// Its envelope.
    pub text: String,
}

/// A product.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ProductDocument {
    #[serde(rename = "_id")]
    pub id: String,
    pub sku: String,
    /// Its own SKU and its variants': no two documents share one.
    pub skus: Vec<String>,
    pub name: String,
    /// The name in lower case: sorting and prefix search must not depend on a server's collation.
    pub name_folded: String,
    pub description: String,
    pub price: StoredMoney,
    pub category: String,
    pub attributes: Vec<Attribute>,
    pub weight_grams: i32,
    pub variants: Vec<StoredVariant>,
    pub blocks: Vec<Block>,
    pub withdrawn_at: Option<DateTime>,
    pub version: i32,
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

/// A category.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CategoryDocument {
    #[serde(rename = "_id")]
    pub name: String,
    pub attributes: Vec<AttributeRule>,
    pub is_closed: bool,
    pub version: i32,
    pub updated_at: DateTime,
}

/// A page.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PageDocument {
    #[serde(rename = "_id")]
    pub id: String,
    pub slug: String,
    pub title: String,
    pub blocks: Vec<Block>,
    pub status: String,
    pub version: i32,
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

/// Messages as they wait.
pub fn pending(messages: &[Message]) -> Result<Vec<Pending>, StoreError> {
    let waiting = |message: &Message| {
        let envelope = wire::event::Envelope::parse(&message.text)?;
        Ok(Pending { id: envelope.id, key: message.key.to_string(), text: message.text.to_string() })
    };
    messages.iter().map(waiting).collect()
}

impl From<&Product> for ProductDocument {
    fn from(product: &Product) -> Self {
        let variants = product.variants.iter().map(|variant| variant.sku.clone());
        Self {
            id: product.id.uuid().to_string(),
            sku: product.sku.clone(),
            skus: std::iter::once(product.sku.clone()).chain(variants).collect(),
            name: product.name.clone(),
            name_folded: fold_name(&product.name),
            description: product.description.clone(),
            price: product.price.into(),
            category: product.category.clone(),
            attributes: product.attributes.clone(),
            weight_grams: product.weight_grams,
            variants: product.variants.iter().map(StoredVariant::from).collect(),
            blocks: product.blocks.clone(),
            withdrawn_at: product.withdrawn_at.map(stored_time),
            version: product.version,
            created_at: stored_time(product.created_at),
            updated_at: stored_time(product.updated_at),
        }
    }
}

impl TryFrom<ProductDocument> for Product {
    type Error = StoreError;

    fn try_from(stored: ProductDocument) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProductId::from_uuid(uuid(&stored.id)?),
            sku: stored.sku,
            name: stored.name,
            description: stored.description,
            price: stored.price.try_into()?,
            category: stored.category,
            attributes: stored.attributes,
            weight_grams: stored.weight_grams,
            variants: stored.variants.into_iter().map(Variant::try_from).collect::<Result<_, _>>()?,
            blocks: stored.blocks,
            withdrawn_at: stored.withdrawn_at.map(time).transpose()?,
            version: stored.version,
            created_at: time(stored.created_at)?,
            updated_at: time(stored.updated_at)?,
        })
    }
}

impl From<&Category> for CategoryDocument {
    fn from(category: &Category) -> Self {
        Self {
            name: category.name.clone(),
            attributes: category.attributes.clone(),
            is_closed: category.is_closed,
            version: category.version,
            updated_at: stored_time(category.updated_at),
        }
    }
}

impl TryFrom<CategoryDocument> for Category {
    type Error = StoreError;

    fn try_from(stored: CategoryDocument) -> Result<Self, StoreError> {
        let CategoryDocument { name, attributes, is_closed, version, updated_at } = stored;
        Ok(Self { name, attributes, is_closed, version, updated_at: time(updated_at)? })
    }
}

impl From<&Page> for PageDocument {
    fn from(page: &Page) -> Self {
        Self {
            id: page.id.uuid().to_string(),
            slug: page.slug.clone(),
            title: page.title.clone(),
            blocks: page.blocks.clone(),
            status: page.status.as_str().to_owned(),
            version: page.version,
            created_at: stored_time(page.created_at),
            updated_at: stored_time(page.updated_at),
        }
    }
}

impl TryFrom<PageDocument> for Page {
    type Error = StoreError;

    fn try_from(stored: PageDocument) -> Result<Self, StoreError> {
        Ok(Self {
            id: PageId::from_uuid(uuid(&stored.id)?),
            status: PageStatus::parse(&stored.status).ok_or(StoreError::Corrupt("status of a page"))?,
            slug: stored.slug,
            title: stored.title,
            blocks: stored.blocks,
            version: stored.version,
            created_at: time(stored.created_at)?,
            updated_at: time(stored.updated_at)?,
        })
    }
}

/// To the millisecond, which is as precise as documents are.
pub fn stored_time(time: Time<Utc>) -> DateTime {
    DateTime::from_millis(time.timestamp_millis())
}

fn time(stored: DateTime) -> Result<Time<Utc>, StoreError> {
    Time::from_timestamp_millis(stored.timestamp_millis()).ok_or(StoreError::Corrupt("time"))
}

fn uuid(text: &str) -> Result<Uuid, StoreError> {
    Uuid::try_parse(text).map_err(|_| StoreError::Corrupt("id"))
}
