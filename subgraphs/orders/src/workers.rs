//! What orders do in the background.

use std::sync::Arc;

use kit::job::JobConfig;
use kit::objects::ObjectStorage;
use kit::projection::{ProjectionError, Projector};
use kit::saga::Runner;
use kit::{CommandConsumer, Consumer, Database, Group, JobRunner, Workers};
use thiserror::Error;
use wire::Domain;
use wire::bus::Bus;
use wire::topic::{Purpose, Topic};

use crate::blocked_users::BlockedUsers;
use crate::commands::OrderCommands;
use crate::exporting::{self, ExportOrders, ForgetExports};
use crate::given_back::GivenBack;
use crate::invoicing::{self, ForgetInvoices, MakeInvoice, RemoveObject, SweepInvoices};
use crate::projection::OrderList;
use crate::sagas::{Placing, Refunding};
use crate::store::OrderStore;

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

/// What makes documents in the background and takes them away, kept in `storage`: invoices, exports. Any number of them may run for one
/// database; while none does, what is wanted waits.
#[must_use]
pub fn jobs(database: &Database, storage: &Arc<dyn ObjectStorage>) -> JobRunner {
    let store = OrderStore::new(database.clone());
    JobRunner::new(database.clone(), JobConfig::default())
        .handler(MakeInvoice::new(store.clone(), Arc::clone(storage)))
        .handler(RemoveObject(Arc::clone(storage)))
        .handler(ForgetInvoices(store.clone()))
        .handler(SweepInvoices::new(store.clone(), Arc::clone(storage)))
        .handler(ExportOrders::new(store, Arc::clone(storage)))
        .handler(ForgetExports(Arc::clone(storage)))
        .schedule(exporting::forgetting())
        .schedule(invoicing::sweeping())
}

/// The relay, the consumers of commands and of what is told of users and payments, the runners of both sagas and the projector of the
/// read model. Any number of them may run for one database.
///
/// # Errors
/// [`WorkersError`], which says that this program is wrong.
pub fn workers(database: &Database, bus: &Arc<dyn Bus>) -> Result<Workers, WorkersError> {
    let commands = CommandConsumer::new(database.clone(), Arc::clone(bus), Domain::Orders, OrderCommands);
    let group = |told| Group::new(crate::NAME, told).ok_or(WorkersError::Group);
    let events = |domain| Topic::of(domain, Purpose::Events);
    let (users, payments) = (events(Domain::Users), events(Domain::Payments));
    let blocking = Consumer::new(database.clone(), Arc::clone(bus), users, group("users")?, BlockedUsers);
    let refunds = Consumer::new(database.clone(), Arc::clone(bus), payments, group("payments")?, GivenBack);
    Ok(Workers::of(Domain::Orders, database, bus)
        .with(commands)
        .with(blocking)
        .with(refunds)
        .with(Runner::<Placing>::new(database.clone(), Arc::clone(bus)))
        .with(Runner::<Refunding>::new(database.clone(), Arc::clone(bus)))
        .with(Projector::new(database.clone(), Arc::new(OrderList))?))
}
