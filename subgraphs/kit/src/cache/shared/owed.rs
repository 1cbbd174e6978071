//! Changes that the shared tier hasn't been told, since it didn't answer or the teller went away. Until it has been, nothing in
//! it may be believed.

use std::collections::HashMap;

use super::NamedChange;
use crate::cache::Version;

/// How many changes are kept by name; of more the tier is told to forget everything. Some hundred kilobytes, and seconds to
/// tell.
const OWED_MAX: usize = 10_000;

/// What has to be told.
#[derive(Default)]
pub(super) struct Owed {
    changes: HashMap<String, Option<Version>>,
    everything: bool,
    /// Somebody is telling it.
    telling: bool,
}

/// What one teller took upon itself.
pub(super) enum Debt {
    Changes(Vec<NamedChange>),
    Everything,
}

impl Owed {
    /// Whether the tier knows all that this process knows.
    pub fn is_settled(&self) -> bool {
        !self.telling && !self.everything && self.changes.is_empty()
    }

    pub fn add(&mut self, change: &NamedChange) {
        if self.everything {
            return;
        }
        if self.changes.len() >= OWED_MAX {
            self.add_everything();
            return;
        }
        match self.changes.get_mut(&change.name) {
            // Whatever outdates everything outdates what is older than some version.
            Some(known) => *known = known.zip(change.version).map(|(known, new)| known.max(new)),
            None => {
                self.changes.insert(change.name.clone(), change.version);
            }
        }
    }

    pub fn add_everything(&mut self) {
        self.everything = true;
        self.changes = HashMap::new();
    }

    /// Everything that is owed, unless somebody is telling it already.
    pub fn take(&mut self) -> Option<Debt> {
        if self.telling {
            return None;
        }
        self.telling = true;
        if std::mem::take(&mut self.everything) {
            return Some(Debt::Everything);
        }
        let changes = std::mem::take(&mut self.changes);
        Some(Debt::Changes(changes.into_iter().map(|(name, version)| NamedChange { name, version }).collect()))
    }

    /// The debt was told.
    pub fn told(&mut self) {
        self.telling = false;
    }

    /// It wasn't.
    pub fn give_back(&mut self, debt: &Debt) {
        self.telling = false;
        match debt {
            Debt::Everything => self.add_everything(),
            Debt::Changes(changes) => changes.iter().for_each(|change| self.add(change)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str, version: Option<u64>) -> NamedChange {
        NamedChange { name: name.to_owned(), version: version.map(Version) }
    }

    #[test]
    fn the_greatest_version_counts_and_an_unknown_one_is_greater() {
        let mut owed = Owed::default();
        for version in [Some(2), Some(5), Some(3)] {
            owed.add(&change("a", version));
        }
        let Some(Debt::Changes(changes)) = owed.take() else { panic!("changes are owed") };
        assert_eq!(changes, [change("a", Some(5))]);
        assert!(!owed.is_settled() && owed.take().is_none());
        owed.add(&change("a", None));
        owed.give_back(&Debt::Changes(changes));
        let Some(Debt::Changes(changes)) = owed.take() else { panic!("changes are owed") };
        assert_eq!(changes, [change("a", None)]);
        owed.told();
        assert!(owed.is_settled());
    }

    #[test]
    fn too_much_to_name_is_everything() {
        let mut owed = Owed::default();
        for index in 0..=OWED_MAX {
            owed.add(&change(&index.to_string(), None));
            assert!(owed.changes.len() <= OWED_MAX);
        }
        let Some(debt @ Debt::Everything) = owed.take() else { panic!("everything is owed") };
        owed.add(&change("a", None));
        owed.give_back(&debt);
        assert!(matches!(owed.take(), Some(Debt::Everything)));
    }
}
