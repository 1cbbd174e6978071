//! `supergraph outbox`: what was decided and isn't published yet.

use clap::Subcommand;
use kit::outbox::{self, Status};

use super::service_databases::ServiceDatabases;
use crate::console;
use crate::failure::Failure;

/// What `supergraph outbox` can be asked for.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// How many messages wait, and since when
    Status(ServiceDatabases),
    /// The messages that wait, oldest first
    List {
        /// Those after this position
        #[arg(long, value_name = "POSITION", default_value_t = 0)]
        after: i64,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
}

/// Prints what was asked for.
pub async fn run(action: Action) -> Result<(), Failure> {
    let text = match action {
        Action::Status(databases) => status(databases).await,
        Action::List { after, databases } => list(databases, after).await,
    }?;
    console::print(&text)
}

async fn status(databases: ServiceDatabases) -> Result<String, Failure> {
    let head = format!("{:<14} {:>10} {:>10}\n", "service", "waiting", "oldest");
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let status = outbox::status(&mut connection).await.map_err(|error| of.failed(&error))?;
        let pending = of.catalogue().await?.pending().await.map_err(|error| of.failed(&error))?;
        let pending = pending.map_or_else(String::new, |pending| line("- in MongoDB", pending));
        Ok(line(of.service.name(), status) + &pending)
    });
    rows.await
}

async fn list(databases: ServiceDatabases, after: i64) -> Result<String, Failure> {
    let head = format!("{:<14} {:>12} {:<22} {:<20} {:<52} bytes\n", "service", "position", "topic", "since", "key");
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let mut rows = String::new();
        for row in outbox::list(&mut connection, after).await.map_err(|error| of.failed(&error))? {
            let since = row.created_at.format("%Y-%m-%dT%H:%M:%SZ");
            rows += &format!(
                "{:<14} {:>12} {:<22} {since:<20} {:<52} {}\n",
                of.service.name(),
                row.position,
                row.topic,
                row.key,
                row.bytes
            );
        }
        Ok(rows)
    });
    rows.await
}

fn line(name: &str, status: Status) -> String {
    let oldest = status.oldest_age.map_or_else(|| "-".to_owned(), |age| format!("{:.1} s", age.as_secs_f64()));
    format!("{name:<14} {:>10} {oldest:>10}\n", status.waiting)
}
