//! Migrations, run by one starter at a time.

use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _};

use super::DatabaseError;

/// The advisory lock that migrating starters of one database queue for. Its
/// number means nothing; it must only never change.
const MIGRATION_LOCK: i64 = 0x5375_7065_7267;

/// Runs what is pending. The lock belongs to the connection and falls with it,
/// whatever happens to the process.
///
/// The harness blocks, and so has a thread of its own: on the caller's it would
/// swallow the wake-ups of the futures that are awaited beside this one.
pub(super) async fn migrate(
    mut connection: AsyncPgConnection,
    migrations: EmbeddedMigrations,
) -> Result<(), DatabaseError> {
    connection.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
    let run = move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        harness.run_pending_migrations(migrations).map(|_versions| ())
    };
    match tokio::task::spawn_blocking(run).await {
        Ok(outcome) => outcome.map_err(DatabaseError::Migrate),
        Err(panicked) => Err(DatabaseError::Migrate(Box::new(panicked))),
    }
}
