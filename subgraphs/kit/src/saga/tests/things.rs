//! What stock and payments remember: a thing by its order's id, and what became of it.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::{command::tests::shop::Service, database::DatabaseError};

pub(super) const TABLE: &str = "CREATE TABLE thing (id uuid PRIMARY KEY, status text NOT NULL)";

/// All of a service's.
pub(super) async fn things(service: &Service) -> BTreeMap<Uuid, String> {
    let client = service.database().bulk_connection().await.unwrap();
    let rows = client.query("SELECT id::text, status FROM thing", &[]).await.unwrap();
    rows.iter().map(|row| (row.get::<_, &str>(0).parse().unwrap(), row.get(1))).collect()
}

/// `none` of one that isn't known.
pub(super) async fn status(connection: &mut AsyncPgConnection, id: Uuid) -> Result<String, DatabaseError> {
    let select = sql_query("SELECT status FROM thing WHERE id = $1 FOR UPDATE").bind::<SqlUuid, _>(id);
    let things: Vec<Thing> = select.load(connection).await?;
    Ok(things.into_iter().next().map_or_else(|| "none".to_owned(), |thing| thing.status))
}

pub(super) async fn set(connection: &mut AsyncPgConnection, id: Uuid, status: &str) -> Result<(), DatabaseError> {
    let set = "INSERT INTO thing (id, status) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET status = $2";
    sql_query(set).bind::<SqlUuid, _>(id).bind::<Text, _>(status).execute(connection).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Thing {
    #[diesel(sql_type = Text)]
    status: String,
}
