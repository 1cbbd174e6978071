//! Migrations that are run where there are rows.

use std::collections::{BTreeMap, BTreeSet};

use diesel_migrations::EmbeddedMigrations;
use serde_json::Value;
use tokio_postgres::Client;

use crate::Database;

/// The columns of each table, of those that aren't the migrations' own.
const COLUMNS: &str = "SELECT table_name::text, array_agg(column_name::text) FROM information_schema.columns \
    JOIN information_schema.tables USING (table_schema, table_name) \
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '__diesel_schema_migrations' GROUP BY 1";

/// A table: its columns, and its rows as objects.
struct Table {
    columns: BTreeSet<String>,
    rows: Vec<Value>,
}

type Tables = BTreeMap<String, Table>;

/// Takes a database that has rows back by one migration after the other, each time down, up and down again: what the tables of both
/// versions have in common must stay as it is. Gives how many tables had rows in the beginning. Needs a multi-threaded runtime.
///
/// # Panics
/// When it doesn't.
pub async fn migrations_keep_rows(database: &Database, migrations: fn() -> EmbeddedMigrations) -> usize {
    let client = database.bulk_connection().await.expect("a connection");
    let mut above = tables(&client).await;
    let filled = above.values().filter(|table| !table.rows.is_empty()).count();
    loop {
        let version = newest(&client).await;
        database.migrate_back(migrations()).await.expect("a way back");
        if newest(&client).await.is_none() {
            return filled;
        }
        let below = tables(&client).await;
        assert_eq!(common(&above, &below), common(&below, &above), "back from {version:?}");
        database.migrate_next(migrations()).await.expect("the same migration again");
        let again = tables(&client).await;
        assert_eq!(common(&again, &below), common(&below, &again), "{version:?} once more");
        database.migrate_back(migrations()).await.expect("a way back");
        above = below;
    }
}

async fn newest(client: &Client) -> Option<String> {
    let newest = "SELECT max(version) FROM __diesel_schema_migrations";
    client.query_one(newest, &[]).await.expect("the versions").get(0)
}

async fn tables(client: &Client) -> Tables {
    let mut tables = Tables::new();
    for row in client.query(COLUMNS, &[]).await.expect("the columns") {
        let (name, columns): (String, Vec<String>) = (row.get(0), row.get(1));
        let rows = client.query(&format!("SELECT to_jsonb(t)::text FROM \"{name}\" t"), &[]).await.expect("the rows");
        let rows = rows.iter().map(|row| serde_json::from_str(row.get(0)).expect("JSON")).collect();
        tables.insert(name, Table { columns: columns.into_iter().collect(), rows });
    }
    tables
}

/// The rows of one version, of the tables and columns alone that the other has, too.
fn common<'a>(of: &'a Tables, other: &Tables) -> BTreeMap<&'a str, Vec<String>> {
    let both = of.iter().filter_map(|(name, table)| Some((name.as_str(), table, &other.get(name)?.columns)));
    both.map(|(name, table, columns)| {
        let columns: Vec<&String> = table.columns.intersection(columns).collect();
        let line = |row: &Value| columns.iter().map(|&column| format!("{column}={}; ", row[column])).collect();
        let mut lines: Vec<String> = table.rows.iter().map(line).collect();
        lines.sort();
        (name, lines)
    })
    .collect()
}
