//! Merging fetches that ask the same of the same subgraph at different places, as long as the longest chain of
//! fetches doesn't grow: one request with more entities is cheaper than two.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{Kind, Unnamed};
use crate::Budget;

/// Of so many equal fetches that can't all be merged into one, each is tried on its own; of more none.
const SINGLE_TRIES_MAX: usize = 32;

/// Merges until it is stopped, and puts producers before consumers again.
pub fn merge(fetches: Vec<Unnamed>, budget: &Budget<'_>) -> Vec<Unnamed> {
    // By fetch: the one that it is merged into, or itself.
    let mut into: Vec<usize> = (0..fetches.len()).collect();
    let Some(longest) = longest(&fetches, &into) else { return fetches };
    let fits = |into: &[usize]| self::longest(&fetches, into).is_some_and(|now| now <= longest);
    for group in groups(&fetches) {
        let Some((&last, others)) = group.split_last() else { continue };
        if budget.is_stopped() {
            break;
        }
        let before = into.clone();
        redirect(&mut into, others, last);
        if fits(&into) {
            continue;
        }
        into = before;
        for &other in others.iter().rev().take(SINGLE_TRIES_MAX) {
            if budget.is_stopped() {
                break;
            }
            let before = into.clone();
            redirect(&mut into, &[other], last);
            if !fits(&into) {
                into = before;
            }
        }
    }
    ordered(fetches, &into)
}

pub fn redirect(into: &mut [usize], from: &[usize], to: usize) {
    for &index in from {
        if let Some(target) = into.get_mut(index) {
            *target = to;
        }
    }
}

/// Equal fetches, in order; groups of one are left out.
fn groups(fetches: &[Unnamed]) -> Vec<Vec<usize>> {
    let mut by_text: IndexMap<(&str, u16, u32), Vec<Vec<usize>>> = IndexMap::new();
    for (index, fetch) in fetches.iter().enumerate() {
        let key = (fetch.body.as_str(), fetch.subgraph.0, fetch.stage);
        let groups = by_text.entry(key).or_default();
        let same = groups.iter_mut().find(|group| {
            group.first().and_then(|&first| fetches.get(first)).is_some_and(|first| is_same(first, fetch))
        });
        match same {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    by_text.into_values().flatten().filter(|group| group.len() > 1).collect()
}

fn is_same(a: &Unnamed, b: &Unnamed) -> bool {
    let same_input = match (&a.kind, &b.kind) {
        (
            Kind::Entities { representations: a, contexts: read, .. },
            Kind::Entities { representations: b, contexts: other, .. },
        ) => a == b && read == other,
        _ => false,
    };
    // What is deferred apart stays apart: no part of the response waits for another's entities.
    same_input && a.output == b.output && a.readers == b.readers
}

/// The length of the longest chain of fetches; `None` if some wait for each other.
pub fn longest(fetches: &[Unnamed], into: &[usize]) -> Option<usize> {
    depths(fetches, into).map(|depths| depths.into_iter().max().unwrap_or(0))
}

/// How many fetches come one after another up to each; merged ones have the depth of what they are merged into.
pub fn depths(fetches: &[Unnamed], into: &[usize]) -> Option<Vec<usize>> {
    let target = |index: usize| into.get(index).copied().unwrap_or(index);
    let mut waits: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); fetches.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); fetches.len()];
    for (index, fetch) in fetches.iter().enumerate() {
        let index = target(index);
        for &after in &fetch.after {
            let after = target(after);
            if waits.get_mut(index).is_some_and(|waits| waits.insert(after)) {
                followers.get_mut(after)?.push(index);
            }
        }
    }
    let mut depths = vec![1_usize; fetches.len()];
    let mut left: Vec<usize> = waits.iter().map(BTreeSet::len).collect();
    let mut open: Vec<usize> = (0..fetches.len()).filter(|&index| left.get(index) == Some(&0)).collect();
    let mut settled = 0;
    while let Some(index) = open.pop() {
        settled += 1;
        let depth = depths.get(index).copied()?;
        for &follower in followers.get(index)? {
            let at = depths.get_mut(follower)?;
            *at = (*at).max(depth + 1);
            let left = left.get_mut(follower)?;
            *left -= 1;
            if *left == 0 {
                open.push(follower);
            }
        }
    }
    if settled < fetches.len() {
        return None;
    }
    Some((0..fetches.len()).map(|index| depths.get(target(index)).copied().unwrap_or(1)).collect())
}

/// The fetches with those merged away moved into theirs, ordered by depth, otherwise as before.
fn ordered(fetches: Vec<Unnamed>, into: &[usize]) -> Vec<Unnamed> {
    let Some(depths) = depths(&fetches, into) else { return fetches };
    let mut order: Vec<usize> = (0..fetches.len()).filter(|index| into.get(*index) == Some(index)).collect();
    order.sort_by_key(|&index| depths.get(index).copied());
    let mut place = vec![0; fetches.len()];
    for (new, &old) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(old) {
            *place = new;
        }
    }
    let place: Vec<usize> = into.iter().map(|&target| place.get(target).copied().unwrap_or(0)).collect();
    let renumbered = |after: &BTreeSet<usize>, own: usize| -> BTreeSet<usize> {
        let after = after.iter().filter_map(|&old| place.get(old).copied());
        after.filter(|&new| new != own).collect()
    };
    let mut made: Vec<Option<Unnamed>> = vec![None; order.len()];
    for (old, mut fetch) in fetches.into_iter().enumerate() {
        let Some(&new) = place.get(old) else { continue };
        fetch.after = renumbered(&fetch.after, new);
        match made.get_mut(new) {
            Some(Some(known)) => known.absorb(fetch),
            Some(empty) => *empty = Some(fetch),
            None => {}
        }
    }
    made.into_iter().flatten().collect()
}

impl Unnamed {
    /// Takes over where another equal fetch stands.
    fn absorb(&mut self, other: Unnamed) {
        self.after.extend(other.after);
        self.requests.extend(other.requests);
        if let (Kind::Entities { paths, .. }, Kind::Entities { paths: more, .. }) = (&mut self.kind, other.kind) {
            paths.extend(more);
        }
    }
}
