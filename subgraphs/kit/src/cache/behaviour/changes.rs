//! What a change takes away.

use super::*;

/// From values, leases and nothing at all.
pub async fn a_change_takes_values_and_leases_away_and_is_remembered(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
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

/// Told twice, or late, it costs nothing.
pub async fn a_change_that_is_known_changes_nothing(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
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

/// An asker who knows of a version tells the tier by asking.
pub async fn a_floor_is_a_change_that_the_tier_has_lost(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
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

/// That there was nothing is never newer than a change.
pub async fn absence_is_held_and_outlasts_no_change(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
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
