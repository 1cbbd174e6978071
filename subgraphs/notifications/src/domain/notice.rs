//! From an event to what a user is told of it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::text::in_line;
use uuid::Uuid;
use wire::{
    event::{Dispatch as _, Envelope, ReadError},
    events::{
        orders::{OrderCancelled, OrderDelivered, OrderPlaced, OrderReturnRequested, OrderReturned, OrderShipped},
        payments::{
            PaymentCaptured, PaymentChargebackClosed, PaymentChargebackOpened, PaymentDeclined, PaymentRefundFailed,
            PaymentRefunded,
        },
        users::{ProfileField, UserBlocked, UserProfileChanged, UserUnblocked},
    },
    id::{OrderId, UserId},
};

use super::Kind;

/// Letters of a fact: texts of others, which must not make a mail of a megabyte.
const FACT_CHARS_MAX: usize = 200;
/// The namespace of notifications' ids. Must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x41c8_0e6b_2d97_4f3a_9b15_e07a_68d2_c94f);

/// What a text names, by name.
pub type Facts = BTreeMap<String, String>;

wire::dispatch! {
    /// The events that users are told of. There is one for each step that a customer waits for: an order that is paid, say, is told of
    /// as its payment.
    enum Heard {
        OrderPlaced(OrderPlaced),
        OrderShipped(OrderShipped),
        OrderDelivered(OrderDelivered),
        OrderCancelled(OrderCancelled),
        OrderReturnRequested(OrderReturnRequested),
        OrderReturned(OrderReturned),
        PaymentCaptured(PaymentCaptured),
        PaymentDeclined(PaymentDeclined),
        PaymentRefunded(PaymentRefunded),
        RefundFailed(PaymentRefundFailed),
        ChargebackOpened(PaymentChargebackOpened),
        ChargebackClosed(PaymentChargebackClosed),
        ProfileChanged(UserProfileChanged),
        UserBlocked(UserBlocked),
        UserUnblocked(UserUnblocked),
    }
}

/// What a user is told of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Of which event.
    pub event_id: Uuid,
    /// Who is told.
    pub user_id: Uuid,
    /// What.
    pub kind: Kind,
    /// The event's subject.
    pub about: String,
    /// The order that it is about, if it is about one.
    pub order_id: Option<Uuid>,
    /// What the text names.
    pub facts: Facts,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
}

impl Notice {
    /// Whether anything is told of events of a type, by its name.
    #[must_use]
    pub fn is_of(type_name: &str) -> bool {
        Heard::knows(type_name)
    }

    /// What is told of an event; `None` for those that nobody is told of. `now` stands in for an event's own time, if it has none.
    ///
    /// # Errors
    /// [`ReadError`] for an event that users would be told of and that can't be read.
    pub fn of(envelope: &Envelope, event_id: Uuid, now: DateTime<Utc>) -> Result<Option<Self>, ReadError> {
        let Some(heard) = Heard::read(envelope)? else { return Ok(None) };
        let Some(told) = tell(heard) else { return Ok(None) };
        // In one line: what stands in a mail's subject must not begin a header of its own.
        let facts =
            told.facts.into_iter().map(|(name, fact)| (name.to_owned(), in_line(&fact, FACT_CHARS_MAX))).collect();
        Ok(Some(Self {
            event_id,
            user_id: told.user_id.uuid(),
            kind: told.kind,
            about: envelope.subject.clone().unwrap_or_else(|| told.user_id.to_string()),
            order_id: told.order_id.map(OrderId::uuid),
            facts,
            occurred_at: envelope.time.unwrap_or(now),
        }))
    }

    /// The notification's id: the same for the same event and user, so that it can't be made twice.
    #[must_use]
    pub fn id(&self) -> Uuid {
        derived_id(self.event_id, &self.user_id.to_string())
    }
}

/// An id that follows from another one: always the same.
#[must_use]
pub fn derived_id(from: Uuid, what: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{from} {what}").as_bytes())
}

