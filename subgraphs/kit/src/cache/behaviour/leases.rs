//! Who may put what.

use tokio::time::Instant;

use super::*;
use crate::testing::wait_within;

/// How long until what must happen soon has happened, on a busy machine.
const SOON: Duration = Duration::from_secs(30);

/// One lease, one value; bytes and versions come back as they were.
pub async fn who_holds_the_lease_puts_the_value(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
    let (mine, other) = (lease(MINE), lease(OTHERS));
    assert_eq!(tier.get("a", 0, mine).await, Held::Leased { changed: false });
    assert_eq!(tier.get("a", 0, other).await, Held::Busy);
    assert!(!tier.put("a", other, value(9)).await);
    assert!(tier.put("a", mine, value(3)).await);
    for floor in 0..=3 {
        assert_eq!(tier.get("a", floor, other).await, held(3));
    }
    assert!(!tier.put("a", mine, value(4)).await, "a lease is good for one value");
    // All bytes come back, and versions beyond what a float counts.
    let bytes = Bytes::from((0..=255).chain(*b"\r\n$-1").collect::<Vec<u8>>());
    for version in [u64::MAX - 1, u64::MAX] {
        let name = version.to_string();
        assert_eq!(tier.get(&name, 0, mine).await, Held::Leased { changed: false });
        assert!(tier.put(&name, mine, Outcome::Value(Version(version), bytes.clone(), TTL)).await);
        assert_eq!(tier.get(&name, version, mine).await, Held::Value(Version(version), bytes.clone()));
    }
    assert_eq!(tier.get(&(u64::MAX - 1).to_string(), u64::MAX, mine).await, Held::Leased { changed: true });
}

/// Others may try, and what was known of a change still is.
pub async fn a_failed_load_leaves_things_as_they_were(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
    let (mine, other) = (lease(MINE), lease(OTHERS));
    for (name, changed) in [("quiet", false), ("changed", true)] {
        if changed {
            tier.forget(name, Some(3)).await;
        }
        assert_eq!(tier.get(name, 0, mine).await, Held::Leased { changed });
        assert!(tier.put(name, mine, Outcome::Failed).await);
        assert_eq!(tier.get(name, 0, other).await, Held::Leased { changed });
        assert_eq!(tier.get(name, 0, mine).await, Held::Busy);
    }
}

/// Another flight of the same process takes over, and the first one's lease is gone.
pub async fn a_process_takes_its_own_lease_again(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
    let (first, again) = (lease(MINE), lease(MINE));
    assert_eq!(tier.get("own", 0, first).await, Held::Leased { changed: false });
    assert_eq!(tier.get("own", 0, again).await, Held::Leased { changed: false });
    assert!(!tier.put("own", first, value(1)).await);
    assert!(tier.put("own", again, value(1)).await);
}

/// A process that died keeps others waiting for so long, and no longer; what it knew of a change stays.
pub async fn leases_of_the_dead_end_with_time(cache: Arc<dyn SharedCache>) {
    let mut tier = Trial::of(cache);
    let (mine, other) = (lease(MINE), lease(OTHERS));
    tier.space.lease = Duration::from_millis(50);
    tier.forget("dead", Some(3)).await;
    let start = Instant::now();
    assert_eq!(tier.get("dead", 0, mine).await, Held::Leased { changed: true });
    let let_in = async || (tier.get("dead", 0, other).await != Held::Busy).then_some(());
    wait_within(SOON, "the dead one's lease to end", let_in).await;
    assert!(start.elapsed() >= Duration::from_millis(40), "{:?}", start.elapsed());
    assert!(!tier.put("dead", mine, value(3)).await);
    assert!(!tier.put("dead", other, value(2)).await, "the change is still remembered");
}
