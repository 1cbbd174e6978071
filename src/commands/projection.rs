//! `supergraph projection`: how far read models are, and building one anew beside the live one.

use std::time::Duration;

use clap::Subcommand;
use kit::projection::{self, Generation, Rebuild, Status};

use super::service_databases::{ServiceDatabase, ServiceDatabases};
use crate::failure::Failure;
use crate::shop::Service;
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
        Action::Status(databases) => console::print(&status(databases).await?),
        Action::Rebuild { name, no_wait, databases } => rebuild(databases, &name, no_wait).await,
    }
}

async fn status(databases: ServiceDatabases) -> Result<String, Failure> {
    let head = format!(
        "{:<14} {:<24} {:<10} {:>7} {:>12} {:>12} {:>10} failure\n",
        "service", "projection", "generation", "version", "position", "behind", "events/s"
    );
    let rows = databases.each(head, async |of| {
        let mut rows = String::new();
        for status in statuses(of).await? {
            rows += &format!(
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
        Ok(rows)
    });
    rows.await
}

async fn statuses(of: &ServiceDatabase) -> Result<Vec<Status>, Failure> {
    let mut connection = of.connection().await?;
    projection::status(&mut connection).await.map_err(|error| of.failed(&error))
}

async fn rebuild(databases: ServiceDatabases, name: &str, no_wait: bool) -> Result<(), Failure> {
    let rebuilt = databases.first(async |of| {
        let mut projections = of.service.parts().projections().into_iter();
        let Some(projection) = projections.find(|one| one.definition().name == name) else { return Ok(None) };
        let outcome = projection::rebuild(&of.database, &*projection).await.map_err(|error| of.failed(&error))?;
        console::tell(match outcome {
            Rebuild::Begun => "begun",
            Rebuild::UnderWay => "under way already",
        });
        if !no_wait {
            wait(of, name).await?;
        }
        Ok(Some(()))
    });
    rebuilt.await?.ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Failure {
    let all = Service::all().flat_map(|service| service.parts().projections());
    let names: Vec<_> = all.map(|one| one.definition().name).collect();
    Failure::Refused(format!("there is no projection {name}; there are {}", names.join(", ")))
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
