//! The catalogue's refusals, as typed errors of mutation payloads. Two of them are the stock service's too, whose `restock` was once
//! here: clients ask for its errors by these names.

use async_graphql::{SimpleObject, Union};

use crate::desk::Written;
use crate::domain::InvalidField;

/// A value breaks a rule of the catalogue.
#[derive(SimpleObject)]
#[graphql(shareable)]
pub struct InvalidProductError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl From<InvalidField> for InvalidProductError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: format!("{} {}", invalid.field, invalid.message), field: invalid.field.to_owned() }
    }
}

/// Another product has the SKU.
#[derive(SimpleObject)]
pub struct SkuTakenError {
    /// What is wrong.
    message: String,
    /// The SKU that is taken.
    sku: String,
}

impl SkuTakenError {
    pub(super) fn new(sku: String) -> Self {
        Self { message: format!("The SKU {sku} is taken"), sku }
    }
}

/// There is no product with the id.
#[derive(SimpleObject)]
#[graphql(shareable)]
pub struct ProductNotFoundError {
    /// What is wrong.
    message: String,
}

impl ProductNotFoundError {
    pub(super) fn new() -> Self {
        Self { message: "There is no such product".to_owned() }
    }
}

/// Somebody changed the product since it was read.
#[derive(SimpleObject)]
pub struct ProductVersionConflictError {
    /// What is wrong.
    message: String,
    /// The version that the product has now.
    current_version: i32,
}

impl ProductVersionConflictError {
    pub(super) fn new(current_version: i32) -> Self {
        let message = "The product has been changed since it was read; read it again".to_owned();
        Self { message, current_version }
    }
}

/// The product is sold no more, and stays as it is.
#[derive(SimpleObject)]
pub struct ProductWithdrawnError {
    /// What is wrong.
    message: String,
}

impl ProductWithdrawnError {
    pub(super) fn new() -> Self {
        Self { message: "The product is sold no more, and stays as it is".to_owned() }
    }
}

/// The product hasn't this variant.
#[derive(SimpleObject)]
pub struct ProductVariantNotFoundError {
    /// What is wrong.
    message: String,
}

/// Why a product was not written.
#[derive(Union)]
pub enum ProductError {
    /// A value breaks a rule.
    Invalid(InvalidProductError),
    /// There is no such product.
    NotFound(ProductNotFoundError),
    /// Somebody changed it in between.
    VersionConflict(ProductVersionConflictError),
    /// The SKU is taken.
    SkuTaken(SkuTakenError),
    /// It is sold no more.
    Withdrawn(ProductWithdrawnError),
    /// It hasn't this variant.
    VariantNotFound(ProductVariantNotFoundError),
}

impl ProductError {
    /// Why it wasn't written; nothing of what was.
    pub(super) fn of(refused: Written) -> Vec<Self> {
        vec![match refused {
            Written::Product(_) => return Vec::new(),
            Written::Invalid(invalid) => {
                return invalid.into_iter().map(|invalid| Self::Invalid(invalid.into())).collect();
            }
            Written::Missing => Self::NotFound(ProductNotFoundError::new()),
            Written::VersionConflict(version) => Self::VersionConflict(ProductVersionConflictError::new(version)),
            Written::SkuTaken(sku) => Self::SkuTaken(SkuTakenError::new(sku)),
            Written::Withdrawn => Self::Withdrawn(ProductWithdrawnError::new()),
            Written::VariantMissing => {
                let message = "The product has no such variant".to_owned();
                Self::VariantNotFound(ProductVariantNotFoundError { message })
            }
        }]
    }
}
