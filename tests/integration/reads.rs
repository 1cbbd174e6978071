//! Reads through caches and a replica, over the whole program: who has written is shown what it wrote, and neither a standby nor a Redis
//! that dies costs a read.

use kit::testing::{TestRedis, TestStandby};
use serde_json::{Value, json};

use crate::support::client::{self, Answer};
use crate::support::process::{self, Process};
use crate::support::shop::{start_dev, token};
use crate::support::wait::eventually;

/// Writes and their reads in each state of the stores: a read through what lags would be told from one that isn't by the first.
const PAIRS: usize = 25;
/// Patience with a loaded machine.
const WAIT_MAX: std::time::Duration = std::time::Duration::from_secs(60);

/// `dev` over a primary with a hot standby, and a Redis.
struct Stores {
    dev: Process,
    customer: String,
    administrator: String,
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
        Self { dev, customer, administrator, standby, redis, _folder: folder }
    }

    async fn ask(&self, token: &str, query: &str, read_after: Option<&str>) -> Answer {
        let mut request = reqwest::Client::new().post(self.dev.graphql()).bearer_auth(token);
        request = request.header("content-type", "application/json").body(json!({ "query": query }).to_string());
        if let Some(read_after) = read_after {
            request = request.header("x-read-after", read_after);
        }
        let answer = client::send(request).await;
        assert!(answer.json()["errors"].is_null(), "{query}: {answer:?}");
        answer
    }

    /// Names are written and read back: by the writer without a word, and by another one with what the writer was told.
    async fn write_and_read_back(&self, state: &str) {
        let id = self.ask(&self.customer, "{ me { id } }", None).await.json()["data"]["me"]["id"].clone();
        let of_user = format!("{{ user(id: {id}) {{ name }} }}");
        for round in 0..PAIRS {
            let name = format!("{state} {round}");
            let change = format!("mutation {{ updateProfile(input: {{ name: \"{name}\" }}) {{ user {{ name }} }} }}");
            let changed = self.ask(&self.customer, &change, None).await;
            let read_after = changed.header("x-read-after");
            assert!(read_after.starts_with("users="), "{changed:?}");
            let own = self.ask(&self.customer, "{ me { name } }", None).await;
            assert_eq!(own.json()["data"]["me"]["name"], Value::from(name.as_str()));
            assert_eq!(own.header("x-read-after"), "", "nothing was written");
            let others = self.ask(&self.administrator, &of_user, Some(&read_after)).await;
            assert_eq!(others.json()["data"]["user"]["name"], Value::from(name.as_str()));
        }
        let last = format!("{state} {}", PAIRS - 1);
        eventually(WAIT_MAX, "others to see it without being told", async || {
            let seen = self.ask(&self.administrator, &of_user, None).await;
            (seen.json()["data"]["user"]["name"] == last.as_str()).then_some(())
        })
        .await;
    }

    /// What one page over all services that keep something says to who may see all of it.
    async fn read_everything(&self) {
        let query = "{ products(first: 2) { edges { node { id } } } users(first: 5) { edges { node { name addresses { city } orders(first: 3) { edges { node { number status \
            lines { product { name price { amountMinor } } } payments { status } } } } } } } }";
        let answer = self.ask(&self.administrator, query, None).await;
        assert!(answer.text.contains("\"price\""), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_read_their_writes_and_no_store_beside_the_primary_is_needed() {
    let mut stores = Stores::start().await;
    stores.write_and_read_back("all").await;
    stores.read_everything().await;
    eventually(WAIT_MAX, "keys in Redis", async || (!stores.redis.ask("DBSIZE").starts_with(":0\r")).then_some(()))
        .await;
    eventually(WAIT_MAX, "reads on the standby", async || {
        stores.read_everything().await;
        let (client, connection) = tokio_postgres::connect(&stores.standby.standby_url(), tokio_postgres::NoTls).await.ok()?;
        tokio::spawn(connection);
        let read = "SELECT count(DISTINCT datname) FROM pg_stat_activity \
            WHERE datname IN ('users', 'products', 'orders', 'payments') AND query LIKE 'SELECT%' AND query NOT LIKE '%pg_%'";
        (client.query_one(read, &[]).await.ok()?.get::<_, i64>(0) == 4).then_some(())
    })
    .await;
    stores.standby.pause().await;
    stores.write_and_read_back("lagging").await;
    stores.standby.resume().await;
    stores.standby.kill_standby();
    stores.write_and_read_back("no standby").await;
    stores.read_everything().await;
    stores.redis.kill();
    stores.write_and_read_back("neither").await;
    stores.read_everything().await;
    stores.redis.restart();
    stores.standby.start_standby();
    stores.write_and_read_back("again").await;
}
