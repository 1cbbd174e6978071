//! What this domain does in the background.

use std::sync::Arc;

use kit::{CommandConsumer, Database, Workers, saga::Runner};
use wire::{Domain, bus::Bus};

use crate::{commands::UserCommands, erasing::ErasureSaga};

/// The relay of its events, the handling of its commands, and the deletions under way.
#[must_use]
pub fn workers(database: &Database, bus: &Arc<dyn Bus>) -> Workers {
    let commands = CommandConsumer::new(database.clone(), Arc::clone(bus), Domain::Users, UserCommands);
    let deletions = Runner::<ErasureSaga>::new(database.clone(), Arc::clone(bus));
    Workers::of(Domain::Users, database, bus).with(commands).with(deletions)
}
