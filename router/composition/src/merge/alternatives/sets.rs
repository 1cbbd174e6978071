//! Alternatives as sets of numbers: names are compared once, when they are numbered, and sets mostly by one word.

use graphql::collections::IndexMap;

use super::TooMany;

/// The names that stand in some alternatives, in order: a name's number is its place.
pub(super) struct Names<'a>(IndexMap<&'a str, u32>);

impl<'a> Names<'a> {
    pub(super) fn of(names: impl Iterator<Item = &'a String>) -> Self {
        let mut all: IndexMap<&str, u32> = names.map(|name| (name.as_str(), 0)).collect();
        all.sort_unstable_keys();
        all.values_mut().zip(0..).for_each(|(number, at)| *number = at);
        Self(all)
    }

    pub(super) fn sets(&self, alternatives: &[Vec<String>]) -> Vec<Set> {
        let set = |texts: &Vec<String>| {
            let mut numbers: Vec<u32> = texts.iter().filter_map(|text| self.0.get(text.as_str()).copied()).collect();
            numbers.sort_unstable();
            Set::of(numbers)
        };
        alternatives.iter().map(set).collect()
    }

    pub(super) fn texts(&self, set: &Set) -> Vec<String> {
        let text = |number: &u32| self.0.get_index(*number as usize).map(|(name, _)| (*name).to_owned());
        set.numbers.iter().filter_map(text).collect()
    }
}

/// What one alternative asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set {
    /// Sorted.
    numbers: Vec<u32>,
    /// A bit for each number by its remainder: what lacks one of these bits lacks its number.
    bits: u64,
}

impl Set {
    fn of(numbers: Vec<u32>) -> Self {
        let bits = numbers.iter().fold(0, |bits, number| bits | 1 << (number % 64));
        Self { numbers, bits }
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        let mut rest = other.numbers.iter();
        self.bits & !other.bits == 0 && self.numbers.iter().all(|number| rest.any(|one| one == number))
    }

    pub(super) fn with(&self, other: &Self) -> Self {
        let mut numbers: Vec<u32> = self.numbers.iter().chain(&other.numbers).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        Self::of(numbers)
    }
}

/// The sets that hold no other one. At most `max` may be given.
pub(super) fn minimal(mut sets: Vec<Set>, max: usize) -> Result<Vec<Set>, TooMany> {
    if sets.len() > max {
        return Err(TooMany);
    }
    sets.sort_unstable_by(|a, b| (a.numbers.len(), a).cmp(&(b.numbers.len(), b)));
    let mut kept: Vec<Set> = Vec::with_capacity(sets.len());
    for set in sets {
        if !kept.iter().any(|smaller| smaller.is_within(&set)) {
            kept.push(set);
        }
    }
    Ok(kept)
}

/// The minimal unions of one of each. A set that holds one of the others already needs none of them.
pub(super) fn both(sets: Vec<Set>, others: &[Set], max: usize) -> Result<Vec<Set>, TooMany> {
    let (mut unions, unmet): (Vec<Set>, Vec<Set>) =
        sets.into_iter().partition(|set| others.iter().any(|other| other.is_within(set)));
    if unmet.is_empty() {
        return Ok(unions);
    }
    if unmet.len().saturating_mul(others.len()).saturating_add(unions.len()) > max {
        return Err(TooMany);
    }
    unions.extend(unmet.iter().flat_map(|set| others.iter().map(|other| set.with(other))));
    minimal(unions, max)
}
