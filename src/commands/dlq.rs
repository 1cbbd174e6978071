//! `supergraph dlq`: messages that a consumer gave up, and what is done about them. Each action is safe beside running workers.

use std::time::Duration;

use clap::{ArgGroup, Subcommand};
use kit::dead_letter::{self, DeadLetter, Listed, ReplayError};
use uuid::Uuid;

use super::service_databases::{ServiceDatabase, ServiceDatabases};
use crate::console;
use crate::failure::{Failure, chain};

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
        /// All that were given up longer ago
        #[arg(long, value_name = "DAYS")]
        older_than_days: Option<u32>,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
}

/// Does what was asked for, and prints what became of it.
pub async fn run(action: Action) -> Result<(), Failure> {
    let text = match action {
        Action::Status(databases) => databases.with(status).await,
        Action::List { consumer, after, replayed, databases } => {
            let listed = Listed { consumer, after, replayed };
            databases.with(async |databases| list(databases, &listed).await).await
        }
        Action::Show { id, databases } => databases.with(async |databases| show(databases, id).await).await,
        Action::Replay { id, consumer, databases } => {
            let which = Which::of(id, consumer)?;
            databases.with(async |databases| replay(databases, which).await).await
        }
        Action::Purge { id, older_than_days, databases } => {
            let age = older_than_days.map(|days| Duration::from_secs(u64::from(days) * 24 * 60 * 60));
            let which = Which::of(id, age)?;
            databases.with(async |databases| purge(databases, which).await).await
        }
    }?;
    console::print(&text)
}

async fn status(databases: Vec<ServiceDatabase>) -> Result<String, Failure> {
    let mut text = format!("{:<14} {:>10}\n", "service", "waiting");
    for of in databases {
        let mut connection = of.connection().await?;
        let waiting = dead_letter::count(&mut connection).await.map_err(|error| of.failed(&error))?;
        text += &format!("{:<14} {waiting:>10}\n", of.service.name());
    }
    Ok(text)
}

async fn list(databases: Vec<ServiceDatabase>, listed: &Listed) -> Result<String, Failure> {
    let mut text =
        format!("{:<14} {:<36} {:<20} {:<28} {:<20} reason\n", "service", "id", "given up", "consumer", "topic");
    for of in databases {
        let mut connection = of.connection().await?;
        for letter in dead_letter::list(&mut connection, listed).await.map_err(|error| of.failed(&error))? {
            let given_up = letter.given_up_at.format("%Y-%m-%dT%H:%M:%SZ");
            let DeadLetter { id, consumer, topic, reason, .. } = &letter;
            text += &format!("{:<14} {id} {given_up:<20} {consumer:<28} {topic:<20} {reason}\n", of.service.name());
        }
    }
    Ok(text)
}

async fn show(databases: Vec<ServiceDatabase>, id: Uuid) -> Result<String, Failure> {
    for of in databases {
        let mut connection = of.connection().await?;
        let Some((letter, message)) =
            dead_letter::show(&mut connection, id).await.map_err(|error| of.failed(&error))?
        else {
            continue;
        };
        let replayed = letter.replayed_at.map_or_else(|| "no".to_owned(), |at| at.to_rfc3339());
        return Ok(format!(
            "service   {}\nconsumer  {}\nevent     {}\ntopic     {}\npartition {}\nkey       {}\nattempts  {}\ngiven up  {}\nreplayed  {replayed}\nreason    {}\n\n{message}\n",
            of.service.name(),
            letter.consumer,
            letter.event_id,
            letter.topic,
            letter.place.partition,
            letter.key,
            letter.attempts,
            letter.given_up_at.to_rfc3339(),
            letter.reason,
        ));
    }
    Err(missing(id))
}

async fn replay(databases: Vec<ServiceDatabase>, which: Which<String>) -> Result<String, Failure> {
    let mut text = String::new();
    for of in databases {
        match &which {
            Which::Letter(id) => match dead_letter::replay(&of.database, *id).await {
                Ok(()) => return Ok(format!("{}: {id} replayed\n", of.service.name())),
                Err(ReplayError::NotFound(_)) => {}
                Err(error @ ReplayError::Database(_)) => return Err(of.failed(&error)),
                Err(error) => return Err(Failure::Refused(chain(&error))),
            },
            Which::All(consumer) => {
                let replayed = dead_letter::replay_group(&of.database, consumer).await;
                let replayed = replayed.map_err(|error| of.failed(&error))?;
                text += &format!("{}: {replayed} replayed\n", of.service.name());
            }
        }
    }
    which.outcome(text)
}

async fn purge(databases: Vec<ServiceDatabase>, which: Which<Duration>) -> Result<String, Failure> {
    let mut text = String::new();
    for of in databases {
        match &which {
            Which::Letter(id) => {
                if dead_letter::purge(&of.database, *id).await.map_err(|error| of.failed(&error))? {
                    return Ok(format!("{}: {id} purged\n", of.service.name()));
                }
            }
            Which::All(age) => {
                let purged = dead_letter::purge_older(&of.database, *age).await.map_err(|error| of.failed(&error))?;
                text += &format!("{}: {purged} purged\n", of.service.name());
            }
        }
    }
    which.outcome(text)
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

    /// What is told when all services were gone through.
    fn outcome(&self, text: String) -> Result<String, Failure> {
        match self {
            Self::Letter(id) => Err(missing(*id)),
            Self::All(_) => Ok(text),
        }
    }
}

fn missing(id: Uuid) -> Failure {
    Failure::Refused(format!("there is no dead letter {id}; `supergraph dlq list` shows those there are"))
}
