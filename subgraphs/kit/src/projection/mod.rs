//! Projections: read models that are made of a database's events, and of nothing else.
//!
//! Each has a PostgreSQL schema of its own name, whose tables the projection describes itself ([`Definition::tables`]): they belong
//! to the code that fills them, not to the migrations. Readers name the schema (`order_list.entry`) and only read. The position of the last
//! event is kept in the transaction that applies it, so that each event is in a projection exactly once, whatever is killed
//! when, and readers see whole batches.
//!
//! A projection whose code makes other tables or other rows of the same events gets a higher [`Definition::version`]: a
//! [`Projector`] then makes a generation of that version from the first event on, in the schema `<name>_next`, while the live one
//! is read, and followed by projectors of its own version as long as there are any. Once it has caught up the two are swapped in one
//! transaction. [`rebuild`] does the same by command.
//!
//! Any number of projectors may run for one database: a generation is worked on by one at a time, under a lock of its row.

mod definition;
mod error;
mod generation;
mod projector;
mod row;
mod schema;
mod status;
mod step;
mod swap;
#[cfg(test)]
mod tests;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;

pub use definition::Definition;
pub use error::ProjectionError;
pub use generation::{Generation, Rebuild, rebuild};
pub use projector::{Projector, ProjectorConfig};
pub use status::{Status, status};

use crate::event_store::Recorded;

/// A read model.
pub trait Projection: Send + Sync {
    /// What it is called and consists of.
    fn definition(&self) -> Definition;

    /// Takes in events, which come in their order, all of them, whatever aggregate they are of. Tables are named without a schema: the
    /// connection finds those of the generation that is worked on, and no others.
    ///
    /// The rows must follow from the events alone: not from a clock, another table, or how the events are batched. Writes are best
    /// made set by set, by a statement for the whole batch.
    ///
    /// # Errors
    /// The batch is tried again, over and over, and the generation stands still meanwhile: an event that can't be taken in must be
    /// skipped here or understood by a later version.
    fn apply<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        events: &'a [Recorded],
    ) -> BoxFuture<'a, Result<(), ProjectionError>>;
}
