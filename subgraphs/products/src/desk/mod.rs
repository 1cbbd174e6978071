//! How the catalogue is written: read, decide, store what was decided together with what happened, unless somebody wrote in
//! between. So a store needs no more than writing one document at a time.
//!
//! It must never decide who may write: that is the resolvers' part.

mod categories;
mod pages;
mod products;
mod shelves;

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};

use crate::caches::Heard;
use crate::domain::{InvalidField, Product};
use crate::store::ProductStore;

pub use categories::CategoryWritten;
pub use pages::PageWritten;

/// Writes the catalogue.
#[derive(Clone)]
pub struct Desk {
    store: Arc<dyn ProductStore>,
    actor: Option<String>,
    heard: Option<Heard>,
}

/// What became of a write of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// Written; the product as it is now.
    Product(Box<Product>),
    /// There is no such product.
    Missing,
    /// Somebody wrote in between; the product has this version now.
    VersionConflict(i32),
    /// It breaks rules, those of its category among them.
    Invalid(Vec<InvalidField>),
    /// Another product or variant has the SKU.
    SkuTaken(String),
    /// The product is sold no more, and stays as it is.
    Withdrawn,
    /// The product hasn't this variant.
    VariantMissing,
}

impl Desk {
    /// A desk that writes to `store` for `actor`, a user's global id.
    #[must_use]
    pub fn new(store: Arc<dyn ProductStore>, actor: Option<String>) -> Self {
        Self { store, actor, heard: None }
    }

    /// The same, which tells a request's caches and its caller what it has written.
    #[must_use]
    pub(crate) fn heard_by(self, heard: Heard) -> Self {
        Self { heard: Some(heard), ..self }
    }
}

/// As precisely as every store keeps it.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}
