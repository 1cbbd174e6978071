//! Writers who read through another process, known by who they are alone.

use diesel_async::SimpleAsyncConnection as _;
use kit::{
    Database,
    database::{DatabaseConfig, Lsn},
    recent_writers::{REMEMBERED, RecentWriters},
    testing::{TestStandby, wait_for},
};

use super::*;

async fn process(pair: &TestStandby, redis: &TestRedis) -> (Database, RecentWriters) {
    let replicas = [pair.standby_url()];
    let config = DatabaseConfig::default();
    let database = Database::connect_with_replicas(&pair.primary_url(), &replicas, config).await.unwrap();
    let client: Arc<dyn SharedCache> = Arc::new(RedisCache::connect(&redis.url()).await.unwrap());
    let writers = RecentWriters::new("orders", database.clone(), Some(SharedTier::new(client, Duration::from_secs(5))));
    (database, writers)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_is_known_to_other_processes_and_what_redis_cant_tell_is_made_up_for() {
    let (pair, mut redis) = (TestStandby::start(), TestRedis::start());
    let (_, here) = process(&pair, &redis).await;
    let (elsewhere, there) = process(&pair, &redis).await;
    assert_eq!(there.freshness(Some("ann"), None).await, Freshness::Recent);
    let handed = here.wrote(Some("ann")).await;
    let position = handed.position("orders").unwrap();
    assert!(position > Lsn(0));
    assert_eq!(there.freshness(Some("ann"), None).await, Freshness::AtLeast(position));
    assert_eq!(there.freshness(Some("bob"), None).await, Freshness::Recent);
    assert_eq!(there.freshness(None, Some(&handed.to_string())).await, Freshness::AtLeast(position));
    tokio::time::sleep(REMEMBERED + Duration::from_millis(100)).await;
    assert_eq!(there.freshness(Some("ann"), None).await, Freshness::Recent);

    // Redis goes away: who wrote before is known to it alone, so for a while everybody may have.
    assert!(!here.wrote(Some("ann")).await.is_empty());
    redis.kill();
    let lost = tokio::time::Instant::now();
    assert_eq!(there.freshness(Some("ann"), None).await, Freshness::Latest);
    assert_eq!(there.freshness(None, None).await, Freshness::Recent);
    while lost.elapsed() < REMEMBERED - Duration::from_millis(500) {
        assert_eq!(there.freshness(Some("bob"), None).await, Freshness::Latest);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    wait_for("what was written before to be old", async || {
        (there.freshness(Some("bob"), None).await == Freshness::Recent).then_some(())
    })
    .await;

    // Who writes now waits until no process reads anything older.
    pair.pause().await;
    let start = tokio::time::Instant::now();
    let client = elsewhere.bulk_connection().await.unwrap();
    client.batch_execute("CREATE TABLE written (id int)").await.unwrap();
    assert!(!here.wrote(Some("ann")).await.is_empty());
    let waited = start.elapsed();
    let limit = Duration::from_millis(DatabaseConfig::default().replicas.lag_ms_max);
    assert!((limit..SOON).contains(&waited), "{waited:?}");
    let mut connection = elsewhere.read_connection(Freshness::Recent).await.unwrap();
    connection.batch_execute("SELECT * FROM written").await.expect("what was written");
    pair.resume().await;
}
