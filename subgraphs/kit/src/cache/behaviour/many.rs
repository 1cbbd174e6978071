//! Spaces, many keys at once, and numbers.

use super::*;
use crate::cache::SHARED_KEYS_MAX;

/// Neither a value nor the leave to put one.
pub async fn what_was_cleared_never_comes_back(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
    tier.fill("value", 1).await;
    let mine = lease(MINE);
    assert_eq!(tier.get("lease", 0, mine).await, Held::Leased { changed: false });
    tier.cache.clear(&tier.space).await.expect("an answer");
    assert!(!tier.put("lease", mine, value(1)).await);
    assert_eq!(tier.get("value", 0, mine).await, Held::Leased { changed: false });
}

/// Neither values nor what clears them.
pub async fn spaces_have_nothing_in_common(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
    tier.fill("a", 1).await;
    for other in ["test:thing:2", "test:other:1", "other:thing:1"] {
        let wanted = [Wanted { name: "a".to_owned(), floor: Version(0), lease: lease(MINE) }];
        let found = tier.cache.get_many(&space(other), &wanted).await.expect("an answer");
        assert_eq!(found, [Held::Leased { changed: false }]);
        tier.cache.clear(&space(other)).await.expect("an answer");
    }
    assert_eq!(tier.get("a", 0, lease(MINE)).await, held(1));
}

/// In their order.
pub async fn a_thousand_keys_go_at_once(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
    let wanted: Vec<Wanted> = (0..SHARED_KEYS_MAX)
        .map(|index| Wanted { name: index.to_string(), floor: Version(0), lease: lease(MINE) })
        .collect();
    let leased = tier.cache.get_many(&tier.space, &wanted).await.expect("an answer");
    assert!(leased.iter().all(|held| *held == Held::Leased { changed: false }));
    let offer = |(index, wanted): (usize, &Wanted)| Offer {
        name: wanted.name.clone(),
        lease: wanted.lease,
        outcome: if index % 2 == 0 { value(index as u64) } else { Outcome::Absent(TTL) },
    };
    let offers: Vec<Offer> = wanted.iter().enumerate().map(offer).collect();
    assert!(tier.cache.put_many(&tier.space, &offers).await.expect("an answer").into_iter().all(|taken| taken));
    let found = tier.cache.get_many(&tier.space, &wanted).await.expect("an answer");
    for (index, found) in found.into_iter().enumerate() {
        assert_eq!(found, if index % 2 == 0 { held(index as u64) } else { Held::Absent(Version(0)) });
    }
}

/// The greatest is remembered.
pub async fn numbers_only_rise(cache: Arc<dyn SharedCache>) {
    let tier = Trial::of(cache);
    assert_eq!(tier.cache.raised(&tier.space, "a").await.expect("an answer"), None);
    for (raised, known) in [(5, 5), (3, 5), (u64::MAX, u64::MAX), (0, u64::MAX)] {
        tier.cache.raise(&tier.space, "a", raised).await.expect("an answer");
        assert_eq!(tier.cache.raised(&tier.space, "a").await.expect("an answer"), Some(known));
    }
}
