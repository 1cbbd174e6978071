//! Double-entry book-keeping: what is booked for an event, and writing it in the transaction that appends the event.
//!
//! The database itself holds every transaction to a sum of zero in each currency, and changes nothing that was booked. Nobody
//! else writes these tables.

mod book;
mod booking;
mod read;
mod schema;
#[cfg(test)]
mod tests;

pub use book::book;
pub use booking::{Account, Booking, Entry, Kind};
pub use read::{Difference, Transaction, balances, differences, transaction_list};
