//! Snapshots bound what is read, and decide nothing.

use super::*;

/// The snapshot's version, and its state's text.
async fn stored(database: &Database) -> Option<(i32, i32, String)> {
    let client = database.bulk_connection().await.unwrap();
    let row = client.query_opt("SELECT version, schema_version, state FROM snapshot", &[]).await.unwrap()?;
    Some((row.get(0), row.get(1), row.get(2)))
}

#[tokio::test(flavor = "multi_thread")]
async fn are_taken_every_so_many_events() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    for number in 1..=35_u32 {
        deposit(database, id, 1).await;
        let version = stored(database).await.map_or(0, |(version, ..)| version.unsigned_abs());
        assert_eq!(version, number / 10 * 10);
        let loaded = account(database, id).await;
        assert_eq!((loaded.version(), loaded.state().cents), (number, i64::from(number)));
    }
    assert_eq!(stored(database).await.unwrap().2, r#"{"cents":30,"withdrawals":0}"#);
}

/// Seen by a state that its events don't make.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_one_is_not_read_again() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    decide(database, id, |_| vec![deposited(1); 12]).await.unwrap();
    deposit(database, id, 5).await;
    let client = database.bulk_connection().await.unwrap();
    let change = async |what: &str| client.batch_execute(&format!("UPDATE snapshot SET {what}")).await.unwrap();
    change(r#"state = '{"cents":1000,"withdrawals":0}'"#).await;
    assert_eq!((account(database, id).await.version(), account(database, id).await.state().cents), (13, 1005));
    change("schema_version = 2").await;
    assert_eq!((account(database, id).await.version(), account(database, id).await.state().cents), (13, 17));
    change("schema_version = 1, state = '{}'").await;
    assert_eq!(account(database, id).await.state().cents, 17, "one that can't be read is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_another_shape_is_replaced() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    decide(database, id, |_| vec![deposited(1); 12]).await.unwrap();
    let client = database.bulk_connection().await.unwrap();
    client.batch_execute("UPDATE snapshot SET schema_version = 7, version = 99").await.unwrap();
    deposit(database, id, 1).await;
    let (version, schema_version, _) = stored(database).await.unwrap();
    assert_eq!((version, schema_version), (13, 1));
}

/// Longer than what is read at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_stream_is_read_without_one() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    for _ in 0..3 {
        decide(database, id, |_| vec![deposited(1); 700]).await.unwrap();
    }
    database.bulk_connection().await.unwrap().batch_execute("DELETE FROM snapshot").await.unwrap();
    let loaded = account(database, id).await;
    assert_eq!((loaded.version(), loaded.state().cents), (2_100, 2_100));
}
