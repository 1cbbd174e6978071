//! A service's migrations and kit's together.

use super::*;
use crate::testing::migrations_are_reversible;

#[tokio::test(flavor = "multi_thread")]
async fn can_be_taken_back() {
    migrations_are_reversible("kit_users", || MIGRATIONS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_of_the_bus_can_be_taken_back() {
    const BUS: EmbeddedMigrations = embed_migrations!("../../migrations/bus");
    migrations_are_reversible("kit_bus", || BUS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn run_in_the_order_of_their_versions() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let client = test.database().bulk_connection().await.unwrap();
    let versions = "SELECT version FROM __diesel_schema_migrations ORDER BY run_on, version";
    let versions: Vec<String> = client.query(versions, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(versions.is_sorted(), "{versions:?}");
    assert!(versions.len() >= 4, "{versions:?}");
}

/// Kit's own, twice.
#[tokio::test(flavor = "multi_thread")]
async fn equal_versions_are_refused_before_anything_runs() {
    const KIT: EmbeddedMigrations = embed_migrations!("../../migrations/kit");
    let test = TestDatabase::empty("kit_twice").await;
    let refused = test.database().migrate(KIT).await.unwrap_err();
    assert!(matches!(&refused, DatabaseError::MigrationVersion(one, next) if one == next), "{refused:?}");
    let client = test.database().bulk_connection().await.unwrap();
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(client.query_one(tables, &[]).await.unwrap().get::<_, i64>(0), 0);
}
