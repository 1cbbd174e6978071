//! The outbox: messages leave a service by rows of its own database, written in the transaction that decided them.
//!
//! So there is no message without its change and no change without its message, whatever dies when. [`append`] writes the rows;
//! a [`Relay`], or several, publishes them and deletes each once the bus has it. A message may be published twice, after a
//! crash between the two; it is never lost, and those of one key are published in the order of their rows.
//!
//! That is the order in which they were decided only if whoever appends under a key has locked what the key stands for first
//! (its row, its version): positions are given out when rows are written, not when they are committed.

mod append;
mod batch;
mod list;
mod relay;
mod status;
#[cfg(test)]
mod tests;

pub use append::append;
pub use list::{LIST_MAX, Waiting, list};
pub use relay::{Relay, RelayConfig};
pub use status::{Status, status};
