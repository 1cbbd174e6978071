//! When a service can be used: an operation on it succeeds.

use std::time::{Duration, Instant};

use mongo_catalogue::{MongoCatalogue, MongoConfig};
use products::store::StoreError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::addresses::Addresses;
use super::kind::Kind;
use crate::failure::{Failure, chain};

/// Pulsar takes up to 20 s on busy processors, and a minute and more on those that ten others want as well. Who ended isn't waited for.
const READY_MAX: Duration = Duration::from_secs(180);
/// Between two tries.
const TRY_EACH: Duration = Duration::from_millis(100);
/// One try: who takes longer isn't ready.
const TRY_MAX: Duration = Duration::from_secs(10);
/// What the primary's standby looks like when it follows.
const FOLLOWS: &str = "SELECT pg_is_in_recovery() AND status = 'streaming' FROM pg_stat_wal_receiver";
/// Kept for a millisecond: see whether it can be written.
const REDIS_WRITE: &[u8] = b"SET stack:started 1 PX 1\r\n";
const REDIS_WRITTEN: &[u8] = b"+OK\r\n";
/// Has the broker publish to a topic of its own, and read that: the REST interface answers seconds before this succeeds.
const PULSAR_CHECK: &str = "admin/v2/brokers/health";

/// Tries the operation until it succeeds.
pub async fn wait(kind: Kind, addresses: &Addresses) -> Result<(), Failure> {
    let deadline = Instant::now() + READY_MAX;
    loop {
        let reason = match tokio::time::timeout(TRY_MAX, operate(kind, addresses)).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(reason)) => reason,
            Err(_) => "no answer".to_owned(),
        };
        if Instant::now() > deadline {
            return Err(Failure::environment(format!("{} isn't ready: {reason}", kind.name())));
        }
        tokio::time::sleep(TRY_EACH).await;
    }
}

/// The operation; else why it didn't succeed.
async fn operate(kind: Kind, addresses: &Addresses) -> Result<(), String> {
    match kind {
        Kind::Primary => ask(&addresses.server(kind), "SELECT NOT pg_is_in_recovery()").await,
        Kind::Standby => ask(&addresses.server(kind), FOLLOWS).await,
        Kind::Redis => write_to_redis(addresses).await.map_err(|error| chain(&error)),
        Kind::Pulsar => get(&format!("{}/{PULSAR_CHECK}", addresses.pulsar().1)).await,
        Kind::Mongo => make_indexes(addresses).await,
        Kind::S3 => get(&format!("http://{}/health", addresses.socket(kind))).await,
    }
}

async fn ask(server: &str, question: &str) -> Result<(), String> {
    let failed = |error: tokio_postgres::Error| chain(&error);
    let (client, connection) =
        tokio_postgres::connect(&format!("{server}/postgres"), tokio_postgres::NoTls).await.map_err(failed)?;
    tokio::select! {
        row = client.query_opt(question, &[]) => match row.map_err(failed)?.map(|row| row.try_get(0)) {
            Some(Ok(true)) => Ok(()),
            _ => Err(format!("not yet: {question}")),
        },
        ended = connection => Err(ended.err().map_or_else(|| "it hung up".to_owned(), |error| chain(&error))),
    }
}

async fn write_to_redis(addresses: &Addresses) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(addresses.socket(Kind::Redis)).await?;
    stream.write_all(REDIS_WRITE).await?;
    let mut answer = [0; REDIS_WRITTEN.len()];
    stream.read_exact(&mut answer).await?;
    if answer == REDIS_WRITTEN { Ok(()) } else { Err(std::io::Error::other("it takes nothing")) }
}

async fn get(url: &str) -> Result<(), String> {
    let answer = reqwest::get(url).await;
    answer.and_then(reqwest::Response::error_for_status).map(drop).map_err(|error| chain(&error))
}

async fn make_indexes(addresses: &Addresses) -> Result<(), String> {
    let failed = |error: StoreError| chain(&error);
    let catalogue = MongoCatalogue::open(&addresses.mongo(), MongoConfig::default()).await.map_err(failed)?;
    catalogue.prepare().await.map_err(failed)
}
