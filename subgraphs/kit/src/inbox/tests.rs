//! Who handles an event, and for how long that is known.

use std::time::Duration;

use diesel_async::{AsyncConnection as _, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use uuid::Uuid;

use super::{first_time, forget};
use crate::{
    database::DatabaseError,
    testing::{TestDatabase, wait_for},
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

#[tokio::test(flavor = "multi_thread")]
async fn each_consumer_meets_an_event_once() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let mut connection = test.database().connection().await.unwrap();
    let event = Uuid::now_v7();
    for (consumer, first) in [("a.b", true), ("a.b", false), ("a.c", true), ("a.b", false)] {
        assert_eq!(first_time(&mut connection, consumer, event).await.unwrap(), first, "{consumer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rolled_back_was_not_met() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let event = Uuid::now_v7();
    let failed = test
        .database()
        .unit(async |connection| {
            assert!(first_time(connection, "a.b", event).await?);
            Err::<(), _>(DatabaseError::Statement(diesel::result::Error::RollbackTransaction))
        })
        .await;
    assert!(failed.is_err());
    let mut connection = test.database().connection().await.unwrap();
    assert!(first_time(&mut connection, "a.b", event).await.unwrap());
}

/// The second waits for the first one's end, and handles the event if the first one fails.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_the_same_time_one_waits() {
    for first_succeeds in [true, false] {
        let test = TestDatabase::create("kit", MIGRATIONS).await;
        let (database, event) = (test.database().clone(), Uuid::now_v7());
        let mut first = database.connection().await.unwrap();
        first.batch_execute("BEGIN").await.unwrap();
        assert!(first_time(&mut first, "a.b", event).await.unwrap());
        let second = tokio::spawn({
            let database = database.clone();
            async move {
                let mut connection = database.connection().await.unwrap();
                connection.transaction(async |connection| first_time(connection, "a.b", event).await).await
            }
        });
        let observer = database.bulk_connection().await.unwrap();
        wait_for("the second to wait", async || {
            let waiting =
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
            let waiting: i64 = observer.query_one(waiting, &[]).await.unwrap().get(0);
            (waiting == 1).then_some(())
        })
        .await;
        first.batch_execute(if first_succeeds { "COMMIT" } else { "ROLLBACK" }).await.unwrap();
        assert_eq!(second.await.unwrap().unwrap(), !first_succeeds);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forgets_what_is_old_in_batches() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let mut connection = test.database().connection().await.unwrap();
    let fill = "INSERT INTO inbox SELECT 'a.b', gen_random_uuid(), now() - make_interval(days => n % 3) \
        FROM generate_series(0, 6999) AS n";
    connection.batch_execute(fill).await.unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    assert_eq!(forget(test.database(), day * 3 / 2).await.unwrap(), 2_333);
    assert_eq!(forget(test.database(), day * 3 / 2).await.unwrap(), 0);
    let client = test.database().bulk_connection().await.unwrap();
    assert_eq!(client.query_one("SELECT count(*) FROM inbox", &[]).await.unwrap().get::<_, i64>(0), 4_667);
}
