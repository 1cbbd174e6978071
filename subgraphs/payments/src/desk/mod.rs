//! Where payments are taken and their outcomes written down: each in one transaction with its events, its ledger entries, what
//! others are told, and the answers of those who wait.
//!
//! Whoever decides about a payment locks it first ([`lock`]): an answer and a question that cross would otherwise miss each other.
//! Nothing here speaks to a provider; that is a job's part ([`crate::settling`]), which [`take`] wants done and [`record`] ends.

mod awaited;
mod erase;
mod error;
mod lock;
mod record;
mod take;
mod tell;
mod under_way;
mod write;

pub use awaited::Awaited;
pub use erase::{Erasure, erase};
pub use error::DeskError;
pub use record::record;
pub use take::{Asked, Order, purchase, refusal, take};
pub use under_way::method_token;
