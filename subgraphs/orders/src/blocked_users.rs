//! What is told of users that concerns orders: one is blocked, or isn't any more.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::consumer::Handler;
use kit::{GlobalId as _, HandlerError};
use wire::bus::Delivery;
use wire::event::{Dispatch as _, Envelope, ReadError};
use wire::events::users::{UserBlocked, UserUnblocked};

use crate::UserId;
use crate::store::{Actor, customer_block, customer_unblock};

wire::dispatch! {
    /// What is acted upon.
    enum Heard {
        Blocked(UserBlocked),
        Unblocked(UserUnblocked),
    }
}

/// Acts upon it; everything else about users is passed over.
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockedUsers;

impl Handler for BlockedUsers {
    fn wants(&self, type_name: &str) -> bool {
        Heard::knows(type_name)
    }

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            match Heard::read(&envelope).map_err(|error: ReadError| HandlerError::poison(error))? {
                Some(Heard::Blocked(UserBlocked { user_id, .. })) => {
                    let actor = Actor::told(&envelope);
                    customer_block(connection, UserId::from_uuid(user_id.uuid()), &actor).await?;
                }
                Some(Heard::Unblocked(UserUnblocked { user_id })) => {
                    customer_unblock(connection, UserId::from_uuid(user_id.uuid())).await?;
                }
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
        let wanted = ["supergraph.users.blocked.v1", "supergraph.users.unblocked.v1"];
        assert_eq!(kit::testing::wanted(&BlockedUsers), wanted);
    }
}
