//! Looking at jobs.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::database::{DatabaseError, cached};

/// Jobs of one list: a screen or two, and no more than a command should print.
pub const LIST_MAX: u32 = 100;

const LIST: &str = "SELECT id, kind, key, state, due_at, attempts, done, total, result, error, created_at, finished_at FROM job \
    WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR state = $2) AND ($3 IS NULL OR id > $3) ORDER BY id LIMIT $4";
const FIND: &str = "SELECT id, kind, key, state, due_at, attempts, done, total, result, error, created_at, finished_at FROM job \
    WHERE kind = $1 AND key = $2";
const SHOW: &str = "SELECT id, kind, key, state, due_at, attempts, done, total, result, error, created_at, finished_at FROM job \
    WHERE id = $1";
const SAID: &str = "SELECT payload, resume FROM job WHERE id = $1";

/// A job as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Its key among those of its kind.
    pub key: String,
    /// What has become of it.
    pub state: JobState,
    /// When it may be taken; of a running one, when its lease ends unless renewed.
    pub due_at: DateTime<Utc>,
    /// How often it was tried, a running attempt included.
    pub attempts: u32,
    /// How much is done, in its handler's own unit.
    pub done: Option<u64>,
    /// Of how much.
    pub total: Option<u64>,
    /// What it gave, as JSON.
    pub result: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was wanted.
    pub created_at: DateTime<Utc>,
    /// When it was done, given up or cancelled.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job with what it says and where it would go on: for operations alone, since both may tell of people.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The job.
    pub job: Job,
    /// What its handler is told, as JSON.
    pub payload: String,
    /// Where another attempt goes on.
    pub resume: Option<String>,
}

/// What has become of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// To be done: now, at its time, or again.
    Waiting,
    /// A runner has it.
    Running,
    /// Done.
    Done,
    /// Given up.
    Failed,
    /// Called off.
    Cancelled,
}

/// Which jobs.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Those of one kind.
    pub kind: Option<String>,
    /// Those of which this has become.
    pub state: Option<JobState>,
    /// Those after this one.
    pub after: Option<Uuid>,
}

/// At most [`LIST_MAX`] jobs, oldest first.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn list(connection: &mut AsyncPgConnection, listed: &Listed) -> Result<Vec<Job>, DatabaseError> {
    let statement = sql_query(LIST)
        .bind::<Nullable<Text>, _>(listed.kind.as_deref())
        .bind::<Nullable<Text>, _>(listed.state.map(JobState::as_str))
        .bind::<Nullable<SqlUuid>, _>(listed.after)
        .bind::<BigInt, _>(i64::from(LIST_MAX));
    let rows: Vec<Row> = cached(statement).load(connection).await?;
    Ok(rows.into_iter().map(Job::from).collect())
}

/// One job, by what its domain knows it by.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn find(connection: &mut AsyncPgConnection, kind: &str, key: &str) -> Result<Option<Job>, DatabaseError> {
    let statement = sql_query(FIND).bind::<Text, _>(kind).bind::<Text, _>(key);
    let row: Option<Row> = cached(statement).get_result(connection).await.optional()?;
    Ok(row.map(Job::from))
}

/// One job and what it says.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn show(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Option<Shown>, DatabaseError> {
    let row: Option<Row> = cached(sql_query(SHOW).bind::<SqlUuid, _>(id)).get_result(connection).await.optional()?;
    let Some(row) = row else { return Ok(None) };
    let said: Option<Said> = cached(sql_query(SAID).bind::<SqlUuid, _>(id)).get_result(connection).await.optional()?;
    Ok(said.map(|Said { payload, resume }| Shown { job: row.into(), payload, resume }))
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// By its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Timestamptz)]
    due_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    done: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    total: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    result: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    error: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    finished_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    payload: String,
    #[diesel(sql_type = Nullable<Text>)]
    resume: Option<String>,
}

impl From<Row> for Job {
    fn from(row: Row) -> Self {
        // The table has no others.
        let state = JobState::named(&row.state).unwrap_or(JobState::Waiting);
        Self {
            id: row.id,
            kind: row.kind,
            key: row.key,
            state,
            due_at: row.due_at,
            attempts: row.attempts.unsigned_abs(),
            done: row.done.map(i64::unsigned_abs),
            total: row.total.map(i64::unsigned_abs),
            result: row.result,
            error: row.error,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}
