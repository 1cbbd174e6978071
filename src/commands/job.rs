//! `supergraph job`: what services do in the background, and what is done about it. Each action is safe beside running workers.

use clap::{ArgGroup, Subcommand};
use kit::job::{self, Job, JobState, Listed, Shown};
use uuid::Uuid;

use super::service_databases::ServiceDatabases;
use crate::console;
use crate::failure::Failure;

/// What `supergraph job` can be asked for.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// How many jobs of each kind are open or failed
    Status(ServiceDatabases),
    /// The jobs, oldest first, a hundred of each service
    List {
        /// Those of this kind
        #[arg(long, value_name = "NAME")]
        kind: Option<String>,
        /// Those of which this has become: waiting, running, done, failed, cancelled
        #[arg(long, value_parser = state)]
        state: Option<JobState>,
        /// Those after this one
        #[arg(long, value_name = "ID")]
        after: Option<Uuid>,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// One job with what it says
    Show {
        /// Which
        id: Uuid,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// Try failed ones again at once, from where they last were; one that was called off as well, by its id
    #[command(group = ArgGroup::new("which").required(true).args(["id", "failed"]))]
    Retry {
        /// One job
        id: Option<Uuid>,
        /// All of this kind that failed
        #[arg(long, value_name = "KIND")]
        failed: Option<String>,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
    /// Call a job off that waits or runs
    Cancel {
        /// Which
        id: Uuid,
        #[command(flatten)]
        databases: ServiceDatabases,
    },
}

/// Does what was asked for, and prints what became of it.
pub async fn run(action: Action) -> Result<(), Failure> {
    let text = match action {
        Action::Status(databases) => status(databases).await,
        Action::List { kind, state, after, databases } => list(databases, &Listed { kind, state, after }).await,
        Action::Show { id, databases } => show(databases, id).await,
        Action::Retry { id: Some(id), databases, .. } => retry(databases, id).await,
        Action::Retry { id: None, failed, databases } => retry_failed(databases, failed.as_deref()).await,
        Action::Cancel { id, databases } => cancel(databases, id).await,
    }?;
    console::print(&text)
}

async fn status(databases: ServiceDatabases) -> Result<String, Failure> {
    let head = format!(
        "{:<14} {:<24} {:>10} {:>10} {:>10} {:>10}\n",
        "service", "kind", "waiting", "running", "failed", "oldest"
    );
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let mut rows = String::new();
        for kind in job::status(&mut connection).await.map_err(|error| of.failed(&error))? {
            let oldest =
                kind.oldest_waiting.map_or_else(|| "-".to_owned(), |age| format!("{:.1} s", age.as_secs_f64()));
            rows += &format!(
                "{:<14} {:<24} {:>10} {:>10} {:>10} {oldest:>10}\n",
                of.service.name(),
                kind.kind,
                kind.waiting,
                kind.running,
                kind.failed
            );
        }
        Ok(rows)
    });
    rows.await
}

async fn list(databases: ServiceDatabases, listed: &Listed) -> Result<String, Failure> {
    let head = format!(
        "{:<14} {:<36} {:<24} {:<10} {:<20} {:>8} {:>16} key\n",
        "service", "id", "kind", "state", "due", "attempts", "done"
    );
    let rows = databases.each(head, async |of| {
        let mut connection = of.connection().await?;
        let mut rows = String::new();
        for job in job::list(&mut connection, listed).await.map_err(|error| of.failed(&error))? {
            let due = job.due_at.format("%Y-%m-%dT%H:%M:%SZ");
            let (state, done) = (job.state.as_str(), done(&job));
            let Job { id, kind, attempts, key, .. } = &job;
            rows += &format!(
                "{:<14} {id} {kind:<24} {state:<10} {due:<20} {attempts:>8} {done:>16} {key}\n",
                of.service.name()
            );
        }
        Ok(rows)
    });
    rows.await
}

async fn show(databases: ServiceDatabases, id: Uuid) -> Result<String, Failure> {
    let found = databases.first(async |of| {
        let mut connection = of.connection().await?;
        let found = job::show(&mut connection, id).await.map_err(|error| of.failed(&error))?;
        Ok(found.map(|found| shown(of.service.name(), found)))
    });
    found.await?.ok_or_else(|| missing(id))
}

fn shown(service: &str, Shown { job, payload, resume }: Shown) -> String {
    let done = done(&job);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    format!(
        "service   {service}\nkind      {}\nkey       {}\nstate     {}\ndue       {}\nattempts  {}\ndone      {done}\nwanted    {}\nended     {}\nresume    {}\nresult    {}\nerror     {}\n\n{payload}\n",
        job.kind,
        job.key,
        job.state.as_str(),
        job.due_at.to_rfc3339(),
        job.attempts,
        job.created_at.to_rfc3339(),
        or_none(job.finished_at.map(|at| at.to_rfc3339())),
        or_none(resume),
        or_none(job.result),
        or_none(job.error),
    )
}

async fn retry(databases: ServiceDatabases, id: Uuid) -> Result<String, Failure> {
    let told = databases.first(async |of| {
        let mut connection = of.connection().await?;
        let is_retried = job::retry(&mut connection, id).await.map_err(|error| of.failed(&error))?;
        Ok(is_retried.then(|| format!("{}: {id} is to be tried again\n", of.service.name())))
    });
    let none = || Failure::Refused(format!("no job {id} has failed or was called off; `supergraph job list` tells"));
    told.await?.ok_or_else(none)
}

/// All of a kind; nothing without one, which the command's arguments don't let pass.
async fn retry_failed(databases: ServiceDatabases, kind: Option<&str>) -> Result<String, Failure> {
    let told = databases.each(String::new(), async |of| {
        let Some(kind) = kind else { return Ok(String::new()) };
        let retried = job::retry_failed(&of.database, kind).await.map_err(|error| of.failed(&error))?;
        Ok(format!("{}: {retried} to be tried again\n", of.service.name()))
    });
    told.await
}

async fn cancel(databases: ServiceDatabases, id: Uuid) -> Result<String, Failure> {
    let told = databases.first(async |of| {
        let mut connection = of.connection().await?;
        let is_cancelled = job::cancel(&mut connection, id).await.map_err(|error| of.failed(&error))?;
        Ok(is_cancelled.then(|| format!("{}: {id} is called off\n", of.service.name())))
    });
    let none = || Failure::Refused(format!("no job {id} waits or runs; `supergraph job list` shows those there are"));
    told.await?.ok_or_else(none)
}

/// How far it is, in its handler's own unit.
fn done(job: &Job) -> String {
    match (job.done, job.total) {
        (None, _) => "-".to_owned(),
        (Some(done), None) => done.to_string(),
        (Some(done), Some(total)) => format!("{done} of {total}"),
    }
}

fn state(name: &str) -> Result<JobState, String> {
    JobState::named(name).ok_or_else(|| format!("one of {}", JobState::ALL.map(JobState::as_str).join(", ")))
}

fn missing(id: Uuid) -> Failure {
    Failure::Refused(format!("there is no job {id}; `supergraph job list` shows those there are"))
}
