//! What `SharedCache` promises.

use bytes::Bytes;
use kit::cache::{Held, Lease, NamedChange, Offer, Outcome, Space, Wanted};

use super::*;

const MINE: u64 = 1;
const OTHERS: u64 = 2;
const TTL: Duration = Duration::from_secs(60);

struct Tier {
    redis: TestRedis,
    cache: RedisCache,
    space: Space,
}

impl Tier {
    async fn start() -> Self {
        let redis = TestRedis::start();
        let cache = RedisCache::connect(&redis.url()).await.unwrap();
        Self { redis, cache, space: space("test:thing:1") }
    }

    async fn get(&self, name: &str, floor: u64, lease: Lease) -> Held {
        let wanted = [Wanted { name: name.to_owned(), floor: Version(floor), lease }];
        self.cache.get_many(&self.space, &wanted).await.unwrap().remove(0)
    }

    async fn put(&self, name: &str, lease: Lease, outcome: Outcome) -> bool {
        let offers = [Offer { name: name.to_owned(), lease, outcome }];
        self.cache.put_many(&self.space, &offers).await.unwrap().remove(0)
    }

    async fn forget(&self, name: &str, version: Option<u64>) {
        let changes = [NamedChange { name: name.to_owned(), version: version.map(Version) }];
        self.cache.forget_many(&self.space, &changes).await.unwrap();
    }

    /// Puts a value into an empty place.
    async fn fill(&self, name: &str, version: u64) {
        let lease = lease(MINE);
        assert!(matches!(self.get(name, 0, lease).await, Held::Leased { .. }));
        assert!(self.put(name, lease, value(version)).await);
    }
}

fn space(prefix: &str) -> Space {
    Space { prefix: prefix.to_owned(), lease: Duration::from_secs(5), change: Duration::from_secs(15) }
}

fn lease(process: u64) -> Lease {
    Lease { process, number: fastrand::u64(..) }
}

fn value(version: u64) -> Outcome {
    Outcome::Value(Version(version), text(version), TTL)
}

fn text(version: u64) -> Bytes {
    format!("version {version}").into()
}

