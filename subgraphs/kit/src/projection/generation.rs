//! Generations of a projection, and how they come about.

use diesel::{sql_query, sql_types::Integer};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{Definition, Projection, ProjectionError, row, schema};
use crate::database::{Database, DatabaseError, cached};

/// The advisory lock under which generations are made ("proj"): there are no rows to lock yet. It falls with the transaction.
const LOCK: &str = "SELECT pg_advisory_xact_lock($1, 0)";
/// Its class. Other locks of two numbers in the database must have another.
const LOCK_CLASS: i32 = 0x7072_6f6a;

/// One of a projection's tables with what is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// That is read.
    Live,
    /// That is built, to take the live one's place.
    Next,
    /// That had its place, and is to be dropped.
    Old,
}

impl Generation {
    /// As the table has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Next => "next",
            Self::Old => "old",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Live, Self::Next, Self::Old].into_iter().find(|generation| generation.as_str() == text)
    }
}

/// What became of the wish to rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rebuild {
    /// It was begun. A running projector does it.
    Begun,
    /// One of this version is under way already; it goes on.
    UnderWay,
}

/// Begins to build a projection anew beside the live one, from the first event on; also one of an older version than the live one,
/// for whoever goes back to older code. Safe beside running projectors.
///
/// # Errors
/// [`ProjectionError`].
pub async fn rebuild(database: &Database, projection: &dyn Projection) -> Result<Rebuild, ProjectionError> {
    let definition = projection.definition();
    definition.check()?;
    database
        .unit(async |connection| {
            lock(connection).await?;
            let generations = row::lock_all(connection, &definition).await?;
            match generations.iter().find(|progress| progress.generation == Generation::Next) {
                Some(next) if next.version == definition.version => return Ok(Rebuild::UnderWay),
                Some(_) => remove(connection, &definition, Generation::Next).await?,
                None => {}
            }
            create(connection, &definition, Generation::Next).await?;
            Ok::<_, ProjectionError>(Rebuild::Begun)
        })
        .await
}

/// Makes the live generation if there is none, and the next one if the live one, and what is built already, are older than the code.
/// Whether it has made one.
pub(super) async fn prepare(database: &Database, definition: &Definition) -> Result<bool, ProjectionError> {
    let lacks = {
        let mut connection = database.connection().await?;
        lacking(&row::read(&mut connection, definition).await?, definition)
    };
    if lacks.is_none() {
        return Ok(false);
    }
    database
        .unit(async |connection| {
            lock(connection).await?;
            let generations = row::lock_all(connection, definition).await?;
            let Some(lacks) = lacking(&generations, definition) else { return Ok(false) };
            if generations.iter().any(|progress| progress.generation == lacks) {
                remove(connection, definition, lacks).await?;
            }
            create(connection, definition, lacks).await?;
            Ok::<_, ProjectionError>(true)
        })
        .await
}

/// Drops what was swapped out, if there is something.
pub(super) async fn drop_old(database: &Database, definition: &Definition) -> Result<(), ProjectionError> {
    let old = {
        let mut connection = database.connection().await?;
        row::read(&mut connection, definition).await?
    };
    if old.iter().all(|progress| progress.generation != Generation::Old) {
        return Ok(());
    }
    database
        .unit(async |connection| {
            if row::try_lock(connection, definition, Generation::Old).await?.is_some() {
                remove(connection, definition, Generation::Old).await?;
            }
            Ok::<_, ProjectionError>(())
        })
        .await
}

fn lacking(generations: &[row::Progress], definition: &Definition) -> Option<Generation> {
    let version = |of| generations.iter().find(|progress| progress.generation == of).map(|progress| progress.version);
    let is_older = |version: Option<u16>| version.is_none_or(|version| version < definition.version);
    match version(Generation::Live) {
        None => Some(Generation::Live),
        Some(live) if live < definition.version && is_older(version(Generation::Next)) => Some(Generation::Next),
        Some(_) => None,
    }
}

async fn create(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> Result<(), ProjectionError> {
    schema::create(connection, definition, generation).await?;
    Ok(row::insert(connection, definition, generation).await?)
}

async fn remove(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> Result<(), ProjectionError> {
    schema::drop(connection, definition, generation).await?;
    Ok(row::delete(connection, definition, generation).await?)
}

async fn lock(connection: &mut AsyncPgConnection) -> Result<(), DatabaseError> {
    cached(sql_query(LOCK).bind::<Integer, _>(LOCK_CLASS)).execute(connection).await?;
    Ok(())
}
