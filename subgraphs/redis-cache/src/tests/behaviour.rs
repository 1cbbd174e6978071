//! What every shared tier has to do, and what Redis alone can do to us.

use bytes::Bytes;
use kit::cache::{Held, Lease, NamedChange, Offer, Outcome, Space, Wanted};

use super::*;

const TTL: Duration = Duration::from_secs(60);

kit::shared_cache_behaviour_tests!(async || {
    let redis = TestRedis::start();
    (Arc::new(RedisCache::connect(&redis.url()).await.unwrap()) as Arc<dyn SharedCache>, redis)
});

struct Tier {
    redis: TestRedis,
    cache: RedisCache,
    space: Space,
}

impl Tier {
    async fn start() -> Self {
        let redis = TestRedis::start();
        let cache = RedisCache::connect(&redis.url()).await.unwrap();
        let (lease, change) = (Duration::from_secs(5), Duration::from_secs(15));
        Self { redis, cache, space: Space { prefix: "test:thing:1".to_owned(), lease, change } }
    }

    async fn get(&self, name: &str, lease: Lease) -> Held {
        let wanted = [Wanted { name: name.to_owned(), floor: Version(0), lease }];
        self.cache.get_many(&self.space, &wanted).await.unwrap().remove(0)
    }

    async fn put(&self, name: &str, lease: Lease) -> bool {
        let outcome = Outcome::Value(Version(1), Bytes::from_static(b"1"), TTL);
        self.cache.put_many(&self.space, &[Offer { name: name.to_owned(), lease, outcome }]).await.unwrap().remove(0)
    }

    async fn forget(&self, name: &str) {
        let changes = [NamedChange { name: name.to_owned(), version: Some(Version(9)) }];
        self.cache.forget_many(&self.space, &changes).await.unwrap();
    }

    /// Puts a value into an empty place.
    async fn fill(&self, name: &str) {
        let lease = lease();
        assert_eq!(self.get(name, lease).await, Held::Leased { changed: false });
        assert!(self.put(name, lease).await);
    }
}

fn lease() -> Lease {
    Lease { process: 1, number: fastrand::u64(..) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_flushed_never_comes_back() {
    let tier = Tier::start().await;
    tier.fill("value").await;
    let mine = lease();
    assert_eq!(tier.get("lease", mine).await, Held::Leased { changed: false });
    assert!(tier.redis.ask("FLUSHALL").starts_with("+OK"));
    assert!(!tier.put("lease", mine).await);
    assert_eq!(tier.get("value", mine).await, Held::Leased { changed: false });
}

/// The generation alone may be thrown out, too, and the clock may stand still.
#[tokio::test(flavor = "multi_thread")]
async fn a_generation_that_was_lost_never_comes_back() {
    let tier = Tier::start().await;
    tier.fill("value").await;
    assert!(tier.redis.ask("DEL test:thing:1#generation").starts_with(":1"));
    assert_eq!(tier.get("value", lease()).await, Held::Leased { changed: false });
    for _ in 0..100 {
        let before = tier.redis.ask("GET test:thing:1#generation");
        tier.cache.clear(&tier.space).await.unwrap();
        assert!(tier.redis.ask("GET test:thing:1#generation") > before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_expires() {
    let tier = Tier::start().await;
    tier.fill("value").await;
    tier.fill("changed").await;
    tier.forget("changed").await;
    tier.forget("nothing").await;
    assert_eq!(tier.get("leased", lease()).await, Held::Leased { changed: false });
    tier.cache.raise(&tier.space, "number", 5).await.unwrap();
    let keys = tier.redis.ask("KEYS *");
    let names: Vec<&str> = keys.lines().filter(|line| line.contains(':') && !line.contains('#')).collect();
    assert_eq!(names.len(), 5, "{keys}");
    for name in names {
        let life = tier.redis.ask(&format!("PTTL {name}"));
        let life: i64 = life.lines().next().unwrap().trim_start_matches(':').parse().unwrap();
        assert!((1..=60_000).contains(&life), "{name} lives {life} ms");
    }
}