fn held(version: u64) -> Held {
    Held::Value(Version(version), text(version))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_the_lease_puts_the_value() {
    let tier = Tier::start().await;
    let (mine, other) = (lease(MINE), lease(OTHERS));
    assert_eq!(tier.get("a", 0, mine).await, Held::Leased { changed: false });
    assert_eq!(tier.get("a", 0, other).await, Held::Busy);
    assert!(!tier.put("a", other, value(9)).await);
    assert!(tier.put("a", mine, value(3)).await);
    for floor in 0..=3 {
        assert_eq!(tier.get("a", floor, other).await, held(3));
    }
    assert!(!tier.put("a", mine, value(4)).await, "a lease is good for one value");
    // All bytes come back, and versions beyond what Lua counts.
    let bytes = Bytes::from((0..=255).chain(*b"\r\n$-1").collect::<Vec<u8>>());
    for version in [u64::MAX - 1, u64::MAX] {
        let name = version.to_string();
        assert_eq!(tier.get(&name, 0, mine).await, Held::Leased { changed: false });
        assert!(tier.put(&name, mine, Outcome::Value(Version(version), bytes.clone(), TTL)).await);
        assert_eq!(tier.get(&name, version, mine).await, Held::Value(Version(version), bytes.clone()));
    }
    assert_eq!(tier.get(&(u64::MAX - 1).to_string(), u64::MAX, mine).await, Held::Leased { changed: true });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_takes_values_and_leases_away_and_is_remembered() {
    let tier = Tier::start().await;
    for version in [Some(2), None] {
        let name = format!("{version:?}");
        // Of a value.
        tier.fill(&name, 1).await;
        tier.forget(&name, version).await;
        let mine = lease(MINE);
        assert_eq!(tier.get(&name, 0, mine).await, Held::Leased { changed: true });
        // Of a lease.
        tier.forget(&name, version.map(|version| version + 1)).await;
        assert!(!tier.put(&name, mine, value(2)).await);
        assert_eq!(tier.get(&name, 0, lease(OTHERS)).await, Held::Leased { changed: true });
    }
    // Of nothing.
    tier.forget("nothing", Some(4)).await;
    let mine = lease(MINE);
    assert_eq!(tier.get("nothing", 0, mine).await, Held::Leased { changed: true });
    assert!(!tier.put("nothing", mine, value(3)).await, "older than what it changed to");
    assert_eq!(tier.get("nothing", 0, mine).await, Held::Leased { changed: true });
    assert!(tier.put("nothing", mine, value(4)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_known_changes_nothing() {
    let tier = Tier::start().await;
    tier.fill("a", 5).await;
    for version in [0, 4, 5] {
        tier.forget("a", Some(version)).await;
        assert_eq!(tier.get("a", 5, lease(MINE)).await, held(5));
    }
    tier.forget("b", Some(7)).await;
    let mine = lease(MINE);
    assert_eq!(tier.get("b", 0, mine).await, Held::Leased { changed: true });
    tier.forget("b", Some(7)).await;
    tier.forget("b", Some(6)).await;
    assert!(tier.put("b", mine, value(7)).await, "its load began when the change was known");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_floor_is_a_change_that_the_tier_has_lost() {
    let tier = Tier::start().await;
    tier.fill("a", 1).await;
    let mine = lease(MINE);
    assert_eq!(tier.get("a", 2, mine).await, Held::Leased { changed: true });
    assert!(!tier.put("a", mine, value(1)).await);
    assert_eq!(tier.get("a", 0, lease(MINE)).await, Held::Leased { changed: true });
    // Nor may a lease from before it go on.
    let (early, late) = (lease(OTHERS), lease(MINE));
    assert_eq!(tier.get("b", 0, early).await, Held::Leased { changed: false });
    assert_eq!(tier.get("b", 2, late).await, Held::Leased { changed: true });
    assert!(!tier.put("b", early, value(1)).await);
    assert!(tier.put("b", late, value(2)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn absence_is_held_and_outlasts_no_change() {
    let tier = Tier::start().await;
    let mine = lease(MINE);
    assert_eq!(tier.get("a", 0, mine).await, Held::Leased { changed: false });
    assert!(tier.put("a", mine, Outcome::Absent(TTL)).await);
    assert_eq!(tier.get("a", 0, mine).await, Held::Absent(Version(0)));
    assert_eq!(tier.get("a", 1, mine).await, Held::Leased { changed: true });
    assert!(tier.put("a", mine, Outcome::Absent(TTL)).await);
    assert_eq!(tier.get("a", 1, mine).await, Held::Absent(Version(1)));
    tier.forget("a", Some(1)).await;
    assert_eq!(tier.get("a", 0, mine).await, Held::Leased { changed: true });
}

#[tokio::test(flavor = "multi_thread")]
async fn leases_end_with_failure_with_time_and_for_ones_own_process() {
    let mut tier = Tier::start().await;
    let (mine, other) = (lease(MINE), lease(OTHERS));
    // A load that failed leaves things as they were.
    for (name, changed) in [("quiet", false), ("changed", true)] {
        if changed {
            tier.forget(name, Some(3)).await;
        }
        assert_eq!(tier.get(name, 0, mine).await, Held::Leased { changed });
        assert!(tier.put(name, mine, Outcome::Failed).await);
        assert_eq!(tier.get(name, 0, other).await, Held::Leased { changed });
        assert_eq!(tier.get(name, 0, mine).await, Held::Busy);
    }
    // Another flight of the same process takes over, and the first one's lease is gone.
    let again = lease(MINE);
    assert_eq!(tier.get("own", 0, mine).await, Held::Leased { changed: false });
    assert_eq!(tier.get("own", 0, again).await, Held::Leased { changed: false });
    assert!(!tier.put("own", mine, value(1)).await);
    assert!(tier.put("own", again, value(1)).await);
    // A process that died.
    tier.space.lease = Duration::from_millis(50);
    tier.forget("dead", Some(3)).await;
    assert_eq!(tier.get("dead", 0, mine).await, Held::Leased { changed: true });
    let start = tokio::time::Instant::now();
    while tier.get("dead", 0, other).await == Held::Busy {
        assert!(start.elapsed() < SOON);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(start.elapsed() >= Duration::from_millis(40), "{:?}", start.elapsed());
    assert!(!tier.put("dead", mine, value(3)).await);
    assert!(!tier.put("dead", other, value(2)).await, "the change is still remembered");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cleared_or_flushed_never_comes_back() {
    let tier = Tier::start().await;
    for flush in [false, true] {
        tier.fill("value", 1).await;
        let mine = lease(MINE);
        assert_eq!(tier.get("lease", 0, mine).await, Held::Leased { changed: false });
        if flush {
            assert!(tier.redis.ask("FLUSHALL").starts_with("+OK"));
        } else {
            tier.cache.clear(&tier.space).await.unwrap();
        }
        assert!(!tier.put("lease", mine, value(1)).await);
        assert_eq!(tier.get("value", 0, mine).await, Held::Leased { changed: false });
        assert!(tier.put("value", mine, Outcome::Failed).await);
    }
    // The generation alone may be thrown out, too.
    tier.fill("value", 1).await;
    assert!(tier.redis.ask("DEL test:thing:1#generation").starts_with(":1"));
    assert_eq!(tier.get("value", 0, lease(MINE)).await, Held::Leased { changed: false });
    for _ in 0..100 {
        let before = tier.redis.ask("GET test:thing:1#generation");
        tier.cache.clear(&tier.space).await.unwrap();
        assert!(tier.redis.ask("GET test:thing:1#generation") > before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spaces_have_nothing_in_common_and_everything_expires() {
    let tier = Tier::start().await;
    tier.fill("a", 1).await;
    for other in ["test:thing:2", "test:other:1", "other:thing:1"] {
        let wanted = [Wanted { name: "a".to_owned(), floor: Version(0), lease: lease(MINE) }];
        let held = tier.cache.get_many(&space(other), &wanted).await.unwrap();
        assert_eq!(held, [Held::Leased { changed: false }]);
    }
    tier.forget("b", Some(1)).await;
    tier.forget("a", Some(9)).await;
    tier.cache.raise(&tier.space, "c", 5).await.unwrap();
    let keys = tier.redis.ask("KEYS *");
    let names: Vec<&str> = keys.lines().filter(|line| line.contains(':') && !line.contains('#')).collect();
    assert_eq!(names.len(), 6, "{keys}");
    for name in names {
        let life = tier.redis.ask(&format!("PTTL {name}"));
        let life: i64 = life.lines().next().unwrap().trim_start_matches(':').parse().unwrap();
        assert!((1..=60_000).contains(&life), "{name} lives {life} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_keys_go_at_once() {
    let tier = Tier::start().await;
    let wanted: Vec<Wanted> = (0..kit::cache::SHARED_KEYS_MAX)
        .map(|index| Wanted { name: index.to_string(), floor: Version(0), lease: lease(MINE) })
        .collect();
    let leased = tier.cache.get_many(&tier.space, &wanted).await.unwrap();
    assert!(leased.iter().all(|held| *held == Held::Leased { changed: false }));
    let offer = |(index, wanted): (usize, &Wanted)| Offer {
        name: wanted.name.clone(),
        lease: wanted.lease,
        outcome: if index % 2 == 0 { value(index as u64) } else { Outcome::Absent(TTL) },
    };
    let offers: Vec<Offer> = wanted.iter().enumerate().map(offer).collect();
    assert!(tier.cache.put_many(&tier.space, &offers).await.unwrap().into_iter().all(|taken| taken));
    for (index, held_now) in tier.cache.get_many(&tier.space, &wanted).await.unwrap().into_iter().enumerate() {
        assert_eq!(held_now, if index % 2 == 0 { held(index as u64) } else { Held::Absent(Version(0)) });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_only_rise() {
    let tier = Tier::start().await;
    assert_eq!(tier.cache.raised(&tier.space, "a").await.unwrap(), None);
    for (raised, known) in [(5, 5), (3, 5), (u64::MAX, u64::MAX), (0, u64::MAX)] {
        tier.cache.raise(&tier.space, "a", raised).await.unwrap();
        assert_eq!(tier.cache.raised(&tier.space, "a").await.unwrap(), Some(known));
    }
}
