//! Doing something once under a key.

use diesel::{
    OptionalExtension as _, QueryableByName,
    pg::Pg,
    query_builder::{BoxedSqlQuery, SqlQuery},
    result::{DatabaseErrorKind, Error as Statement},
    sql_query,
    sql_types::{Binary, Bool, Double, Nullable, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use serde::Serialize;

use super::{AGE_MAX, BodyHash, IdempotencyError};
use crate::database::{Work, cached};

/// Bytes of a scope: a mutation's name and an id.
const SCOPE_BYTES_MAX: usize = 128;
/// Bytes of a key, as payment services have them.
const KEY_BYTES_MAX: usize = 255;
/// Bytes of a reply: as much as a message.
const REPLY_BYTES_MAX: usize = 256 * 1024;

/// How long to wait for whoever came first: longer than his transaction should take, shorter than a client's patience.
const WAIT: &str = "SET LOCAL lock_timeout = '5s'";
const WAIT_NO_MORE: &str = "SET LOCAL lock_timeout = 0";
/// `is_known` while the key stands for what was done under it.
const READ: &str = "SELECT body_hash = $3 AS is_same, created_at >= now() - make_interval(secs => $4) AS is_known, reply \
    FROM idempotency WHERE scope = $1 AND key = $2";
/// Waits for a transaction that has written this key and isn't committed. Locks nothing if there is one: those who waited need not
/// wait for each other.
const TAKE: &str =
    "INSERT INTO idempotency (scope, key, body_hash) VALUES ($1, $2, $3) ON CONFLICT (scope, key) DO NOTHING";
/// The same for a key that stands for nothing any more.
const TAKE_OVER: &str = "UPDATE idempotency SET body_hash = $3, reply = NULL, created_at = now() \
    WHERE scope = $1 AND key = $2 AND created_at < now() - make_interval(secs => $4)";
const KEEP: &str = "UPDATE idempotency SET reply = $3 WHERE scope = $1 AND key = $2";

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The reply's JSON: the same bytes each time.
    pub json: String,
    /// Whether nothing was done for it, since it was before.
    pub is_replay: bool,
}

/// A key, and what is asked under it.
#[derive(Clone, Copy)]
struct Asked<'a> {
    scope: &'a str,
    key: &'a str,
    body: &'a BodyHash,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Bool)]
    is_same: bool,
    #[diesel(sql_type = Bool)]
    is_known: bool,
    #[diesel(sql_type = Nullable<Text>)]
    reply: Option<String>,
}

/// Does `effect` in the caller's transaction and keeps its reply, at most 256 KiB of JSON; or does nothing and gives the reply of
/// the first time. `scope` says who asks for what, so that nobody meets another's keys. Waits some seconds for somebody else who
/// is at it under the same key. Whatever fails must roll the transaction back. The reply owns what it says.
///
/// ```no_run
/// # use kit::{Database, idempotency::{self, BodyHash, IdempotencyError}};
/// # #[derive(Debug, thiserror::Error)]
/// # enum PayError {
/// #     #[error("not once")] Key(#[from] IdempotencyError),
/// #     #[error("no database")] Database(#[from] kit::database::DatabaseError),
/// # }
/// # async fn example(database: &Database, key: &str, input: &str) -> Result<(), PayError> {
/// let body = BodyHash::of(&[input.as_bytes()]);
/// let reply = database
///     .unit(async |connection| {
///         idempotency::once(connection, "pay:user-7", key, &body, async |connection| {
///             // … the change itself …
///             # let _ = connection;
///             Ok::<_, PayError>("paid".to_owned())
///         })
///         .await
///     })
///     .await?;
/// # drop(reply); Ok(()) }
/// ```
///
/// # Errors
/// [`IdempotencyError`], and those of the effect.
pub async fn once<T, E, F>(
    connection: &mut AsyncPgConnection,
    scope: &str,
    key: &str,
    body: &BodyHash,
    effect: F,
) -> Result<Reply, E>
where
    for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<T, E>
        + Work<&'c mut AsyncPgConnection, Result<T, E>, Running: Send>
        + Send
        + Sync,
    T: Serialize + Send,
    E: From<IdempotencyError> + Send,
{
    let asked = Asked { scope, key, body };
    asked.check()?;
    if let Some(json) = asked.take(connection).await? {
        return Ok(Reply { json, is_replay: true });
    }
    let json = written(&effect(connection).await?)?;
    asked.keep(connection, &json).await?;
    Ok(Reply { json, is_replay: false })
}

