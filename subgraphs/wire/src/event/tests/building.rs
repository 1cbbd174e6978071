use serde_json::{Value, json};
use uuid::Uuid;

use super::stamp;
use crate::bus::MESSAGE_BYTES_MAX;
use crate::command::{Command, Reply};
use crate::commands::users::{BlockUser, EraseUser, EraseUserDone, EraseUserRefusal, UserCommand};
use crate::domain::Domain;
use crate::event::{Attribute, Envelope, EnvelopeError, Event, ReadError};
use crate::events::orders::{CancellationReason, OrderCancelled, OrderEvent, OrderPlaced};
use crate::events::users::{ProfileField, UserProfileChanged};
use crate::id::{OrderId, UserId};

fn cancelled() -> OrderCancelled {
    OrderCancelled {
        order_id: OrderId::from(Uuid::from_u128(1)),
        customer_id: UserId::from(Uuid::from_u128(2)),
        reason: CancellationReason::OutOfStock,
    }
}

fn wanted_by(actor: &str, envelope: Envelope) -> Envelope {
    Envelope { actor: Some(actor.to_owned()), ..envelope }
}

#[test]
fn an_event_is_a_cloud_event() {
    let envelope = Envelope {
        actor: Some("service:orders".to_owned()),
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        ..Envelope::event(&cancelled(), stamp(7)).unwrap().with_sequence(3).with_correlation(Uuid::from_u128(8))
    };
    let message = envelope.to_message().unwrap();
    assert_eq!(*message.key, *cancelled().order_id.to_string());
    assert_eq!(OrderCancelled::topic().to_string(), "orders/events");
    let expected = json!({
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000007",
        "source": "/supergraph/orders",
        "type": "supergraph.orders.cancelled.v1",
        "subject": cancelled().order_id,
        "time": "2023-11-14T22:13:20.123456Z",
        "datacontenttype": "application/json",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "sequence": "00000000000000000003",
        "correlationid": "00000000-0000-0000-0000-000000000008",
        "actor": "service:orders",
        "data": { "order_id": cancelled().order_id, "customer_id": cancelled().customer_id, "reason": "OUT_OF_STOCK" },
    });
    assert_eq!(serde_json::from_str::<Value>(&message.text).unwrap(), expected);
    assert_eq!(Envelope::parse(&message.text).unwrap(), envelope);
}

#[test]
fn a_consumer_matches_on_what_it_is_told() {
    let envelope = Envelope::event(&cancelled(), stamp(7)).unwrap();
    assert_eq!(envelope.read::<OrderPlaced>().unwrap(), None);
    assert_eq!(OrderEvent::read(&envelope).unwrap(), Some(OrderEvent::Cancelled(cancelled())));
    let user_id = UserId::from(Uuid::from_u128(2));
    let changed = UserProfileChanged { user_id, fields: vec![ProfileField::Email] };
    assert_eq!(OrderEvent::read(&Envelope::event(&changed, stamp(8)).unwrap()).unwrap(), None);
    let unknown = Envelope { type_name: "supergraph.orders.weighed.v1".to_owned(), ..envelope.clone() };
    assert_eq!(OrderEvent::read(&unknown).unwrap(), None);
    for data_content_type in ["application/xml", "text/json"] {
        let envelope = Envelope { data_content_type: Some(data_content_type.to_owned()), ..envelope.clone() };
        assert!(matches!(OrderEvent::read(&envelope), Err(ReadError::NoData)));
    }
    let empty = Envelope { data: None, ..envelope };
    assert!(matches!(OrderEvent::read(&empty), Err(ReadError::NoData)));
}

