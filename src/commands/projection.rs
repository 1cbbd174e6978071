//! `supergraph projection`: how far read models are, and building one anew beside the live one.

use std::time::Duration;

use clap::Subcommand;
use kit::projection::{self, Generation, Rebuild, Status};

use super::service_databases::{ServiceDatabase, ServiceDatabases};
use crate::failure::Failure;
use crate::shop::{Service, projections};
use crate::{console, progress};

/// How often the progress of a rebuild is looked at.
const LOOK_EACH: Duration = Duration::from_millis(250);

/// What `supergraph projection` can be asked for.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// How far each generation is
    Status(ServiceDatabases),
    /// Build one anew from its first event, beside the live one, which it then replaces. A running worker does it
    Rebuild {
        /// Which, as `status` names it
        name: String,
        /// Only begin it
        #[arg(long)]
        no_wait: bool,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
}

/// Does what was asked for, and prints what became of it.
pub async fn run(action: Action) -> Result<(), Failure> {
    match action {
        Action::Status(databases) => console::print(&databases.with(status).await?),
        Action::Rebuild { name, no_wait, databases } => {
            databases.with(async |databases| rebuild(databases, &name, no_wait).await).await
        }
    }
}

async fn status(databases: Vec<ServiceDatabase>) -> Result<String, Failure> {
    let mut text = format!(
        "{:<14} {:<24} {:<10} {:>7} {:>12} {:>12} {:>10} failure\n",
        "service", "projection", "generation", "version", "position", "behind", "events/s"
    );
    for of in databases {
        for status in statuses(&of).await? {
            text += &format!(
                "{:<14} {:<24} {:<10} {:>7} {:>12} {:>12} {:>10.0} {}\n",
                of.service.name(),
                status.name,
                status.generation.as_str(),
                status.version,
                status.position,
                status.behind(),
                status.events_per_second,
                status.failure.as_deref().unwrap_or("-"),
            );
        }
    }
    Ok(text)
}

async fn statuses(of: &ServiceDatabase) -> Result<Vec<Status>, Failure> {
    let mut connection = of.connection().await?;
    projection::status(&mut connection).await.map_err(|error| of.failed(&error))
}

async fn rebuild(databases: Vec<ServiceDatabase>, name: &str, no_wait: bool) -> Result<(), Failure> {
    for of in databases {
        let Some(projection) = projections::of(of.service).into_iter().find(|one| one.definition().name == name) else {
            continue;
        };
        let outcome = projection::rebuild(&of.database, &*projection).await.map_err(|error| of.failed(&error))?;
        console::tell(match outcome {
            Rebuild::Begun => "begun",
            Rebuild::UnderWay => "under way already",
        });
        return if no_wait { Ok(()) } else { wait(&of, name).await };
    }
    let names = Service::ALL.into_iter().flat_map(projections::of).map(|one| one.definition().name);
    let names: Vec<_> = names.collect();
    Err(Failure::Refused(format!("there is no projection {name}; there are {}", names.join(", "))))
}

/// Shows how far it is until it has replaced the live one.
async fn wait(of: &ServiceDatabase, name: &str) -> Result<(), Failure> {
    let bar = progress::bar(of.service.name(), 0);
    let mut told = None;
    loop {
        let statuses = statuses(of).await?;
        let of_it = |generation| statuses.iter().find(|one| one.name == name && one.generation == generation);
        let Some(next) = of_it(Generation::Next) else { break };
        if let Some(failure) = next.failure.as_ref().filter(|failure| told.as_ref() != Some(*failure)) {
            console::tell(&format!("stands still: {failure}"));
        }
        told.clone_from(&next.failure);
        bar.set_length(next.head);
        bar.set_position(next.position);
        tokio::time::sleep(LOOK_EACH).await;
    }
    bar.finish_and_clear();
    console::print(&format!("{name} is rebuilt\n"))
}