/// What is known of an event once its type is.
struct Told {
    kind: Kind,
    user_id: UserId,
    order_id: Option<OrderId>,
    facts: Vec<(&'static str, String)>,
}

fn tell(heard: Heard) -> Option<Told> {
    let order = |kind, user_id, order_id, facts| Some(Told { kind, user_id, order_id: Some(order_id), facts });
    let account = |kind, user_id| Some(Told { kind, user_id, order_id: None, facts: Vec::new() });
    match heard {
        Heard::OrderPlaced(OrderPlaced { order_id, number, customer_id, total, .. }) => {
            order(Kind::OrderPlaced, customer_id, order_id, vec![("number", number), ("amount", total.to_string())])
        }
        Heard::OrderShipped(OrderShipped { order_id, customer_id, carrier, tracking_number }) => {
            let facts = [("carrier", carrier), ("tracking_number", tracking_number)];
            let facts = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect();
            order(Kind::OrderShipped, customer_id, order_id, facts)
        }
        Heard::OrderDelivered(OrderDelivered { order_id, customer_id }) => {
            order(Kind::OrderDelivered, customer_id, order_id, Vec::new())
        }
        Heard::OrderCancelled(OrderCancelled { order_id, customer_id, reason }) => {
            order(Kind::OrderCancelled, customer_id, order_id, vec![("reason", reason.to_string())])
        }
        Heard::OrderReturnRequested(OrderReturnRequested { order_id, customer_id, .. }) => {
            order(Kind::ReturnRequested, customer_id, order_id, Vec::new())
        }
        Heard::OrderReturned(OrderReturned { order_id, customer_id, .. }) => {
            order(Kind::ReturnReceived, customer_id, order_id, Vec::new())
        }
        Heard::PaymentCaptured(PaymentCaptured { order_id, customer_id, amount, .. }) => {
            order(Kind::PaymentReceived, customer_id, order_id, vec![("amount", amount.to_string())])
        }
        Heard::PaymentDeclined(PaymentDeclined { order_id, customer_id, amount, reason, .. }) => {
            let facts = vec![("amount", amount.to_string()), ("reason", reason.to_string())];
            order(Kind::PaymentDeclined, customer_id, order_id, facts)
        }
        Heard::PaymentRefunded(PaymentRefunded { order_id, customer_id, amount, .. }) => {
            order(Kind::PaymentRefunded, customer_id, order_id, vec![("amount", amount.to_string())])
        }
        Heard::RefundFailed(PaymentRefundFailed { order_id, customer_id, amount, .. }) => {
            order(Kind::PaymentRefundFailed, customer_id, order_id, vec![("amount", amount.to_string())])
        }
        Heard::ChargebackOpened(PaymentChargebackOpened { order_id, customer_id, amount, .. }) => {
            order(Kind::PaymentDisputed, customer_id, order_id, vec![("amount", amount.to_string())])
        }
        Heard::ChargebackClosed(PaymentChargebackClosed { order_id, customer_id, outcome, .. }) => {
            order(Kind::DisputeClosed, customer_id, order_id, vec![("outcome", outcome.to_string())])
        }
        Heard::ProfileChanged(UserProfileChanged { user_id, fields }) => {
            fields.contains(&ProfileField::Email).then_some(())?;
            account(Kind::EmailChanged, user_id)
        }
        Heard::UserBlocked(UserBlocked { user_id, .. }) => account(Kind::AccountBlocked, user_id),
        Heard::UserUnblocked(UserUnblocked { user_id }) => account(Kind::AccountUnblocked, user_id),
    }
}

#[cfg(test)]
mod tests {
    use wire::event::Stamp;

    use super::*;

    fn heard<E: wire::event::Event>(event: &E) -> Option<Notice> {
        let stamp = Stamp { id: Uuid::from_u128(1), time: DateTime::UNIX_EPOCH };
        let envelope = Envelope::event(event, stamp).unwrap();
        Notice::of(&envelope, stamp.id, Utc::now()).unwrap()
    }

    #[test]
    fn an_event_makes_the_same_notification_each_time() {
        let (order_id, customer_id) = (OrderId::from(Uuid::from_u128(7)), UserId::from(Uuid::from_u128(8)));
        let shipped = OrderShipped {
            order_id,
            customer_id,
            carrier: Some("A\r\nBcc: b@example.org\u{2028}".to_owned()),
            tracking_number: Some("9".repeat(1_000)),
        };
        let notice = heard(&shipped).unwrap();
        assert_eq!(notice, heard(&shipped).unwrap());
        assert_eq!(notice.id(), heard(&shipped).unwrap().id());
        assert_eq!((notice.kind, notice.user_id), (Kind::OrderShipped, customer_id.uuid()));
        assert_eq!((notice.about.as_str(), notice.order_id), (order_id.to_string().as_str(), Some(order_id.uuid())));
        assert_eq!(notice.facts["carrier"], "ABcc: b@example.org");
        assert_eq!(notice.facts["tracking_number"].len(), FACT_CHARS_MAX);
    }

    /// Whoever was told that money comes must hear that it doesn't.
    #[test]
    fn a_refund_that_comes_again_is_told() {
        let amount = |amount_minor| wire::money::Money::new(amount_minor, wire::money::Currency::EUR);
        let order_id = OrderId::from(Uuid::from_u128(7));
        let failed = PaymentRefundFailed {
            payment_id: Uuid::from_u128(1).into(),
            order_id,
            customer_id: UserId::from(Uuid::from_u128(8)),
            refund_id: Uuid::from_u128(2).into(),
            amount: amount(1_999),
            amount_refunded: amount(0),
            ledger_transaction_id: Uuid::from_u128(3).into(),
        };
        let notice = heard(&failed).unwrap();
        assert_eq!((notice.kind, notice.order_id), (Kind::PaymentRefundFailed, Some(order_id.uuid())));
        assert_eq!(notice.facts["amount"], amount(1_999).to_string());
    }

    #[test]
    fn only_some_changes_of_a_profile_are_told() {
        let user_id = UserId::from(Uuid::from_u128(8));
        let changed = |field| heard(&UserProfileChanged { user_id, fields: vec![ProfileField::Name, field] });
        assert_eq!(changed(ProfileField::Locale), None);
        assert_eq!(changed(ProfileField::Email).unwrap().kind, Kind::EmailChanged);
    }
}
