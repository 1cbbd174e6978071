//! Placing an order: reserve stock, take payment, confirm; and undo all of it when it comes to nothing.
//!
//! ```text
//! RESERVING ─kept→ AUTHORISING ─kept→ CAPTURING ─taken→ COMMITTING ─sold→ SETTLED ─shipped→ (over)
//!   │ refused: cancelled, over  │         │                 │                │
//!   └─ too late, cancelled ─────┴─────────┴─────────────────┴────────────────┘
//!                                         ↓
//!                          UNDOING: void or refund, release ─both answered→ (over)
//! ```
//!
//! What costs nothing needs no payment: from RESERVING it goes on to COMMITTING.
//!
//! Up to the capture a silence is given up. From there on it isn't: the customer has paid, and both stock and payments answer in
//! the end, so that they are only asked again. Of one reservation, or one payment, commands are handled in the order in which
//! they were sent, so what undoes comes after what it undoes, also when the answer to that comes late.

use std::num::NonZeroU32;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use wire::command::Reply;
use wire::commands::payments::{AuthorisePayment, AuthorisePaymentRefusal, CapturePayment};
use wire::commands::stock::{CommitStock, ReserveStock};
use wire::events::orders::CancellationReason;
use wire::events::stock::StockLine;
use wire::money::Money;

use super::{Ask, Effect, Input, Step, ask_again_after, payment_id, reservation_id};
use crate::{OrderId, ProductId, UserId, VariantId};

/// How long stock may take to keep pieces. It only writes rows, so when it doesn't answer the message bus is away, or the workers are;
/// whoever has ordered meanwhile shall have bought when they are back, and may cancel until then. Ten minutes is what such an outage is
/// tested with; some more, since all that has waited goes through at once then.
pub const RESERVE_WITHIN: Duration = Duration::from_secs(15 * 60);
/// How long an authorisation may take: the same outages, and those of a provider, whom payments asks again and again.
pub const AUTHORISE_WITHIN: Duration = RESERVE_WITHIN;
/// The same for taking the money.
pub const CAPTURE_WITHIN: Duration = RESERVE_WITHIN;
/// How long pieces stay reserved when nobody says anything: longer than all of the above together, and than an outage of ours
/// that is noticed within the day.
pub const RESERVED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// What is to be bought, and how far that is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlaceOrder {
    /// Which order.
    pub order_id: OrderId,
    /// Whose.
    pub customer_id: UserId,
    /// What is sold as it is, and how many of it.
    pub lines: Vec<(ProductId, NonZeroU32)>,
    /// Which variants of what, and how many of them: apart, since sagas from before there were any are read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variant_lines: Vec<(ProductId, VariantId, NonZeroU32)>,
    /// For how much.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: wire::money::Currency,
    /// Paid by what; empty once nobody needs it any more.
    pub method_token: String,
    /// How far it is.
    pub progress: Progress,
    /// How often somebody who must answer was asked again.
    pub asked_again: u32,
    /// How often payments has refused to give the money back, or has given back a part of it.
    #[serde(default)]
    pub refund_attempt: u32,
}

/// How far placing an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Progress {
    /// Stock was asked to keep the pieces.
    Reserving,
    /// Payments was asked to have the amount kept.
    Authorising,
    /// Payments was asked to take it.
    Capturing,
    /// Stock was told that the pieces are sold.
    Committing,
    /// Paid and sold; until it is shipped it can be cancelled.
    Settled,
    /// It came to nothing.
    Undoing {
        /// What is being done about the money.
        payment: Payment,
        /// Whether the pieces are still to be let go of.
        is_releasing: bool,
    },
}

/// What is being done about an undone order's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Payment {
    /// Nothing of it is kept or taken.
    Free,
    /// Payments was asked to let go of it.
    Voiding,
    /// Payments was asked to give it back.
    Refunding,
}

pub(super) type Done = Step<PlaceOrder>;

impl PlaceOrder {
    /// Asks stock for the pieces.
    #[must_use]
    pub fn begin(self, now: DateTime<Utc>) -> Done {
        let reserve = ReserveStock {
            reservation_id: reservation_id(self.order_id),
            order_id: self.wire_order(),
            lines: self.stock_lines(),
            expires_at: now + RESERVED_FOR,
        };
        self.go(Progress::Reserving).ask(Ask::Reserve(reserve)).within(RESERVE_WITHIN)
    }

    /// What follows from what was learnt.
    #[must_use]
    pub fn on(self, input: Input) -> Done {
        match self.progress {
            Progress::Reserving => self.reserving(input),
            Progress::Authorising => self.authorising(input),
            Progress::Capturing => self.capturing(input),
            Progress::Committing => self.committing(input),
            Progress::Settled => self.settled(input),
            Progress::Undoing { payment, is_releasing } => self.undoing(payment, is_releasing, input),
        }
    }

