//! Which entries an event makes. Debits are positive, credits negative.

use uuid::Uuid;
use wire::events::payments::ChargebackOutcome;
use wire::money::{Currency, Money};

use crate::domain::{PaymentEvent, event};

/// Where money is, or where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// What customers owe, from the sale until the provider has taken it.
    CustomerReceivable,
    /// What the provider holds for us.
    ProviderClearing,
    /// What banks have taken back and nobody has decided about.
    DisputedFunds,
    /// What was sold.
    MerchantRevenue,
    /// What was given back of it.
    Refunds,
    /// What the provider keeps.
    ProviderFees,
    /// What banks have taken back for good.
    DisputeLosses,
}

impl Account {
    /// Its name in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CustomerReceivable => "customer_receivable",
            Self::ProviderClearing => "provider_clearing",
            Self::DisputedFunds => "disputed_funds",
            Self::MerchantRevenue => "merchant_revenue",
            Self::Refunds => "refunds",
            Self::ProviderFees => "provider_fees",
            Self::DisputeLosses => "dispute_losses",
        }
    }
}

/// What kind of event is booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Money was taken.
    Captured,
    /// Money was given back.
    Refunded,
    /// It came again.
    RefundFailed,
    /// A bank took money back.
    DisputeOpened,
    /// It gave it to us again.
    DisputeWon,
    /// It keeps it.
    DisputeLost,
}

impl Kind {
    /// Its name in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Captured => "captured",
            Self::Refunded => "refunded",
            Self::RefundFailed => "refund-failed",
            Self::DisputeOpened => "dispute-opened",
            Self::DisputeWon => "dispute-won",
            Self::DisputeLost => "dispute-lost",
        }
    }
}

/// One entry, in the booking's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub account: Account,
    /// How much: a debit if positive, a credit if negative. Never zero.
    pub amount_minor: i64,
}

/// What is booked at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// The ledger transaction's id, which the event names.
    pub id: Uuid,
    /// What for.
    pub kind: Kind,
    /// In which currency.
    pub currency: Currency,
    /// Two or more, which sum to zero.
    pub entries: Vec<Entry>,
}

impl Booking {
    /// What an event is booked as; `None` for one that moves no money.
    #[must_use]
    pub fn of(event: &PaymentEvent) -> Option<Self> {
        match event {
            PaymentEvent::Captured(captured) => Some(Self::captured(captured)),
            PaymentEvent::Refunded(refunded) => Some(Self::refunded(refunded)),
            PaymentEvent::RefundFailed(failed) => Some(Self::refund_failed(failed)),
            PaymentEvent::DisputeOpened(opened) => Some(Self::dispute_opened(opened)),
            PaymentEvent::DisputeClosed(closed) => Some(Self::dispute_closed(closed)),
            _ => None,
        }
    }

    /// The sale, and its settlement by the provider less what that keeps.
    fn captured(event::Captured { amount, fee, ledger_transaction_id }: &event::Captured) -> Self {
        let (amount_minor, fee) = (amount.amount_minor, minor(*fee));
        let entries = [
            (Account::CustomerReceivable, amount_minor),
            (Account::MerchantRevenue, amount_minor.saturating_neg()),
            (Account::ProviderClearing, amount_minor.saturating_sub(fee)),
            (Account::ProviderFees, fee),
            (Account::CustomerReceivable, amount_minor.saturating_neg()),
        ];
        Self::new(*ledger_transaction_id, Kind::Captured, *amount, &entries)
    }

    fn refunded(event::Refunded { amount, ledger_transaction_id, .. }: &event::Refunded) -> Self {
        let amount_minor = amount.amount_minor;
        let entries = [(Account::Refunds, amount_minor), (Account::ProviderClearing, amount_minor.saturating_neg())];
        Self::new(*ledger_transaction_id, Kind::Refunded, *amount, &entries)
    }

    fn refund_failed(event::RefundFailed { amount, ledger_transaction_id, .. }: &event::RefundFailed) -> Self {
        let amount_minor = amount.amount_minor;
        let entries = [(Account::ProviderClearing, amount_minor), (Account::Refunds, amount_minor.saturating_neg())];
        Self::new(*ledger_transaction_id, Kind::RefundFailed, *amount, &entries)
    }

    fn dispute_opened(opened: &event::DisputeOpened) -> Self {
        let (amount_minor, fee) = (opened.amount.amount_minor, minor(opened.fee));
        let entries = [
            (Account::DisputedFunds, amount_minor),
            (Account::ProviderFees, fee),
            (Account::ProviderClearing, amount_minor.saturating_add(fee).saturating_neg()),
        ];
        Self::new(opened.ledger_transaction_id, Kind::DisputeOpened, opened.amount, &entries)
    }

    fn dispute_closed(closed: &event::DisputeClosed) -> Self {
        let amount_minor = closed.amount.amount_minor;
        let (kind, gets) = match closed.outcome {
            ChargebackOutcome::Won => (Kind::DisputeWon, Account::ProviderClearing),
            _ => (Kind::DisputeLost, Account::DisputeLosses),
        };
        let entries = [(gets, amount_minor), (Account::DisputedFunds, amount_minor.saturating_neg())];
        Self::new(closed.ledger_transaction_id, kind, closed.amount, &entries)
    }

    fn new(id: Uuid, kind: Kind, amount: Money, entries: &[(Account, i64)]) -> Self {
        let entries = entries.iter().filter(|(_, amount_minor)| *amount_minor != 0);
        let entries = entries.map(|&(account, amount_minor)| Entry { account, amount_minor }).collect();
        Self { id, kind, currency: amount.currency, entries }
    }
}

fn minor(fee: Option<Money>) -> i64 {
    fee.map_or(0, |fee| fee.amount_minor)
}
