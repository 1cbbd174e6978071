//! Connecting, TLS, scripts that the server doesn't know, and the end.

use kit::cache::{Held, Lease, Space, Wanted};

use super::*;

async fn works(cache: &RedisCache) -> bool {
    let space = Space { prefix: "test:works:1".to_owned(), lease: SOON, change: SOON };
    let name = fastrand::u64(..).to_string();
    let wanted = [Wanted { name, floor: Version(0), lease: Lease { process: 0, number: 0 } }];
    matches!(cache.get_many(&space, &wanted).await.as_deref(), Ok([Held::Leased { .. }]))
}

async fn until_works(cache: &RedisCache) -> Duration {
    let start = tokio::time::Instant::now();
    wait_within(SOON, "Redis to be used again", async || works(cache).await.then_some(())).await;
    start.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_isnt_there_yet_is_used_when_it_is() {
    let mut redis = TestRedis::start();
    redis.kill();
    let start = tokio::time::Instant::now();
    let cache = RedisCache::connect(&redis.url()).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    let start = tokio::time::Instant::now();
    assert!(!works(&cache).await);
    assert!(start.elapsed() < Duration::from_millis(500), "told at once: {:?}", start.elapsed());
    redis.restart();
    until_works(&cache).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_or_wakes_up_is_used_again() {
    let mut redis = TestRedis::start();
    let cache = RedisCache::connect(&redis.url()).await.unwrap();
    assert!(works(&cache).await);
    for _ in 0..3 {
        redis.kill();
        assert!(!works(&cache).await);
        // It doesn't know the scripts any more.
        redis.restart();
        let took = until_works(&cache).await;
        assert!(took < Duration::from_secs(5), "{took:?}");
        redis.freeze();
        assert!(!works(&cache).await);
        redis.thaw();
        until_works(&cache).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_that_the_server_has_forgotten_are_told_again() {
    let redis = TestRedis::start();
    let cache = RedisCache::connect(&redis.url()).await.unwrap();
    for _ in 0..3 {
        assert!(works(&cache).await);
        assert!(works(&cache).await);
        assert!(redis.ask("SCRIPT FLUSH").starts_with("+OK"));
    }
    let stats = redis.ask("INFO commandstats");
    let calls = |command: &str| {
        let line = stats.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
        line.and_then(|line| line.split(',').next()?.parse::<u64>().ok()).unwrap_or(0)
    };
    assert_eq!((calls("evalsha"), calls("eval")), (6, 3), "by hash, and once by text after each loss");
}

#[tokio::test(flavor = "multi_thread")]
async fn speaks_tls_to_servers_that_it_can_check() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let redis = TestRedis::start_with_tls(&certificate, &key);
    let url = format!("rediss://localhost:{}", redis.port());
    let known = RedisCache::connect(&format!("{url}?sslrootcert={}", certificate.display())).await.unwrap();
    assert!(works(&known).await);
    let unknown = RedisCache::connect(&url).await.unwrap();
    assert!(!works(&unknown).await);
    let plain = RedisCache::connect(&redis.url()).await.unwrap();
    assert!(!works(&plain).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_used_and_never_shown() {
    let redis = TestRedis::start();
    assert!(redis.ask("ACL SETUSER shop on >s3cr3t ~* +@all").starts_with("+OK"));
    assert!(redis.ask("ACL SETUSER default off").starts_with("+OK"));
    let url = |password: &str| format!("redis://shop:{password}@127.0.0.1:{}", redis.port());
    let allowed = RedisCache::connect(&url("s3cr3t")).await.unwrap();
    assert!(works(&allowed).await);
    assert!(!format!("{allowed:?}").contains("s3cr3t"));
    let refused = RedisCache::connect(&url("0ther")).await.unwrap();
    assert!(!works(&refused).await);
    assert!(!format!("{refused:?}").contains("0ther"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_client_that_was_closed_or_dropped() {
    let redis = TestRedis::start();
    let clients = || redis.ask("CLIENT LIST").matches(" addr=").count() - 1;
    let closed = RedisCache::connect(&redis.url()).await.unwrap();
    assert!(works(&closed).await);
    let dropped = RedisCache::connect(&redis.url()).await.unwrap();
    assert!(works(&dropped).await);
    assert_eq!(clients(), 2);
    closed.close().await;
    assert!(!works(&closed).await);
    until("a client", || clients() == 1).await;
    drop(dropped);
    until("its end", || clients() == 0).await;
}
