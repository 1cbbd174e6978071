//! `supergraph saga`: matters that take several services, and what is done about stuck ones. Each action is safe beside running workers.

use clap::Subcommand;
use kit::saga::{self, Listed, Listing, Status};
use uuid::Uuid;

use super::service_databases::{ServiceDatabase, ServiceDatabases};
use crate::console;
use crate::failure::Failure;

/// What `supergraph saga` can be asked for.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// How many sagas of each kind haven't ended, and how they are doing
    Status(ServiceDatabases),
    /// The sagas, by kind and id, a hundred of each service
    List {
        /// Those of this kind
        #[arg(long, value_name = "NAME")]
        kind: Option<String>,
        /// Those that are doing so: active, stuck, retrying, ended
        #[arg(long, value_parser = status_named)]
        status: Option<Status>,
        /// Those after this one, as KIND/ID
        #[arg(long, value_name = "KIND/ID", value_parser = place)]
        after: Option<(String, Uuid)>,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// One saga with what it knows
    Show {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// Have a stuck saga hear again what was kept for it. A running worker does it
    Retry {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// Throw away the first of what was kept for a stuck saga: mostly what it is stuck with
    Skip {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
}

/// One saga.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Its kind, as `list` shows it
    kind: String,
    /// Its id
    id: Uuid,
}

/// Does what was asked for, and prints what became of it.
pub async fn run(action: Action) -> Result<(), Failure> {
    let text = match action {
        Action::Status(databases) => databases.with(status).await,
        Action::List { kind, status, after, databases } => {
            let listed = Listed { kind, status, after };
            databases.with(async |databases| list(databases, &listed).await).await
        }
        Action::Show { which, databases } => databases.with(async |databases| show(databases, &which).await).await,
        Action::Retry { which, databases } => databases.with(async |databases| retry(databases, &which).await).await,
        Action::Skip { which, databases } => databases.with(async |databases| skip(databases, &which).await).await,
    }?;
    console::print(&text)
}

async fn status(databases: Vec<ServiceDatabase>) -> Result<String, Failure> {
    let mut text = format!(
        "{:<14} {:<24} {:<10} {:>10} {:>10} {:<20}\n",
        "service", "kind", "status", "sagas", "overdue", "oldest"
    );
    for of in databases {
        let mut connection = of.connection().await?;
        for count in saga::status(&mut connection).await.map_err(|error| of.failed(&error))? {
            text += &format!(
                "{:<14} {:<24} {:<10} {:>10} {:>10} {:<20}\n",
                of.service.name(),
                count.kind,
                count.status.as_str(),
                count.sagas,
                count.overdue,
                count.oldest.format("%Y-%m-%dT%H:%M:%SZ"),
            );
        }
    }
    Ok(text)
}

async fn list(databases: Vec<ServiceDatabase>, listed: &Listed) -> Result<String, Failure> {
    let mut text = format!(
        "{:<14} {:<24} {:<36} {:<10} {:>6} {:>6} {:<20} {:<20} reason\n",
        "service", "kind", "id", "status", "steps", "kept", "last step", "deadline"
    );
    for of in databases {
        let mut connection = of.connection().await?;
        for saga in saga::list(&mut connection, listed).await.map_err(|error| of.failed(&error))? {
            let deadline =
                saga.deadline.map_or_else(|| "-".to_owned(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            let last = saga.updated_at.format("%Y-%m-%dT%H:%M:%SZ");
            let (status, reason) = (saga.status.as_str(), saga.reason.as_deref().unwrap_or("-"));
            let Listing { kind, id, version, kept, .. } = &saga;
            text += &format!(
                "{:<14} {kind:<24} {id} {status:<10} {version:>6} {kept:>6} {last:<20} {deadline:<20} {reason}\n",
                of.service.name()
            );
        }
    }
    Ok(text)
}

async fn show(databases: Vec<ServiceDatabase>, which: &Which) -> Result<String, Failure> {
    for of in databases {
        let mut connection = of.connection().await?;
        let Some((saga, state)) =
            saga::show(&mut connection, &which.kind, which.id).await.map_err(|error| of.failed(&error))?
        else {
            continue;
        };
        let awaited: Vec<_> = saga.awaited.iter().map(|one| format!("{} ({})", one.name, one.command)).collect();
        let awaited = if awaited.is_empty() { "-".to_owned() } else { awaited.join(", ") };
        return Ok(format!(
            "service   {}\nkind      {}\nid        {}\nstatus    {}\nsteps     {}\nkept      {}\nbegun     {}\nlast step {}\ndeadline  {}\nawaits    {awaited}\nreason    {}\n\n{state}\n",
            of.service.name(),
            saga.kind,
            saga.id,
            saga.status.as_str(),
            saga.version,
            saga.kept,
            saga.begun_at.to_rfc3339(),
            saga.updated_at.to_rfc3339(),
            saga.deadline.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339()),
            saga.reason.as_deref().unwrap_or("-"),
        ));
    }
    let Which { kind, id } = which;
    Err(Failure::Refused(format!("there is no saga {kind} {id}; `supergraph saga list` shows those there are")))
}

async fn retry(databases: Vec<ServiceDatabase>, which: &Which) -> Result<String, Failure> {
    for of in databases {
        if saga::retry(&of.database, &which.kind, which.id).await.map_err(|error| of.failed(&error))? {
            return Ok(format!("{}: {} {} hears again what was kept\n", of.service.name(), which.kind, which.id));
        }
    }
    Err(not_stuck(which))
}

async fn skip(databases: Vec<ServiceDatabase>, which: &Which) -> Result<String, Failure> {
    for of in databases {
        if saga::skip(&of.database, &which.kind, which.id).await.map_err(|error| of.failed(&error))? {
            return Ok(format!(
                "{}: the first of what was kept for {} {} is thrown away; `supergraph saga retry` has it go on\n",
                of.service.name(),
                which.kind,
                which.id
            ));
        }
    }
    Err(not_stuck(which))
}

fn not_stuck(which: &Which) -> Failure {
    let Which { kind, id } = which;
    Failure::Refused(format!(
        "no saga {kind} {id} is stuck with something; `supergraph saga list --status stuck` shows those that are"
    ))
}

fn status_named(name: &str) -> Result<Status, String> {
    Status::named(name).ok_or_else(|| format!("one of {}", Status::ALL.map(Status::as_str).join(", ")))
}

fn place(text: &str) -> Result<(String, Uuid), String> {
    let place = text.rsplit_once('/').and_then(|(kind, id)| Some((kind.to_owned(), id.parse().ok()?)));
    place.ok_or_else(|| "a kind and an id, as KIND/ID".to_owned())
}
