//! Migrations, run by one starter at a time.

use std::sync::Arc;

use diesel::{
    migration::{Migration, MigrationSource, Result as MigrationResult},
    pg::Pg,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::{Database, DatabaseError, connect};

/// The advisory lock that migrating starters of one database queue for. Its
/// number means nothing; it must only never change.
const MIGRATION_LOCK: i64 = 0x5375_7065_7267;

/// The tables that every service's database has for what kit does in it.
const KIT: EmbeddedMigrations = embed_migrations!("../../migrations/kit");

impl Database {
    /// Brings the database to the last version of `migrations` and of kit's
    /// own tables. Of several starters one migrates and the others wait for it.
    /// Needs a multi-threaded runtime.
    ///
    /// # Errors
    /// [`DatabaseError::MigrationVersion`] before anything is done;
    /// [`DatabaseError::Migrate`] with the failed migration.
    pub async fn migrate(&self, migrations: EmbeddedMigrations) -> Result<(), DatabaseError> {
        self.step(Merged::with_kit(migrations), Step::ToTheEnd).await
    }

    /// Like [`Database::migrate`], without kit's tables.
    pub(crate) async fn migrate_alone(&self, migrations: EmbeddedMigrations) -> Result<(), DatabaseError> {
        self.step(Merged::alone(migrations), Step::ToTheEnd).await
    }

    /// Runs the next of the pending migrations, a service's or kit's: for
    /// tests that put data between two versions.
    ///
    /// # Errors
    /// As [`Database::migrate`], and when none is pending.
    #[cfg(any(test, feature = "testing"))]
    pub async fn migrate_next(&self, migrations: EmbeddedMigrations) -> Result<(), DatabaseError> {
        self.step(Merged::with_kit(migrations), Step::Next).await
    }

    /// Takes back the last migration that was run, a service's or kit's.
    ///
    /// # Errors
    /// As [`Database::migrate`], and when there is none.
    #[cfg(any(test, feature = "testing"))]
    pub async fn migrate_back(&self, migrations: EmbeddedMigrations) -> Result<(), DatabaseError> {
        self.step(Merged::with_kit(migrations), Step::Back).await
    }

    async fn step(&self, migrations: Merged, step: Step) -> Result<(), DatabaseError> {
        migrate(connect::establish(&self.url).await?, migrations, step).await
    }
}

/// Migrations of several sources in one order, that of their versions.
#[derive(Clone)]
struct Merged(Arc<[EmbeddedMigrations]>);

impl Merged {
    /// A service's migrations and kit's.
    fn with_kit(service: EmbeddedMigrations) -> Self {
        Self(Arc::new([KIT, service]))
    }

    /// These alone.
    fn alone(migrations: EmbeddedMigrations) -> Self {
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
enum Step {
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
async fn migrate(mut connection: AsyncPgConnection, migrations: Merged, step: Step) -> Result<(), DatabaseError> {
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
