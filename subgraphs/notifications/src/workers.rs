//! What notifications do in the background.

use std::sync::Arc;

use kit::{CommandConsumer, Consumer, Database, Group, Workers, job::JobConfig};
use wire::{
    Domain,
    bus::Bus,
    topic::{Purpose, Topic},
};

use crate::{
    delivery::{Ways, runner},
    erasure::Erasure,
    intake::Intake,
    store::keep_forgetting,
};

/// Of whose events users are told.
const HEARD: [Domain; 3] = [Domain::Orders, Domain::Payments, Domain::Users];

/// The relay of the outbox, the consumers of events and commands, the jobs, and the forgetting of what is old. Any number of these
/// may run, in any processes.
#[must_use]
pub fn workers(database: &Database, bus: &Arc<dyn Bus>, ways: Ways, jobs: JobConfig) -> Workers {
    let mut workers = Workers::of(Domain::Notifications, database, bus);
    for (domain, group) in HEARD.into_iter().zip(std::iter::repeat_with(intake_group)) {
        let Some(group) = group else { continue };
        let topic = Topic::of(domain, Purpose::Events);
        workers = workers.with(Consumer::new(database.clone(), Arc::clone(bus), topic, group, Intake));
    }
    let (runner, forgetting) = (runner(database.clone(), ways, jobs), database.clone());
    workers
        .with(CommandConsumer::new(database.clone(), Arc::clone(bus), Domain::Notifications, Erasure))
        .with(runner)
        .with_task("forgetting", move |stop| keep_forgetting(forgetting.clone(), stop))
}

/// The name must never change: to the bus and the inbox, another is somebody who has seen nothing yet.
fn intake_group() -> Option<Group> {
    Group::new(Domain::Notifications.as_str(), "intake")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_consumed_by_a_group() {
        assert_eq!(intake_group().unwrap().name(), "notifications.intake");
    }
}
