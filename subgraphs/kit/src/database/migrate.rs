//! Migrations, run by one starter at a time.

use std::sync::Arc;

use diesel::{
    migration::{Migration, MigrationSource, Result as MigrationResult},
    pg::Pg,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::DatabaseError;

/// The advisory lock that migrating starters of one database queue for. Its
/// number means nothing; it must only never change.
const MIGRATION_LOCK: i64 = 0x5375_7065_7267;

/// The tables that every service's database has for what kit does in it.
const KIT: EmbeddedMigrations = embed_migrations!("../../migrations/kit");

/// Migrations of several sources in one order, that of their versions.
#[derive(Clone)]
pub(super) struct Merged(Arc<[EmbeddedMigrations]>);

impl Merged {
    /// A service's migrations and kit's.
    pub(super) fn with_kit(service: EmbeddedMigrations) -> Self {
        Self(Arc::new([KIT, service]))
    }

    /// These alone.
    pub(super) fn alone(migrations: EmbeddedMigrations) -> Self {
        Self(Arc::new([migrations]))
    }

    /// Refuses equal versions: the second of them would pass for done and never run.
    fn check(&self) -> Result<(), DatabaseError> {
        let mut migrations = self.migrations().map_err(DatabaseError::Migrate)?;
        migrations.sort_by(|one, other| one.name().version().cmp(&other.name().version()));
        let twice = migrations.iter().zip(migrations.iter().skip(1)).find(|(one, next)| {
            let (one, next) = (one.name(), next.name());
            one.version() == next.version()
        });
        match twice {
            Some((one, next)) => Err(DatabaseError::MigrationVersion(one.name().to_string(), next.name().to_string())),
            None => Ok(()),
        }
    }
}

impl MigrationSource<Pg> for Merged {
    fn migrations(&self) -> MigrationResult<Vec<Box<dyn Migration<Pg>>>> {
        let mut all = Vec::new();
        for source in self.0.iter() {
            all.extend(source.migrations()?);
        }
        Ok(all)
    }
}

/// How far to go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// All that is pending.
    ToTheEnd,
    /// The next one alone.
    #[cfg(any(test, feature = "testing"))]
    Next,
    /// The last one that was run is taken back.
    #[cfg(any(test, feature = "testing"))]
    Back,
}

/// Runs what is pending. The lock belongs to the connection and falls with it,
/// whatever happens to the process.
///
/// The harness blocks, and so has a thread of its own: on the caller's it would
/// swallow the wake-ups of the futures that are awaited beside this one.
pub(super) async fn migrate(
    mut connection: AsyncPgConnection,
    migrations: Merged,
    step: Step,
) -> Result<(), DatabaseError> {
    migrations.check()?;
    connection.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
    let run = move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        match step {
            Step::ToTheEnd => harness.run_pending_migrations(migrations).map(|_versions| ()),
            #[cfg(any(test, feature = "testing"))]
            Step::Next => harness.run_next_migration(migrations).map(|_version| ()),
            #[cfg(any(test, feature = "testing"))]
            Step::Back => harness.revert_last_migration(migrations).map(|_version| ()),
        }
    };
    match tokio::task::spawn_blocking(run).await {
        Ok(outcome) => outcome.map_err(DatabaseError::Migrate),
        Err(panicked) => Err(DatabaseError::Migrate(Box::new(panicked))),
    }
}
