//! `supergraph job`: what services do in the background, and what is done about it. Each action is safe beside running workers.

use clap::{ArgGroup, Subcommand};
use kit::job::{self, Job, JobState, Listed, Shown};
use uuid::Uuid;

use super::service_databases::{ServiceDatabase, ServiceDatabases};
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
        Action::Status(databases) => databases.with(status).await,
        Action::List { kind, state, after, databases } => {
            let listed = Listed { kind, state, after };
            databases.with(async |databases| list(databases, &listed).await).await
        }
        Action::Show { id, databases } => databases.with(async |databases| show(databases, id).await).await,
        Action::Retry { id, failed, databases } => {
            databases.with(async |databases| retry(databases, id, failed.as_deref()).await).await
        }
        Action::Cancel { id, databases } => databases.with(async |databases| cancel(databases, id).await).await,
    }?;
    console::print(&text)
}

async fn status(databases: Vec<ServiceDatabase>) -> Result<String, Failure> {
    let mut text = format!(
        "{:<14} {:<24} {:>10} {:>10} {:>10} {:>10}\n",
        "service", "kind", "waiting", "running", "failed", "oldest"
    );
    for of in databases {
        let mut connection = of.connection().await?;
        for kind in job::status(&mut connection).await.map_err(|error| of.failed(&error))? {
            let oldest =
                kind.oldest_waiting.map_or_else(|| "-".to_owned(), |age| format!("{:.1} s", age.as_secs_f64()));
            text += &format!(
                "{:<14} {:<24} {:>10} {:>10} {:>10} {oldest:>10}\n",
                of.service.name(),
                kind.kind,
                kind.waiting,
                kind.running,
                kind.failed
            );
        }
    }
    Ok(text)
}

async fn list(databases: Vec<ServiceDatabase>, listed: &Listed) -> Result<String, Failure> {
    let mut text = format!(
        "{:<14} {:<36} {:<24} {:<10} {:<20} {:>8} {:>16} key\n",
        "service", "id", "kind", "state", "due", "attempts", "done"
    );
    for of in databases {
        let mut connection = of.connection().await?;
        for job in job::list(&mut connection, listed).await.map_err(|error| of.failed(&error))? {
            let due = job.due_at.format("%Y-%m-%dT%H:%M:%SZ");
            let (state, done) = (job.state.as_str(), done(&job));
            let Job { id, kind, attempts, key, .. } = &job;
            text += &format!(
                "{:<14} {id} {kind:<24} {state:<10} {due:<20} {attempts:>8} {done:>16} {key}\n",
                of.service.name()
            );
        }
    }
    Ok(text)
}

async fn show(databases: Vec<ServiceDatabase>, id: Uuid) -> Result<String, Failure> {
    for of in databases {
        let mut connection = of.connection().await?;
        let Some(Shown { job, payload, resume }) =
            job::show(&mut connection, id).await.map_err(|error| of.failed(&error))?
        else {
            continue;
        };
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        return Ok(format!(
            "service   {}\nkind      {}\nkey       {}\nstate     {}\ndue       {}\nattempts  {}\ndone      {}\nwanted    {}\nended     {}\nresume    {}\nresult    {}\nerror     {}\n\n{payload}\n",
            of.service.name(),
            job.kind,
            job.key,
            job.state.as_str(),
            job.due_at.to_rfc3339(),
            job.attempts,
            done(&job),
            job.created_at.to_rfc3339(),
            or_none(job.finished_at.map(|at| at.to_rfc3339())),
            or_none(resume),
            or_none(job.result.clone()),
            or_none(job.error.clone()),
        ));
    }
    Err(missing(id))
}

async fn retry(databases: Vec<ServiceDatabase>, id: Option<Uuid>, kind: Option<&str>) -> Result<String, Failure> {
    let mut text = String::new();
    for of in databases {
        if let Some(kind) = kind {
            let retried = job::retry_failed(&of.database, kind).await.map_err(|error| of.failed(&error))?;
            text += &format!("{}: {retried} to be tried again\n", of.service.name());
        }
        if let Some(id) = id {
            let mut connection = of.connection().await?;
            if job::retry(&mut connection, id).await.map_err(|error| of.failed(&error))? {
                return Ok(format!("{}: {id} is to be tried again\n", of.service.name()));
            }
        }
    }
    let none = |id| Failure::Refused(format!("no job {id} has failed or was called off; `supergraph job list` tells"));
    id.map_or(Ok(text), |id| Err(none(id)))
}

async fn cancel(databases: Vec<ServiceDatabase>, id: Uuid) -> Result<String, Failure> {
    for of in databases {
        let mut connection = of.connection().await?;
        if job::cancel(&mut connection, id).await.map_err(|error| of.failed(&error))? {
            return Ok(format!("{}: {id} is called off\n", of.service.name()));
        }
    }
    Err(Failure::Refused(format!("no job {id} waits or runs; `supergraph job list` shows those there are")))
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
