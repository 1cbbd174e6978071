//! Orders in PostgreSQL: what happened to them is kept by kit's event store, and read from there or from the read model
//! ([`crate::projection`]). One file a group of questions; none is asked once a row.
//!
//! It must never decide who may see an order: that is the resolvers' part.

mod address;
mod block;
mod cart;
mod change;
mod customer;
mod effect;
mod erase;
mod error;
mod export;
mod fresh;
mod history;
mod invoice;
mod list;
mod load;
mod place;
mod record;
mod rows;
mod schema;

use kit::Database;

pub use block::{customer_block, customer_unblock};
pub use cart::CartChange;
pub use change::{ChangeError, Changed, change_in_txn};
pub use effect::apply_effect;
pub use erase::{Erasure, customer_erase};
pub use error::StoreError;
pub use invoice::{Document, InvoiceTerms, NoInvoice, invoice_forget, invoice_keep};
pub use place::{Placed, PlacingTerms};
pub use record::{Actor, record};

/// Orders, carts, and what is read of them.
#[derive(Clone)]
pub struct OrderStore {
    database: Database,
}

impl OrderStore {
    /// A store on a migrated database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether the database answers now.
    pub async fn is_ready(&self) -> bool {
        self.database.is_ready().await
    }
}