#[test]
fn a_command_is_answered_where_it_came_from() {
    let (saga, user_id) = (Uuid::from_u128(9), UserId::from(Uuid::from_u128(2)));
    let topics: Vec<String> = EraseUser::topics().map(|topic| topic.to_string()).collect();
    assert_eq!(topics, ["users/commands", "orders/commands", "payments/commands", "notifications/commands"]);

    let sent = wanted_by("VXNlcjo3", Envelope::command(&EraseUser { user_id }, Domain::Users, saga, stamp(1)).unwrap());
    assert_eq!(*sent.to_message().unwrap().key, *user_id.to_string());
    let command = Envelope::parse(&sent.to_text().unwrap()).unwrap();
    assert_eq!(UserCommand::read(&command).unwrap(), Some(UserCommand::Erase(EraseUser { user_id })));
    assert_eq!(command.sender(), Some(Domain::Users));

    let refused: Reply<EraseUser> = Reply::Refused { code: EraseUserRefusal::OpenOrders, text: "order 7".to_owned() };
    for reply in [Reply::Done(EraseUserDone {}), refused] {
        let sent = Envelope::reply(&reply, &command, Domain::Orders, stamp(2)).unwrap();
        let received = Envelope::parse(&sent.to_text().unwrap()).unwrap();
        assert_eq!(received.type_name, "supergraph.users.erase-user-reply.v1");
        assert_eq!(received.sender(), Some(Domain::Orders));
        assert_eq!(received.correlation_id, Some(saga.to_string()));
        assert_eq!(received.causation_id, Some(command.id.clone()));
        assert_eq!(received.actor.as_deref(), Some("VXNlcjo3"));
        assert_eq!(*received.to_message().unwrap().key, *saga.to_string());
        assert_eq!(received.read::<Reply<EraseUser>>().unwrap(), Some(reply));
        assert_eq!(received.read::<Reply<BlockUser>>().unwrap(), None);
    }
}

#[test]
fn a_command_of_nobodys_matter_cannot_be_answered() {
    let user_id = UserId::from(Uuid::from_u128(2));
    let command = Envelope::command(&EraseUser { user_id }, Domain::Users, Uuid::from_u128(9), stamp(1)).unwrap();
    let command = Envelope { correlation_id: None, ..command };
    let reply: Reply<EraseUser> = Reply::Done(EraseUserDone {});
    let error = Envelope::reply(&reply, &command, Domain::Orders, stamp(2)).unwrap_err();
    assert!(matches!(error, EnvelopeError::Missing("correlationid")));
    for source in ["https://example.com", "/supergraph/", "/supergraph/elsewhere", "supergraph/users"] {
        assert_eq!(Envelope { source: source.to_owned(), ..command.clone() }.sender(), None, "{source}");
    }
}

#[test]
fn a_cause_is_followed_through() {
    let event = |number| Envelope::event(&cancelled(), stamp(number)).unwrap();
    let cause = wanted_by("a", event(1).with_correlation(Uuid::from_u128(9)));
    let effect = wanted_by("b", event(2)).caused_by(&cause);
    assert_eq!(effect.causation_id.as_deref(), Some("00000000-0000-0000-0000-000000000001"));
    assert_eq!(effect.correlation_id, cause.correlation_id);
    assert_eq!(effect.actor.as_deref(), Some("b"));
}

#[test]
fn nothing_is_written_that_nobody_reads() {
    let envelope = Envelope::event(&cancelled(), stamp(1)).unwrap();
    let extended = |name: &str, value: Attribute| {
        let mut envelope = envelope.clone();
        envelope.extensions.insert(name.to_owned(), value);
        envelope.to_text()
    };
    for name in ["id", "data", "data_base64", "Other", "", "other-name"] {
        assert!(matches!(extended(name, Attribute::Boolean(true)), Err(EnvelopeError::Name)), "{name}");
    }
    assert!(matches!(extended("other", Attribute::Text("\n".to_owned())), Err(EnvelopeError::Value(_))));
    let error = wanted_by("", envelope.clone()).to_text().unwrap_err();
    assert!(matches!(error, EnvelopeError::Value(name) if name == "actor"));
    assert!(matches!(
        Envelope { subject: None, ..envelope.clone() }.to_message(),
        Err(EnvelopeError::Missing("subject"))
    ));
    let fields = vec![ProfileField::Other("A".repeat(64)); MESSAGE_BYTES_MAX / 64];
    let long = UserProfileChanged { user_id: UserId::from(Uuid::from_u128(2)), fields };
    let error = Envelope::event(&long, stamp(1)).unwrap().to_text().unwrap_err();
    assert!(matches!(error, EnvelopeError::TooLong { .. }));
}
