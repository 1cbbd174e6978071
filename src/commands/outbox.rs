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
    let (databases, after) = match action {
        Action::Status(databases) => (databases, None),
        Action::List { after, databases } => (databases, Some(after)),
    };
    let text = databases
        .with(async |databases| {
            let mut text = match after {
                None => format!("{:<14} {:>10} {:>10}\n", "service", "waiting", "oldest"),
                Some(_) => {
                    format!(
                        "{:<14} {:>12} {:<22} {:<20} {:<52} bytes\n",
                        "service", "position", "topic", "since", "key"
                    )
                }
            };
            for of in databases {
                let mut connection = of.connection().await?;
                let name = of.service.name();
                let Some(after) = after else {
                    let status = outbox::status(&mut connection).await.map_err(|error| of.failed(&error))?;
                    text += &line(name, status);
                    let pending = of.catalogue().await?.pending().await.map_err(|error| of.failed(&error))?;
                    text += &pending.map_or_else(String::new, |pending| line("- in MongoDB", pending));
                    continue;
                };
                for row in outbox::list(&mut connection, after).await.map_err(|error| of.failed(&error))? {
                    let since = row.created_at.format("%Y-%m-%dT%H:%M:%SZ");
                    text += &format!(
                        "{name:<14} {:>12} {:<22} {since:<20} {:<52} {}\n",
                        row.position, row.topic, row.key, row.bytes
                    );
                }
            }
            Ok(text)
        })
        .await?;
    console::print(&text)
}

fn line(name: &str, status: Status) -> String {
    let oldest = status.oldest_age.map_or_else(|| "-".to_owned(), |age| format!("{:.1} s", age.as_secs_f64()));
    format!("{name:<14} {:>10} {oldest:>10}\n", status.waiting)
}
