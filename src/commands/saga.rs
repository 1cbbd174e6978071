//! `supergraph saga`: matters that take several services, and what is done about stuck ones. Each action is safe beside running workers.

use clap::Subcommand;
use kit::saga::{self, Listed, Listing, Status};
use uuid::Uuid;

use super::service_databases::ServiceDatabases;
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
        Action::Status(databases) => status(databases).await,
        Action::List { kind, status, after, databases } => list(databases, &Listed { kind, status, after }).await,
        Action::Show { which, databases } => show(databases, &which).await,
        Action::Retry { which, databases } => retry(databases, &which).await,
        Action::Skip { which, databases } => skip(databases, &which).await,
    }?;
    console::print(&text)
}

async fn status(databases: ServiceDatabases) -> Result<String, Failure> {
    let head = format!(
        "{:<14} {:<24} {:<10} {:>10} {:>10} {:<20}\n",
        "service", "kind", "status", "sagas", "overdue", "oldest"
    );
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let mut rows = String::new();
        for count in saga::status(&mut connection).await.map_err(|error| of.failed(&error))? {
            rows += &format!(
                "{:<14} {:<24} {:<10} {:>10} {:>10} {:<20}\n",
                of.service.name(),
                count.kind,
                count.status.as_str(),
                count.sagas,
                count.overdue,
                count.oldest.format("%Y-%m-%dT%H:%M:%SZ"),
            );
        }
        Ok(rows)
    });
    rows.await
}

async fn list(databases: ServiceDatabases, listed: &Listed) -> Result<String, Failure> {
    let head = format!(
        "{:<14} {:<24} {:<36} {:<10} {:>6} {:>6} {:<20} {:<20} reason\n",
        "service", "kind", "id", "status", "steps", "kept", "last step", "deadline"
    );
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let mut rows = String::new();
        for saga in saga::list(&mut connection, listed).await.map_err(|error| of.failed(&error))? {
            let deadline =
                saga.deadline.map_or_else(|| "-".to_owned(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            let last = saga.updated_at.format("%Y-%m-%dT%H:%M:%SZ");
            let (status, reason) = (saga.status.as_str(), saga.reason.as_deref().unwrap_or("-"));
            let Listing { kind, id, version, kept, .. } = &saga;
            rows += &format!(
                "{:<14} {kind:<24} {id} {status:<10} {version:>6} {kept:>6} {last:<20} {deadline:<20} {reason}\n",
                of.service.name()
            );
        }
        Ok(rows)
    });
    rows.await
}

async fn show(databases: ServiceDatabases, which: &Which) -> Result<String, Failure> {
    let Which { kind, id } = which;
    let found = databases.first(async |of| {
        let mut connection = of.connection().await?;
        let found = saga::show(&mut connection, kind, *id).await.map_err(|error| of.failed(&error))?;
        Ok(found.map(|(saga, state)| shown(of.service.name(), &saga, &state)))
    });
    let missing = || format!("there is no saga {kind} {id}; `supergraph saga list` shows those there are");
    found.await?.ok_or_else(|| Failure::Refused(missing()))
}

fn shown(service: &str, saga: &Listing, state: &str) -> String {
    let awaited: Vec<_> = saga.awaited.iter().map(|one| format!("{} ({})", one.name, one.command)).collect();
    let awaited = if awaited.is_empty() { "-".to_owned() } else { awaited.join(", ") };
    format!(
        "service   {service}\nkind      {}\nid        {}\nstatus    {}\nsteps     {}\nkept      {}\nbegun     {}\nlast step {}\ndeadline  {}\nawaits    {awaited}\nreason    {}\n\n{state}\n",
        saga.kind,
        saga.id,
        saga.status.as_str(),
        saga.version,
        saga.kept,
        saga.begun_at.to_rfc3339(),
        saga.updated_at.to_rfc3339(),
        saga.deadline.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339()),
        saga.reason.as_deref().unwrap_or("-"),
    )
}

async fn retry(databases: ServiceDatabases, which: &Which) -> Result<String, Failure> {
    let Which { kind, id } = which;
    let told = databases.first(async |of| {
        let is_told = saga::retry(&of.database, kind, *id).await.map_err(|error| of.failed(&error))?;
        Ok(is_told.then(|| format!("{}: {kind} {id} hears again what was kept\n", of.service.name())))
    });
    told.await?.ok_or_else(|| not_stuck(which))
}

async fn skip(databases: ServiceDatabases, which: &Which) -> Result<String, Failure> {
    let Which { kind, id } = which;
    let told = databases.first(async |of| {
        let is_thrown_away = saga::skip(&of.database, kind, *id).await.map_err(|error| of.failed(&error))?;
        let text = || {
            format!(
                "{}: the first of what was kept for {kind} {id} is thrown away; `supergraph saga retry` has it go on\n",
                of.service.name()
            )
        };
        Ok(is_thrown_away.then(text))
    });
    told.await?.ok_or_else(|| not_stuck(which))
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
