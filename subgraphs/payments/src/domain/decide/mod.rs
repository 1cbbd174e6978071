//! What becomes of a command: one file each.
//!
//! Deciding is asking the state. The same command asked again, by another message or once the provider has answered, makes no
//! further event and gets the answer that the state has by then.

mod authorise;
mod capture;
mod refund;
mod void;

use wire::command::Command;

use super::PaymentEvent;

pub use authorise::{Request, authorise};
pub use capture::capture;
pub use refund::refund;
pub use void::void;

/// What becomes of a `C`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision<C: Command> {
    /// What happens to the payment by it. Nothing, if it is refused or was asked before.
    pub events: Vec<PaymentEvent>,
    /// What there is to say; none before the provider has answered, or it is decided whose disputed money is.
    pub answer: Option<Answer<C>>,
}

/// What there is to say to a `C`.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<C: Command> {
    /// It is done.
    Done(C::Done),
    /// It can't be: by a code, and in words for the log.
    Refused(C::Refusal, &'static str),
}

impl<C: Command> Decision<C> {
    fn done(done: C::Done) -> Self {
        Self { events: Vec::new(), answer: Some(Answer::Done(done)) }
    }

    fn refused(code: C::Refusal, text: &'static str) -> Self {
        Self { events: Vec::new(), answer: Some(Answer::Refused(code, text)) }
    }

    /// It was asked before and is under way, or waits for what is.
    fn later() -> Self {
        Self { events: Vec::new(), answer: None }
    }

    /// It is asked for the first time.
    fn begin(event: impl Into<PaymentEvent>) -> Self {
        Self { events: vec![event.into()], answer: None }
    }
}
