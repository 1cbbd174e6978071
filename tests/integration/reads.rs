//! Reads through caches and a replica, over the whole program: who has written is shown what it wrote, and neither a standby nor a Redis
//! that dies costs a read.

use kit::testing::{TestRedis, TestStandby, wait_for};
use serde_json::json;

use crate::support::callers::Callers;
use crate::support::process::{self, Process};
use crate::support::shop::{start_dev, token};

/// Writes and their reads in each state of the stores: a read through what lags would be told from one that isn't by the first.
const PAIRS: usize = 25;

/// `dev` over a primary with a hot standby, and a Redis.
struct Stores {
    _dev: Process,
    callers: Callers,
    standby: TestStandby,
    redis: TestRedis,
    _folder: tempfile::TempDir,
}

impl Stores {
    async fn start() -> Self {
        let (standby, redis) = (TestStandby::start(), TestRedis::start());
        let folder = tempfile::tempdir().expect("a folder");
        let services = folder.path().join("services.yaml");
        let config = json!({
            "databases": { "replicas": [standby.standby_url()] },
            "cache": { "redis": { "url": redis.url() } },
        });
        std::fs::write(&services, config.to_string()).expect("a file");
        let mut command = process::command(&["dev", "--listen", "127.0.0.1:0", "--seed", "small"]);
        command.args(["--database-url", &standby.primary_url(), "--services"]).arg(services);
        command.arg("--data-dir").arg(folder.path().join("data"));
        let dev = start_dev(command).await;
        let (customer, administrator) = (token(&dev, "customer"), token(&dev, "administrator"));
        let callers = Callers { graphql: dev.graphql(), customer, administrator };
        Self { _dev: dev, callers, standby, redis, _folder: folder }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_read_their_writes_and_no_store_beside_the_primary_is_needed() {
    let mut stores = Stores::start().await;
    stores.callers.write_and_read_back("all", PAIRS).await;
    stores.callers.restock_and_read_back(PAIRS).await;
    stores.callers.read_everything().await;
    wait_for("keys in Redis", async || (!stores.redis.ask("DBSIZE").starts_with(":0\r")).then_some(())).await;
    wait_for("reads on the standby", async || {
        stores.callers.read_everything().await;
        let (client, connection) = tokio_postgres::connect(&stores.standby.standby_url(), tokio_postgres::NoTls).await.ok()?;
        tokio::spawn(connection);
        let read = "SELECT count(DISTINCT datname) FROM pg_stat_activity \
            WHERE datname IN ('users', 'products', 'stock', 'orders', 'payments', 'notifications') AND query LIKE 'SELECT%' AND query NOT LIKE '%pg_%'";
        (client.query_one(read, &[]).await.ok()?.get::<_, i64>(0) == 6).then_some(())
    })
    .await;
    stores.standby.pause().await;
    stores.callers.write_and_read_back("lagging", PAIRS).await;
    stores.callers.restock_and_read_back(PAIRS).await;
    stores.standby.resume().await;
    stores.standby.kill_standby();
    stores.callers.write_and_read_back("no standby", PAIRS).await;
    stores.callers.restock_and_read_back(PAIRS).await;
    stores.callers.read_everything().await;
    stores.redis.kill();
    stores.callers.write_and_read_back("neither", PAIRS).await;
    stores.callers.restock_and_read_back(PAIRS).await;
    stores.callers.read_everything().await;
    stores.redis.restart();
    stores.standby.start_standby();
    stores.callers.write_and_read_back("again", PAIRS).await;
    stores.callers.restock_and_read_back(PAIRS).await;
}
