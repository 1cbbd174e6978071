//! Looking at sagas.

use chrono::{DateTime, Utc};
use diesel::{
    QueryableByName, sql_query,
    sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use super::{Awaited, row::Status};
use crate::database::{DatabaseError, cached};

/// Sagas of one list: a screen or two.
pub const LIST_MAX: u32 = 100;

const LIST: &str = "SELECT kind, id, version, status, awaited, deadline, reason, begun_at, updated_at, \
        (SELECT count(*) FROM saga_input WHERE saga_input.kind = saga.kind AND saga_input.id = saga.id) AS kept FROM saga \
    WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR status = $2) AND ($3 IS NULL OR (kind, id) > ($4, $3)) \
    ORDER BY kind, id LIMIT $5";
const SHOW: &str = "SELECT kind, id, version, status, awaited, deadline, reason, begun_at, updated_at, \
        (SELECT count(*) FROM saga_input WHERE saga_input.kind = saga.kind AND saga_input.id = saga.id) AS kept FROM saga \
    WHERE kind = $1 AND id = $2";
const STATE: &str = "SELECT state FROM saga WHERE kind = $1 AND id = $2";
const STATUS: &str = "SELECT kind, status, count(*) AS sagas, min(updated_at) AS oldest, \
        count(*) FILTER (WHERE status = 'active' AND deadline < now()) AS overdue \
    FROM saga WHERE status <> 'ended' GROUP BY kind, status ORDER BY kind, status";

/// Which sagas.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Those of one kind.
    pub kind: Option<String>,
    /// Those that are doing so.
    pub status: Option<Status>,
    /// Those after this one, a kind and an id.
    pub after: Option<(String, Uuid)>,
}

/// One saga, as far as it is for everybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Its kind.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Steps taken.
    pub version: u32,
    /// How it is doing.
    pub status: Status,
    /// Replies that it waits for.
    pub awaited: Vec<Awaited>,
    /// When it is to be woken.
    pub deadline: Option<DateTime<Utc>>,
    /// Why it is stuck.
    pub reason: Option<String>,
    /// How much was kept for it meanwhile.
    pub kept: u64,
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// When it took its last step, or got stuck.
    pub updated_at: DateTime<Utc>,
}

/// How many sagas are doing so.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusCount {
    /// Of which kind.
    pub kind: String,
    /// How they are doing; never [`Status::Ended`].
    pub status: Status,
    /// How many.
    pub sagas: u64,
    /// How many of them should have been woken.
    pub overdue: u64,
    /// When the one that has stood still for longest took its last step.
    pub oldest: DateTime<Utc>,
}

/// At most [`LIST_MAX`] sagas, by kind and id.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn list(connection: &mut AsyncPgConnection, listed: &Listed) -> Result<Vec<Listing>, DatabaseError> {
    let (after_kind, after) = listed.after.as_ref().map(|(kind, id)| (kind.as_str(), *id)).unzip();
    let list = sql_query(LIST)
        .bind::<Nullable<Text>, _>(listed.kind.as_deref())
        .bind::<Nullable<Text>, _>(listed.status.map(Status::as_str))
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<Nullable<Text>, _>(after_kind)
        .bind::<BigInt, _>(i64::from(LIST_MAX));
    let rows: Vec<Row> = cached(list).load(connection).await?;
    Ok(rows.into_iter().map(Listing::from).collect())
}

/// One saga and its state's JSON.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn show(
    connection: &mut AsyncPgConnection,
    kind: &str,
    id: Uuid,
) -> Result<Option<(Listing, String)>, DatabaseError> {
    let show = |statement| cached(sql_query(statement).bind::<Text, _>(kind).bind::<SqlUuid, _>(id));
    let rows: Vec<Row> = show(SHOW).load(connection).await?;
    let states: Vec<State> = show(STATE).load(connection).await?;
    Ok(rows.into_iter().zip(states).next().map(|(row, State { state })| (row.into(), state)))
}

/// How many sagas that haven't ended are doing what.
///
/// # Errors
/// [`DatabaseError::Statement`].
pub async fn status(connection: &mut AsyncPgConnection) -> Result<Vec<StatusCount>, DatabaseError> {
    let rows: Vec<Count> = cached(sql_query(STATUS)).load(connection).await?;
    Ok(rows.into_iter().map(StatusCount::from).collect())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    awaited: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    deadline: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    kept: i64,
    #[diesel(sql_type = Timestamptz)]
    begun_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct State {
    #[diesel(sql_type = Text)]
    state: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    sagas: i64,
    #[diesel(sql_type = Timestamptz)]
    oldest: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    overdue: i64,
}

impl From<Row> for Listing {
    fn from(row: Row) -> Self {
        Self {
            kind: row.kind,
            id: row.id,
            version: row.version.unsigned_abs(),
            status: Status::read(&row.status),
            // What another build wrote is for that one to tell.
            awaited: serde_json::from_str(&row.awaited).unwrap_or_default(),
            deadline: row.deadline,
            reason: row.reason,
            kept: row.kept.unsigned_abs(),
            begun_at: row.begun_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<Count> for StatusCount {
    fn from(row: Count) -> Self {
        Self {
            status: Status::read(&row.status),
            kind: row.kind,
            sagas: row.sagas.unsigned_abs(),
            overdue: row.overdue.unsigned_abs(),
            oldest: row.oldest,
        }
    }
}
