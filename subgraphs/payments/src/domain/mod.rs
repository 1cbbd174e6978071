//! What a payment is and what may happen to it: pure, without a clock, a database or a provider.
//!
//! Three questions are asked of a payment's state, and everything else is made of their answers: what becomes of a command
//! ([`decide`]), what has to be asked of the provider next ([`Payment::next_step`]), and which events an answer of the provider's
//! makes ([`outcome`]). Each may be asked again and again: what has happened already makes no further event.

pub mod amount;
mod apply;
pub mod decide;
pub mod event;
pub mod outcome;
mod payment;
mod status;
mod step;
#[cfg(test)]
mod tests;

pub use event::PaymentEvent;
pub use payment::{Capture, CaptureState, Dispute, Payment, Refund, RefundState, Stage, Terms};
pub use status::PaymentStatus;
pub use step::Step;
