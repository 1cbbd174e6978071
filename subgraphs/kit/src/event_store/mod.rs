//! The event store: aggregates whose state is what has happened to them.
//!
//! [`load`] makes an aggregate's state of its events, [`append`] adds to them if nobody else has meanwhile, and [`read_after`] tells
//! all events of the database in one order without gaps, that of their commits: whoever has seen position `n` has seen everything
//! up to it, and nothing will come up behind him. Projections ([`crate::projection`]) rest on that.
//!
//! A decision is one unit of work, which is done again on the newest state when another one came first:
//!
//! ```no_run
//! # use kit::{Database, event_store::{Aggregate, EventSet, Metadata, StoreError, append, load}};
//! # async fn example<A: Aggregate>(
//! #     database: &Database, id: uuid::Uuid, decide: impl Fn(&A) -> Vec<A::Event> + Send + Sync
//! # ) -> Result<u32, StoreError> {
//! database
//!     .unit(async |connection| {
//!         let loaded = load::<A>(connection, id).await?;
//!         let events = decide(loaded.state());
//!         // Last of all: from here to the commit nobody else can append.
//!         let appended = append(connection, loaded, events, &Metadata::default()).await?;
//!         Ok::<_, StoreError>(appended.version())
//!     })
//!     .await
//! # }
//! ```
//!
//! No event is ever changed or deleted, which the database itself refuses. So there must be no personal data in any.

mod aggregate;
mod append;
mod error;
mod event_set;
mod load;
mod metadata;
mod read;
mod recorded;
mod snapshot;
#[cfg(test)]
pub(crate) mod tests;

pub use aggregate::{Aggregate, Loaded};
pub use append::{APPEND_EVENTS_MAX, EVENT_BYTES_MAX, append};
pub use error::{ReadError, StoreError, UpcastError};
pub use event_set::{EventData, EventSet, StoredData, read_data};
pub use load::load;
pub use metadata::Metadata;
pub use read::{head, read_after};
pub use recorded::Recorded;
