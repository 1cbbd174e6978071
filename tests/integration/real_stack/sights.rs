//! What shows that an arrow carries traffic: a number that grows.

use kit::GlobalId as _;
use mongo_catalogue::{MongoCatalogue, MongoConfig};
use products::ProductId;
use products::store::ProductStore as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio_postgres::NoTls;

use super::platform::Platform;

/// Something that can be counted.
#[derive(Clone, Copy, Debug)]
pub enum Sight {
    /// What a statement counts in a service's PostgreSQL database.
    Rows(&'static str, &'static str),
    /// How often a table of a service's database was read on the standby, which counts for itself.
    Scans(&'static str, &'static str),
    /// Keys of a pattern in Redis.
    Keys(&'static str),
    /// The version of the product that is changed, as its document in MongoDB has it.
    Document,
    /// Objects below a name, which are files of the object store's folder.
    Objects(&'static str),
    /// Messages published on a topic.
    Published(&'static str),
    /// Messages of a topic that were handed to a group, which has acknowledged all of them.
    Consumed(&'static str, &'static str),
}

impl Sight {
    /// The number now; `None` while what is to be counted isn't there, or somebody still works on it. `product` is the one that is
    /// changed, by its global id.
    pub async fn count(&self, platform: &Platform, product: &str) -> Option<u64> {
        match *self {
            Self::Rows(database, statement) => Some(rows(platform, database, statement).await),
            Self::Scans(database, table) => Some(scans(&platform.standby(database), table).await),
            Self::Keys(pattern) => Some(keys(platform.redis(), pattern).await),
            Self::Document => version(platform, product).await,
            Self::Objects(name) => {
                let files = std::fs::read_dir(platform.objects().join(name)).ok()?;
                Some(files.count().try_into().expect("a count"))
            }
            Self::Published(topic) => platform.broker().traffic(topic).await.map(|traffic| traffic.published),
            Self::Consumed(topic, group) => {
                let traffic = platform.broker().traffic(topic).await?;
                let subscription = traffic.subscriptions.get(group)?;
                (subscription.waiting == 0).then_some(subscription.handed_out)
            }
        }
    }
}

/// What a statement counts in one of the platform's databases.
pub async fn rows(platform: &Platform, database: &str, statement: &str) -> u64 {
    number(&platform.database(database), statement).await
}

async fn scans(url: &str, table: &str) -> u64 {
    let counted = "seq_scan + coalesce(idx_scan, 0)";
    let statement =
        format!("SELECT coalesce(sum({counted}), 0)::bigint FROM pg_stat_user_tables WHERE relname = '{table}'");
    number(url, &statement).await
}

async fn keys(port: u16, pattern: &str) -> u64 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("Redis");
    stream.write_all(format!("KEYS {pattern}\r\n").as_bytes()).await.expect("a command");
    let mut count = String::new();
    BufReader::new(stream).read_line(&mut count).await.expect("an answer");
    count.strip_prefix('*').and_then(|count| count.trim().parse().ok()).unwrap_or_else(|| panic!("{count}"))
}

async fn number(url: &str, statement: &str) -> u64 {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a database");
    let connection = tokio::spawn(connection);
    let row = client.query_one(statement, &[]).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    drop(client);
    connection.await.expect("no panic").expect("an end in order");
    u64::try_from(row.get::<_, i64>(0)).expect("a count")
}

async fn version(platform: &Platform, product: &str) -> Option<u64> {
    let id = ProductId::parse_global(product).expect("a product's id");
    let catalogue = MongoCatalogue::open(&platform.mongo(), MongoConfig::default()).await.expect("MongoDB");
    let found = catalogue.product_list_by_id(&[id]).await.expect("the catalogue");
    found.first().map(|product| u64::try_from(product.version).expect("a version"))
}