    fn reserving(self, input: Input) -> Done {
        match input {
            // Providers take nothing from nobody.
            Input::Reserve(Reply::Done(_)) if self.is_free() => {
                let commit = self.commit();
                let step = self.go(Progress::Committing).effect(Effect::Reserved);
                step.ask(commit).within(ask_again_after(0))
            }
            Input::Reserve(Reply::Done(_)) => {
                let authorise = AuthorisePayment {
                    payment_id: payment_id(self.order_id),
                    order_id: self.wire_order(),
                    customer_id: self.wire_customer(),
                    amount: self.amount(),
                    method_token: self.method_token.clone(),
                };
                let step = self.go(Progress::Authorising).effect(Effect::Reserved);
                step.ask(Ask::Authorise(authorise)).within(AUTHORISE_WITHIN)
            }
            // Whatever the code, there are no pieces for this order, and none are kept.
            Input::Reserve(Reply::Refused { .. }) => self.give_up(CancellationReason::OutOfStock, Payment::Free, false),
            Input::Cancel(reason) => self.give_up(reason, Payment::Free, true),
            Input::Deadline => self.give_up(CancellationReason::TimedOut, Payment::Free, true),
            _ => self.keep_waiting(RESERVE_WITHIN),
        }
    }

    fn authorising(self, input: Input) -> Done {
        match input {
            Input::Authorise(Reply::Done(_)) => {
                let capture = CapturePayment { payment_id: payment_id(self.order_id), amount: self.amount() };
                self.go(Progress::Capturing).ask(Ask::Capture(capture)).within(CAPTURE_WITHIN)
            }
            Input::Authorise(Reply::Refused { code, .. }) => {
                let reason = match code {
                    AuthorisePaymentRefusal::InvalidAmount => CancellationReason::AmountNotTaken,
                    _ => CancellationReason::PaymentDeclined,
                };
                self.give_up(reason, Payment::Free, true)
            }
            Input::Cancel(reason) => self.give_up(reason, Payment::Voiding, true),
            Input::Deadline => self.give_up(CancellationReason::TimedOut, Payment::Voiding, true),
            _ => self.keep_waiting(AUTHORISE_WITHIN),
        }
    }

    fn capturing(self, input: Input) -> Done {
        match input {
            Input::Capture(Reply::Done(_)) => {
                let commit = self.commit();
                self.go(Progress::Committing).ask(commit).within(ask_again_after(0))
            }
            Input::Capture(Reply::Refused { .. }) => {
                self.give_up(CancellationReason::PaymentDeclined, Payment::Voiding, true)
            }
            // Should it be captured by then, voiding is refused, and it is refunded.
            Input::Cancel(reason) => self.give_up(reason, Payment::Voiding, true),
            Input::Deadline => self.give_up(CancellationReason::TimedOut, Payment::Voiding, true),
            _ => self.keep_waiting(CAPTURE_WITHIN),
        }
    }

    fn committing(mut self, input: Input) -> Done {
        match input {
            Input::Commit(Reply::Done(_)) => self.go(Progress::Settled).effect(Effect::Paid),
            // It took so long that the pieces were given to others.
            Input::Commit(Reply::Refused { .. }) => {
                let payment = self.taken();
                self.give_up(CancellationReason::OutOfStock, payment, false)
            }
            // Whether they are sold by now is what the answer to letting go of them says.
            Input::Cancel(reason) => {
                let payment = self.taken();
                self.give_up(reason, payment, true)
            }
            Input::Deadline => {
                self.asked_again = self.asked_again.saturating_add(1);
                let (commit, wait) = (self.commit(), ask_again_after(self.asked_again));
                Step::wait(self).ask(commit).within(wait)
            }
            _ => {
                let wait = ask_again_after(self.asked_again);
                self.keep_waiting(wait)
            }
        }
    }

    fn settled(self, input: Input) -> Done {
        match input {
            Input::OrderShipped => Step::wait(self).over(),
            Input::Cancel(reason) => {
                let payment = self.taken();
                self.give_up(reason, payment, false).effect(Effect::RestockDue)
            }
            _ => Step::wait(self),
        }
    }

    fn is_free(&self) -> bool {
        self.amount_minor == 0
    }

    /// What is to be done about its money once that is ours.
    fn taken(&self) -> Payment {
        if self.is_free() { Payment::Free } else { Payment::Refunding }
    }

    fn commit(&self) -> Ask {
        Ask::Commit(CommitStock { reservation_id: reservation_id(self.order_id), order_id: self.wire_order() })
    }

    fn go(mut self, progress: Progress) -> Done {
        self.progress = progress;
        self.asked_again = 0;
        if progress != Progress::Reserving {
            self.method_token = String::new();
        }
        Step::wait(self)
    }

    /// What was learnt changes nothing; what is waited for may take as long again, since only a stranger's message comes here.
    fn keep_waiting(self, wait: Duration) -> Done {
        Step::wait(self).within(wait)
    }

    pub(super) fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    pub(super) fn wire_order(&self) -> wire::id::OrderId {
        kit::GlobalId::uuid(&self.order_id).into()
    }

    fn wire_customer(&self) -> wire::id::UserId {
        kit::GlobalId::uuid(&self.customer_id).into()
    }

    fn stock_lines(&self) -> Vec<StockLine> {
        let line = |product: ProductId, variant: Option<VariantId>, quantity: NonZeroU32| StockLine {
            product_id: kit::GlobalId::uuid(&product).into(),
            variant_id: variant.map(|variant| kit::GlobalId::uuid(&variant).into()),
            quantity,
        };
        let lines = self.lines.iter().map(|&(product, quantity)| line(product, None, quantity));
        let variants = self.variant_lines.iter().map(|&(product, id, quantity)| line(product, Some(id), quantity));
        lines.chain(variants).collect()
    }
}
