//! What orders do in the background.

use std::sync::Arc;

use kit::projection::{ProjectionError, Projector};
use kit::saga::Runner;
use kit::{CommandConsumer, Consumer, Database, Group, Workers};
use thiserror::Error;
use wire::Domain;
use wire::bus::Bus;
use wire::topic::{Purpose, Topic};

use crate::blocked_users::BlockedUsers;
use crate::commands::OrderCommands;
use crate::projection::OrderList;
use crate::sagas::{Placing, Refunding};

/// Why there are no workers: a name that is none.
#[derive(Debug, Error)]
pub enum WorkersError {
    /// No projection can be called as ours is.
    #[error("the read model of orders")]
    Projection(#[from] ProjectionError),
    /// No group of consumers can be called as ours is.
    #[error("no group of consumers can be called so")]
    Group,
}

/// The relay, the consumers of commands and of what is told of users, the runners of both sagas and the projector of the read model. Any number of them may run for
/// one database.
///
/// # Errors
/// [`WorkersError`], which says that this program is wrong.
pub fn workers(database: &Database, bus: &Arc<dyn Bus>) -> Result<Workers, WorkersError> {
    let commands = CommandConsumer::new(database.clone(), Arc::clone(bus), Domain::Orders, OrderCommands);
    let group = Group::new(crate::NAME, "users").ok_or(WorkersError::Group)?;
    let users = Topic::of(Domain::Users, Purpose::Events);
    let blocking = Consumer::new(database.clone(), Arc::clone(bus), users, group, BlockedUsers);
    Ok(Workers::of(Domain::Orders, database, bus)
        .with(commands)
        .with(blocking)
        .with(Runner::<Placing>::new(database.clone(), Arc::clone(bus)))
        .with(Runner::<Refunding>::new(database.clone(), Arc::clone(bus)))
        .with(Projector::new(database.clone(), Arc::new(OrderList))?))
}
