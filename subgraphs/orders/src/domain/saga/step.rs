//! What a saga wants done.

use std::time::Duration;

use wire::commands::payments::{AuthorisePayment, CapturePayment, RefundPayment, VoidPayment};
use wire::commands::stock::{CommitStock, ReleaseStock, ReserveStock};
use wire::events::orders::CancellationReason;

/// What another domain is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Keep the pieces.
    Reserve(ReserveStock),
    /// Let go of them.
    Release(ReleaseStock),
    /// They are sold.
    Commit(CommitStock),
    /// Keep the amount.
    Authorise(AuthorisePayment),
    /// Take it.
    Capture(CapturePayment),
    /// Let go of it.
    Void(VoidPayment),
    /// Give it back.
    Refund(RefundPayment),
}

/// What becomes of the order, in the same transaction. The order allows it: whoever cancels or ships it tells the saga first.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Its pieces are kept.
    Reserved,
    /// It is paid, and its pieces are sold to it: both.
    Paid,
    /// It comes to nothing.
    Cancel(CancellationReason),
    /// Money was given back.
    Refunded {
        /// By which attempt's refund.
        attempt: u32,
        /// How much.
        amount_minor: i64,
    },
    /// A part of it was; the rest is asked for by another attempt.
    RefundedInPart {
        /// By which attempt's refund.
        attempt: u32,
        /// How much.
        amount_minor: i64,
    },
    /// Pieces that are out of stock's books lie on our shelf.
    RestockDue,
}

/// What follows from an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Step<S> {
    /// How the saga stands now.
    pub state: S,
    /// Whom to ask for what, in this order.
    pub asks: Vec<Ask>,
    /// What becomes of the order, in this order.
    pub effects: Vec<Effect>,
    /// When to be told that nothing came: from now; none if nothing is waited for that must come soon.
    pub deadline: Option<Duration>,
    /// Whether that was all.
    pub is_over: bool,
}

impl<S> Step<S> {
    /// Nothing to do but wait.
    #[must_use]
    pub fn wait(state: S) -> Self {
        Self { state, asks: Vec::new(), effects: Vec::new(), deadline: None, is_over: false }
    }

    /// Also asks somebody.
    #[must_use]
    pub fn ask(mut self, ask: Ask) -> Self {
        self.asks.push(ask);
        self
    }

    /// Also does something to the order.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// Waits so long and no longer.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// That was all.
    #[must_use]
    pub fn over(self) -> Self {
        Self { deadline: None, is_over: true, ..self }
    }
}
