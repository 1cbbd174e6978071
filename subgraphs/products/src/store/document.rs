//! The stored forms of what stands within a product's row or document: JSON that a person can read, the same in every store.

use kit::{GlobalId, Money};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StoreError;
use crate::VariantId;
use crate::domain::{Attribute, Variant};

/// A variant as stores keep it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StoredVariant {
    /// Its UUID, in hyphenated lower-case digits.
    pub id: String,
    /// Its SKU.
    pub sku: String,
    /// What one piece costs, if not what the product does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<StoredMoney>,
    /// What tells it from the others.
    pub attributes: Vec<Attribute>,
}

/// Money as stores keep it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StoredMoney {
    /// In minor units.
    pub minor: i64,
    /// By its code.
    pub currency: String,
}

impl From<Money> for StoredMoney {
    fn from(money: Money) -> Self {
        Self { minor: money.amount_minor.0, currency: money.currency.to_string() }
    }
}

impl TryFrom<StoredMoney> for Money {
    type Error = StoreError;

    fn try_from(stored: StoredMoney) -> Result<Self, StoreError> {
        let currency = stored.currency.parse().map_err(|_| StoreError::Corrupt("currency"))?;
        Ok(Self::new(stored.minor, currency))
    }
}

impl From<&Variant> for StoredVariant {
    fn from(variant: &Variant) -> Self {
        Self {
            id: variant.id.uuid().to_string(),
            sku: variant.sku.clone(),
            price: variant.price.map(StoredMoney::from),
            attributes: variant.attributes.clone(),
        }
    }
}

impl TryFrom<StoredVariant> for Variant {
    type Error = StoreError;

    fn try_from(stored: StoredVariant) -> Result<Self, StoreError> {
        let id = Uuid::try_parse(&stored.id).map_err(|_| StoreError::Corrupt("variant's id"))?;
        let price = stored.price.map(Money::try_from).transpose()?;
        Ok(Self { id: VariantId::from_uuid(id), sku: stored.sku, price, attributes: stored.attributes })
    }
}
