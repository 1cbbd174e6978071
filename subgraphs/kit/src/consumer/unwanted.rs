//! What a group has no use for.

use wire::event::Envelope;

use super::Handler;
use crate::envelope::Head;

/// Whether a message is an envelope of a type that the handler doesn't want. What is no envelope is for the handler to refuse, whatever it
/// says of its type.
pub(super) fn is_unwanted(handler: &dyn Handler, text: &str, head: Option<&Head>) -> bool {
    let type_name = head.and_then(|head| head.type_name.as_deref());
    type_name.is_some_and(|type_name| !handler.wants(type_name)) && Envelope::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use diesel_async::AsyncPgConnection;
    use futures::future::BoxFuture;
    use serde_json::{Value, json};
    use uuid::Uuid;
    use wire::bus::Delivery;

    use super::{super::HandlerError, *};

    struct Placed;

    impl Handler for Placed {
        fn wants(&self, type_name: &str) -> bool {
            type_name == "supergraph.orders.placed.v1"
        }

        fn handle<'a>(
            &'a self,
            _: &'a mut AsyncPgConnection,
            _: &'a Delivery,
        ) -> BoxFuture<'a, Result<(), HandlerError>> {
            Box::pin(async { Ok(()) })
        }
    }

    fn is_passed_over(envelope: &Value) -> bool {
        let text = envelope.to_string();
        is_unwanted(&Placed, &text, Head::read(&text).as_ref())
    }

    #[test]
    fn its_type_tells() {
        let envelope =
            |type_name: &str| json!({ "specversion": "1.0", "id": Uuid::now_v7(), "source": "/a", "type": type_name });
        assert!(is_passed_over(&envelope("supergraph.orders.paid.v1")));
        assert!(is_passed_over(&envelope("com.example.someevent")));
        assert!(!is_passed_over(&envelope("supergraph.orders.placed.v1")));
    }

    #[test]
    fn what_is_no_envelope_is_refused_by_who_handles_it() {
        let id = Uuid::now_v7();
        let paid = "supergraph.orders.paid.v1";
        for text in [
            json!("text"),
            json!({ "specversion": "1.0", "id": id, "source": "/a" }),
            json!({ "specversion": "1.0", "id": id, "source": "/a", "type": 7 }),
            json!({ "specversion": "1.0", "id": "none of ours", "source": "/a", "type": paid }),
            json!({ "specversion": "0.3", "id": id, "source": "/a", "type": paid }),
            json!({ "specversion": "1.0", "id": id, "type": paid }),
            json!({ "specversion": "1.0", "id": id, "source": "/a", "type": paid, "Name": "none" }),
        ] {
            assert!(!is_passed_over(&text), "{text}");
        }
    }
}
