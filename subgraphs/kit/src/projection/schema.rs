//! The schemas in which a projection's tables are. Names were checked: they stand in statements as they are.

use diesel::QueryResult;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};

use super::{Definition, Generation};

/// How long a schema that nobody reads any more is waited for: somebody may have begun to before the swap.
const DROP_LOCK_TIMEOUT: &str = "1s";

/// What a generation's schema is called.
pub(super) fn name(definition: &Definition, generation: Generation) -> String {
    match generation {
        Generation::Live => definition.name.to_owned(),
        Generation::Next | Generation::Old => format!("{}_{}", definition.name, generation.as_str()),
    }
}

/// Makes the schema and its empty tables. Refused by PostgreSQL if there is one of that name, which isn't ours then.
pub(super) async fn create(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> QueryResult<()> {
    connection.batch_execute(&format!("CREATE SCHEMA {}", name(definition, generation))).await?;
    enter(connection, definition, generation).await?;
    connection.batch_execute(definition.tables).await?;
    leave(connection).await
}

/// From here on tables without a schema are the generation's, and no others.
pub(super) async fn enter(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> QueryResult<()> {
    connection.batch_execute(&format!("SET LOCAL search_path TO {}", name(definition, generation))).await
}

/// From here on tables are found as usual.
pub(super) async fn leave(connection: &mut AsyncPgConnection) -> QueryResult<()> {
    connection.batch_execute("SET LOCAL search_path TO DEFAULT").await
}

/// Makes the next generation the live one, and the live one the old one. Waits for nobody: who reads the old tables goes on.
pub(super) async fn rename(connection: &mut AsyncPgConnection, definition: &Definition) -> QueryResult<()> {
    let [live, next, old] = [Generation::Live, Generation::Next, Generation::Old].map(|of| name(definition, of));
    let rename = format!("ALTER SCHEMA {live} RENAME TO {old}; ALTER SCHEMA {next} RENAME TO {live}");
    connection.batch_execute(&rename).await
}

/// Drops a schema and its tables.
pub(super) async fn drop(
    connection: &mut AsyncPgConnection,
    definition: &Definition,
    generation: Generation,
) -> QueryResult<()> {
    let schema = name(definition, generation);
    let drop = format!("SET LOCAL lock_timeout = '{DROP_LOCK_TIMEOUT}'; DROP SCHEMA {schema} CASCADE");
    connection.batch_execute(&drop).await
}
