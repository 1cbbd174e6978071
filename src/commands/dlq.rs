//! `supergraph dlq`: messages that a consumer gave up, and what is done about them. Each action is safe beside running workers.

use std::time::Duration;

use clap::{ArgGroup, Subcommand};
use kit::dead_letter::{self, DeadLetter, Listed, ReplayError};
use uuid::Uuid;

use super::service_databases::ServiceDatabases;
use crate::console;
use crate::failure::{Failure, chain};

/// A century: the database's own time doesn't go back as far as the largest number of days.
const DAYS_MAX: i64 = 36_500;

/// What `supergraph dlq` can be asked for.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// How many letters wait
    Status(ServiceDatabases),
    /// The letters, oldest first, a hundred of each service
    List {
        /// Those that this consumer gave up
        #[arg(long, value_name = "NAME")]
        consumer: Option<String>,
        /// Those after this one
        #[arg(long, value_name = "ID")]
        after: Option<Uuid>,
        /// Those that were replayed as well
        #[arg(long)]
        replayed: bool,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// One letter with its message
    Show {
        /// Which
        id: Uuid,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// Publish messages again, for the consumer that gave them up
    #[command(group = ArgGroup::new("which").required(true).args(["id", "consumer"]))]
    Replay {
        /// One letter
        id: Option<Uuid>,
        /// All that this consumer gave up
        #[arg(long, value_name = "NAME")]
        consumer: Option<String>,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// Throw letters away
    #[command(group = ArgGroup::new("which").required(true).args(["id", "older_than_days"]))]
    Purge {
        /// One letter
        id: Option<Uuid>,
        /// All that were given up longer ago: 0 to 36500 days
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(..=DAYS_MAX))]
        older_than_days: Option<u32>,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
}

/// Does what was asked for, and prints what became of it.
pub async fn run(action: Action) -> Result<(), Failure> {
    let text = match action {
        Action::Status(databases) => status(databases).await,
        Action::List { consumer, after, replayed, databases } => {
            list(databases, &Listed { consumer, after, replayed }).await
        }
        Action::Show { id, databases } => show(databases, id).await,
        Action::Replay { id, consumer, databases } => match Which::of(id, consumer)? {
            Which::Letter(id) => replay(databases, id).await,
            Which::All(consumer) => replay_group(databases, &consumer).await,
        },
        Action::Purge { id, older_than_days, databases } => match Which::of(id, older_than_days)? {
            Which::Letter(id) => purge(databases, id).await,
            Which::All(days) => purge_older(databases, Duration::from_secs(u64::from(days) * 24 * 60 * 60)).await,
        },
    }?;
    console::print(&text)
}

async fn status(databases: ServiceDatabases) -> Result<String, Failure> {
    let head = format!("{:<14} {:>10}\n", "service", "waiting");
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let waiting = dead_letter::count(&mut connection).await.map_err(|error| of.failed(&error))?;
        Ok(format!("{:<14} {waiting:>10}\n", of.service.name()))
    });
    rows.await
}

async fn list(databases: ServiceDatabases, listed: &Listed) -> Result<String, Failure> {
    let head = format!("{:<14} {:<36} {:<20} {:<28} {:<20} reason\n", "service", "id", "given up", "consumer", "topic");
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let mut rows = String::new();
        for letter in dead_letter::list(&mut connection, listed).await.map_err(|error| of.failed(&error))? {
            let given_up = letter.given_up_at.format("%Y-%m-%dT%H:%M:%SZ");
            let DeadLetter { id, consumer, topic, reason, .. } = &letter;
            rows += &format!("{:<14} {id} {given_up:<20} {consumer:<28} {topic:<20} {reason}\n", of.service.name());
        }
        Ok(rows)
    });
    rows.await
}

async fn show(databases: ServiceDatabases, id: Uuid) -> Result<String, Failure> {
    let found = databases.first(async |of| {
        let mut connection = of.connection().await?;
        let found = dead_letter::show(&mut connection, id).await.map_err(|error| of.failed(&error))?;
        Ok(found.map(|(letter, message)| shown(of.service.name(), &letter, &message)))
    });
    found.await?.ok_or_else(|| missing(id))
}

fn shown(service: &str, letter: &DeadLetter, message: &str) -> String {
    let replayed = letter.replayed_at.map_or_else(|| "no".to_owned(), |at| at.to_rfc3339());
    format!(
        "service   {service}\nconsumer  {}\nevent     {}\ntopic     {}\npartition {}\nkey       {}\nattempts  {}\ngiven up  {}\nreplayed  {replayed}\nreason    {}\n\n{message}\n",
        letter.consumer,
        letter.event_id,
        letter.topic,
        letter.place.partition,
        letter.key,
        letter.attempts,
        letter.given_up_at.to_rfc3339(),
        letter.reason,
    )
}

async fn replay(databases: ServiceDatabases, id: Uuid) -> Result<String, Failure> {
    let told = databases.first(async |of| match dead_letter::replay(&of.database, id).await {
        Ok(()) => Ok(Some(format!("{}: {id} replayed\n", of.service.name()))),
        Err(ReplayError::NotFound(_)) => Ok(None),
        Err(error @ ReplayError::Database(_)) => Err(of.failed(&error)),
        Err(error) => Err(Failure::Refused(chain(&error))),
    });
    told.await?.ok_or_else(|| missing(id))
}

async fn replay_group(databases: ServiceDatabases, consumer: &str) -> Result<String, Failure> {
    let told = databases.each(String::new(), async |of| {
        let replayed = dead_letter::replay_group(&of.database, consumer).await.map_err(|error| of.failed(&error))?;
        Ok(format!("{}: {replayed} replayed\n", of.service.name()))
    });
    told.await
}

async fn purge(databases: ServiceDatabases, id: Uuid) -> Result<String, Failure> {
    let told = databases.first(async |of| {
        let is_purged = dead_letter::purge(&of.database, id).await.map_err(|error| of.failed(&error))?;
        Ok(is_purged.then(|| format!("{}: {id} purged\n", of.service.name())))
    });
    told.await?.ok_or_else(|| missing(id))
}

async fn purge_older(databases: ServiceDatabases, age: Duration) -> Result<String, Failure> {
    let told = databases.each(String::new(), async |of| {
        let purged = dead_letter::purge_older(&of.database, age).await.map_err(|error| of.failed(&error))?;
        Ok(format!("{}: {purged} purged\n", of.service.name()))
    });
    told.await
}

/// Which letters.
enum Which<Many> {
    /// One, wherever it is.
    Letter(Uuid),
    /// All that this says, of each service.
    All(Many),
}

impl<Many> Which<Many> {
    /// What was given: the command's arguments want exactly one of both.
    fn of(id: Option<Uuid>, many: Option<Many>) -> Result<Self, Failure> {
        match (id, many) {
            (Some(id), None) => Ok(Self::Letter(id)),
            (None, Some(many)) => Ok(Self::All(many)),
            _ => Err(Failure::Refused("name one letter, or say which ones".to_owned())),
        }
    }
}

fn missing(id: Uuid) -> Failure {
    Failure::Refused(format!("there is no dead letter {id}; `supergraph dlq list` shows those there are"))
}
