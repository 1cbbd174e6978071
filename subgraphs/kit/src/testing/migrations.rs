//! Migrations that can be taken back.

use diesel_migrations::EmbeddedMigrations;
use tokio_postgres::Client;

use super::TestDatabase;

/// All that a schema consists of, one line each.
const SCHEMA: &str = "\
    SELECT format('column %s.%s %s %s %s %s', table_name, column_name, data_type, is_nullable, column_default, is_identity) \
        FROM information_schema.columns WHERE table_schema = 'public' \
    UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public' \
    UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) \
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
    UNION ALL SELECT format('relation %s %s %s', relname, relkind, reloptions) \
        FROM pg_class WHERE relnamespace = 'public'::regnamespace \
    UNION ALL SELECT format('function %s', pg_get_functiondef(oid)) \
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' \
    UNION ALL SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal \
    UNION ALL SELECT format('type %s %s', typname, typtype) FROM pg_type WHERE typnamespace = 'public'::regnamespace \
    ORDER BY 1";

/// Runs each of a service's migrations and kit's up, down and up again, on an empty database: down must leave what was before,
/// and up the same as the first time. Needs a multi-threaded runtime.
///
/// # Panics
/// When one doesn't.
pub async fn migrations_are_reversible(service: &str, migrations: fn() -> EmbeddedMigrations) {
    let test = TestDatabase::empty(service).await;
    let database = test.database();
    let client = database.bulk_connection().await.expect("a connection");
    // Makes the table of versions, which belongs to no migration.
    database.migrate_next(migrations()).await.expect("the first migration");
    database.migrate_back(migrations()).await.expect("the first migration's way back");
    let versions = applied(&client).await;
    assert_eq!(versions, 0);
    let mut before = schema(&client).await;
    while database.migrate_next(migrations()).await.is_ok() {
        let after = schema(&client).await;
        database.migrate_back(migrations()).await.expect("a way back");
        assert_eq!(schema(&client).await, before, "back from migration {}", applied(&client).await + 1);
        database.migrate_next(migrations()).await.expect("the same migration again");
        assert_eq!(schema(&client).await, after, "migration {} the second time", applied(&client).await);
        before = after;
    }
    database.migrate(migrations()).await.expect("nothing left to migrate");
    assert_eq!(schema(&client).await, before, "the end was reached");
}

async fn schema(client: &Client) -> Vec<String> {
    client.query(SCHEMA, &[]).await.expect("the schema").iter().map(|row| row.get(0)).collect()
}

async fn applied(client: &Client) -> i64 {
    let count = "SELECT count(*) FROM __diesel_schema_migrations";
    client.query_one(count, &[]).await.expect("the versions").get(0)
}
