//! What becomes of what payments ask of others: to block who took money back for good. Nothing here depends on the answer, but
//! somebody should know when nobody is blocked.

use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{Consumer, Database, Group, Handler, HandlerError};
use wire::Domain;
use wire::bus::{Bus, Delivery};
use wire::command::Reply;
use wire::commands::users::BlockUser;
use wire::event::{Envelope, Payload as _};
use wire::topic::{Purpose, Topic};

/// Consumes `payments/replies`; `None` if a group couldn't be called so.
pub(crate) fn replies(database: Database, bus: Arc<dyn Bus>) -> Option<Consumer> {
    let topic = Topic::of(Domain::Payments, Purpose::Replies);
    let group = Group::new(Domain::Payments.as_str(), "replies")?;
    Some(Consumer::new(database, bus, topic, group, Replies))
}

struct Replies;

impl Handler for Replies {
    fn wants(&self, type_name: &str) -> bool {
        Reply::<BlockUser>::is_named(type_name)
    }

    fn handle<'a>(
        &'a self,
        _connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            let command = envelope.causation_id.as_deref().unwrap_or_default();
            match envelope.read::<Reply<BlockUser>>().map_err(HandlerError::poison)? {
                Some(Reply::Refused { code, text }) => {
                    tracing::warn!(command, %code, text, "who took money back is not blocked");
                }
                Some(Reply::Done(_)) => tracing::info!(command, "who took money back is blocked"),
                None => {}
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_it_acts_upon_is_wanted_and_nothing_else() {
        let wanted = ["supergraph.users.block-user-reply.v1"];
        assert_eq!(kit::testing::wanted(&Replies), wanted);
    }
}
