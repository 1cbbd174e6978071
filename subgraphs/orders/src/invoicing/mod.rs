//! Invoices: made once an order is paid, in the background, and kept as objects that only links open.
//!
//! An order has one invoice with one number, however often it is made: numbers have no gaps, and an object of the same key takes the
//! place of the one before. What is personal in it goes when its customer is forgotten ([`forget`], [`remove`]); from then on none is
//! made, and what is written all the same goes in the night ([`sweep`]).

pub mod forget;
mod make;
pub mod remove;
mod sweep;

use diesel_async::AsyncPgConnection;
use kit::GlobalId as _;
use kit::database::DatabaseError;
use kit::job::{self, JobState, NewJob, RunAt};
use kit::objects::ObjectKey;
use serde::{Deserialize, Serialize};

pub use forget::ForgetInvoices;
pub use make::MakeInvoice;
pub use remove::RemoveObject;
pub use sweep::{SweepInvoices, sweeping};

use crate::OrderId;

/// Jobs that make invoices, each under its order's id.
pub const KIND: &str = "orders.make-invoice";

/// The folder of all of them.
const FOLDER: &str = "invoices";

/// Which order's.
#[derive(Debug, Serialize, Deserialize)]
pub struct Payload {
    order_id: OrderId,
}

/// Has an order's invoice made, in the caller's transaction; one that was wanted already is made once. One that was given up is tried
/// again.
///
/// # Errors
/// [`DatabaseError`].
pub async fn want(connection: &mut AsyncPgConnection, order_id: OrderId) -> Result<(), DatabaseError> {
    let key = order_id.uuid().to_string();
    let wanted = NewJob { kind: KIND, key: &key, payload: Payload { order_id }, run_at: RunAt::Now };
    if job::enqueue(connection, &wanted).await?.is_none()
        && let Some(known) = job::find(connection, KIND, &key).await?
        && matches!(known.state, JobState::Failed | JobState::Cancelled)
    {
        job::retry(connection, known.id).await?;
    }
    Ok(())
}

/// Where an order's invoice is.
#[must_use]
pub fn object_key(order_id: OrderId) -> Option<ObjectKey> {
    ObjectKey::parse(&format!("{FOLDER}/{}.pdf", order_id.uuid()))
}

/// An invoice's number in the form in which people read and dictate it.
#[must_use]
pub fn number_shown(number: i64) -> String {
    format!("INV-{number:08}")
}