/// The reply that was kept under a key, if it stands for something: for who has to ask others before the effect, and not once more for
/// what was done. Waits for nobody, so [`once`] may find that somebody was quicker.
///
/// # Errors
/// [`IdempotencyError`].
pub async fn find(
    connection: &mut AsyncPgConnection,
    scope: &str,
    key: &str,
    body: &BodyHash,
) -> Result<Option<Reply>, IdempotencyError> {
    let asked = Asked { scope, key, body };
    asked.check()?;
    let known = asked.read(connection).await?.filter(|row| row.is_known);
    known.map(|row| Ok(Reply { json: row.reply()?, is_replay: true })).transpose()
}

impl Asked<'_> {
    fn check(self) -> Result<(), IdempotencyError> {
        let fits = |text: &str, bytes_max: usize| (1..=bytes_max).contains(&text.len()) && !text.contains('\0');
        if !fits(self.scope, SCOPE_BYTES_MAX) {
            return Err(IdempotencyError::Scope);
        }
        if fits(self.key, KEY_BYTES_MAX) { Ok(()) } else { Err(IdempotencyError::Key) }
    }

    /// Takes the key; or gives the reply that was kept under it.
    async fn take(self, connection: &mut AsyncPgConnection) -> Result<Option<String>, IdempotencyError> {
        let known = self.read(connection).await?;
        if let Some(row) = known.as_ref().filter(|row| row.is_known) {
            return row.reply().map(Some);
        }
        connection.batch_execute(WAIT).await?;
        let taken = match known {
            None => cached(self.bound(TAKE)).execute(connection).await,
            Some(_) => {
                let take_over = self.bound(TAKE_OVER).bind::<Double, _>(AGE_MAX.as_secs_f64());
                cached(take_over).execute(connection).await
            }
        };
        let taken = taken.map_err(waited_in_vain)?;
        connection.batch_execute(WAIT_NO_MORE).await?;
        if taken > 0 {
            return Ok(None);
        }
        // Somebody was quicker, and is done.
        match self.read(connection).await?.filter(|row| row.is_known) {
            Some(row) => row.reply().map(Some),
            None => Err(IdempotencyError::InProgress),
        }
    }

    async fn read(self, connection: &mut AsyncPgConnection) -> Result<Option<Row>, IdempotencyError> {
        let read = self.bound(READ).bind::<Double, _>(AGE_MAX.as_secs_f64());
        Ok(cached(read).get_result(connection).await.optional()?)
    }

    async fn keep(self, connection: &mut AsyncPgConnection, json: &str) -> Result<(), IdempotencyError> {
        let keep = sql_query(KEEP).bind::<Text, _>(self.scope).bind::<Text, _>(self.key).bind::<Text, _>(json);
        cached(keep).execute(connection).await?;
        Ok(())
    }

    fn bound(&self, statement: &str) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
        sql_query(statement)
            .into_boxed()
            .bind::<Text, _>(self.scope)
            .bind::<Text, _>(self.key)
            .bind::<Binary, _>(self.body.as_bytes())
    }
}

impl Row {
    fn reply(&self) -> Result<String, IdempotencyError> {
        match &self.reply {
            _ if !self.is_same => Err(IdempotencyError::KeyReused),
            Some(reply) => Ok(reply.clone()),
            // Asked for within what is done under it.
            None => Err(IdempotencyError::InProgress),
        }
    }
}

fn written(reply: &impl Serialize) -> Result<String, IdempotencyError> {
    let json = serde_json::to_string(reply).map_err(|error| IdempotencyError::Reply(Some(error)))?;
    if json.len() > REPLY_BYTES_MAX { Err(IdempotencyError::Reply(None)) } else { Ok(json) }
}

/// The statement fails in two ways by itself, which diesel tells apart by their words alone: that it waited too long, and a
/// deadlock. The words are the server's, in its language: those of the second are known in English (as in `Database::unit`), and
/// whatever else is unknown to diesel is the first, and the log says what it was.
fn waited_in_vain(error: Statement) -> IdempotencyError {
    match &error {
        Statement::DatabaseError(DatabaseErrorKind::Unknown, told) if told.message() != "deadlock detected" => {
            tracing::warn!(reason = told.message(), "an idempotency key can't be had");
            IdempotencyError::InProgress
        }
        _ => error.into(),
    }
}
