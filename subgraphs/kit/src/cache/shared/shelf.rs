//! One cache's place in the shared tier.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::{
    Held, Lease, NamedChange, Offer, SHARED_KEYS_MAX, SHARED_NAME_BYTES_MAX, SharedTier, Space, Wanted,
    owed::{Debt, Owed},
};
use crate::cache::Version;

pub(crate) struct Shelf {
    tier: SharedTier,
    space: Space,
    owed: Mutex<Owed>,
}

/// What the tier says of a key.
pub(crate) enum Found {
    Value(Version, Bytes),
    Absent(Version),
    Leased {
        lease: Lease,
        changed: bool,
    },
    Busy,
    /// Nothing: it wasn't asked, or didn't answer.
    Unknown,
}

impl Shelf {
    pub fn new(tier: SharedTier, space: Space) -> Self {
        Self { tier, space, owed: Mutex::new(Owed::default()) }
    }

    /// What there is of each name, in order. At most [`SHARED_KEYS_MAX`] names.
    pub async fn get_many(&self, names: Vec<(String, Version)>) -> Vec<Found> {
        let asked = names.len();
        let wanted: Vec<Wanted> = names.into_iter().map(|(name, floor)| self.wanted(name, floor)).collect();
        // What has no place there would hold up the others.
        if wanted.iter().any(|wanted| wanted.name.len() > SHARED_NAME_BYTES_MAX) || !self.settle().await {
            return std::iter::repeat_with(|| Found::Unknown).take(asked).collect();
        }
        let held = self.tier.call(|tier| tier.get_many(&self.space, &wanted)).await.unwrap_or_default();
        let mut held = held.into_iter();
        wanted.iter().map(|wanted| Found::of(held.next(), wanted.lease)).collect()
    }

    /// Ends leases. Whether each was taken; `None` when the tier doesn't say.
    pub async fn put_many(&self, offers: &[Offer]) -> Option<Vec<bool>> {
        if offers.is_empty() {
            return Some(Vec::new());
        }
        self.tier.call(|tier| tier.put_many(&self.space, offers)).await
    }

    /// Tells the tier of changes; whether it knows them now. Otherwise, or if the caller goes away, it is told later, before
    /// anything is read from it.
    pub async fn forget(&self, mut changes: Vec<NamedChange>) -> bool {
        changes.retain(|change| change.name.len() <= SHARED_NAME_BYTES_MAX);
        let unsettled = Unsettled { shelf: self, debt: Some(Debt::Changes(changes)), telling: false };
        unsettled.tell().await
    }

    /// Tells the tier that anything may have changed; as [`Shelf::forget`].
    pub async fn forget_everything(&self) -> bool {
        Unsettled { shelf: self, debt: Some(Debt::Everything), telling: false }.tell().await
    }

    /// Whether the tier knows all that this process knows, after telling it what it doesn't.
    async fn settle(&self) -> bool {
        let debt = {
            let mut owed = self.owed();
            if owed.is_settled() {
                return true;
            }
            owed.take()
        };
        match debt {
            Some(_) => Unsettled { shelf: self, debt, telling: true }.tell().await,
            None => false,
        }
    }

    fn wanted(&self, name: String, floor: Version) -> Wanted {
        Wanted { name, floor, lease: Lease { process: self.tier.process, number: fastrand::u64(..) } }
    }

    fn owed(&self) -> MutexGuard<'_, Owed> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Found {
    fn of(held: Option<Held>, lease: Lease) -> Self {
        match held {
            Some(Held::Value(version, bytes)) => Self::Value(version, bytes),
            Some(Held::Absent(version)) => Self::Absent(version),
            Some(Held::Leased { changed }) => Self::Leased { lease, changed },
            Some(Held::Busy) => Self::Busy,
            None => Self::Unknown,
        }
    }
}

/// A debt that falls back to the shelf unless it is told to the end.
struct Unsettled<'a> {
    shelf: &'a Shelf,
    debt: Option<Debt>,
    /// Whether it was taken from what is owed.
    telling: bool,
}

impl Unsettled<'_> {
    async fn tell(mut self) -> bool {
        let Shelf { tier, space, .. } = self.shelf;
        let told = match &self.debt {
            Some(Debt::Everything) => tier.call(|tier| tier.clear(space)).await.is_some(),
            Some(Debt::Changes(changes)) => tell_changes(tier, space, changes).await,
            None => true,
        };
        if told {
            self.debt = None;
        }
        told
    }
}

async fn tell_changes(tier: &SharedTier, space: &Space, changes: &[NamedChange]) -> bool {
    for changes in changes.chunks(SHARED_KEYS_MAX) {
        if tier.call(|tier| tier.forget_many(space, changes)).await.is_none() {
            return false;
        }
    }
    true
}

impl Drop for Unsettled<'_> {
    fn drop(&mut self) {
        let mut owed = self.shelf.owed();
        match &self.debt {
            None if self.telling => owed.told(),
            None => {}
            Some(debt) if self.telling => owed.give_back(debt),
            Some(Debt::Changes(changes)) => changes.iter().for_each(|change| owed.add(change)),
            Some(Debt::Everything) => owed.add_everything(),
        }
    }
}
