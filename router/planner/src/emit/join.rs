//! Joining fetches of entities of one subgraph into one request: each stays an `_entities` field of its own, with its
//! own representations. A round trip and a parse are saved, and no subgraph is asked for more than before.
//!
//! Fetches of the same step are joined, then earlier ones that nothing waits for with later ones: the longest chain of
//! fetches never grows.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::merge_paths::{depths, longest, redirect};
use super::{Kind, Unnamed};
use crate::Budget;

/// Of one subgraph, so many pairs of fetches in different steps are tried.
const TRIES_MAX: usize = 64;

/// Joins until it is stopped: the fetches in their new order, and which of them go together.
pub fn join(fetches: Vec<Unnamed>, budget: &Budget<'_>) -> (Vec<Unnamed>, Vec<Vec<usize>>) {
    let alone: Vec<usize> = (0..fetches.len()).collect();
    let (Some(longest), Some(depths)) = (longest(&fetches, &alone), depths(&fetches, &alone)) else {
        return (fetches, Vec::new());
    };
    let mut into = alone;
    for group in groups(&fetches) {
        if budget.is_stopped() {
            break;
        }
        let mut by_depth: IndexMap<usize, Vec<usize>> = IndexMap::new();
        for index in group {
            by_depth.entry(depths.get(index).copied().unwrap_or(1)).or_default().push(index);
        }
        by_depth.sort_keys();
        for same in by_depth.values() {
            if let Some((first, others)) = same.split_first() {
                redirect(&mut into, others, *first);
            }
        }
        let steps: Vec<Vec<usize>> = by_depth.into_values().collect();
        join_steps(&fetches, &steps, (&mut into, longest), budget);
    }
    ordered(fetches, &into)
}

/// Joins what is asked in an early step with what is asked in a later one, where no chain gets too long by it.
fn join_steps(
    fetches: &[Unnamed],
    steps: &[Vec<usize>],
    (into, longest_before): (&mut Vec<usize>, usize),
    budget: &Budget<'_>,
) {
    let mut left = TRIES_MAX;
    for (at, early) in steps.iter().enumerate().rev() {
        for late in steps.iter().skip(at + 1) {
            let (Some(&target), true) = (late.first(), left > 0 && !budget.is_stopped()) else { break };
            left -= 1;
            let target = into.get(target).copied().unwrap_or(target);
            let before = into.clone();
            let members: Vec<usize> = early.first().map(|first| with(&before, *first)).unwrap_or_default();
            redirect(into, &members, target);
            if longest(fetches, into).is_some_and(|now| now <= longest_before) {
                break;
            }
            *into = before;
        }
    }
}

/// All that goes with a fetch.
fn with(into: &[usize], index: usize) -> Vec<usize> {
    let target = into.get(index).copied().unwrap_or(index);
    (0..into.len()).filter(|index| into.get(*index) == Some(&target)).collect()
}

/// Fetches of entities that may go together; groups of one are left out.
fn groups(fetches: &[Unnamed]) -> Vec<Vec<usize>> {
    let mut groups: IndexMap<_, Vec<usize>> = IndexMap::new();
    for (index, fetch) in fetches.iter().enumerate() {
        // How many requests' worth there is where contexts are read shows when the data has come.
        if matches!(&fetch.kind, Kind::Entities { contexts, .. } if contexts.is_empty()) {
            groups.entry((fetch.subgraph, fetch.stage, &fetch.readers)).or_default().push(index);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Puts producers before consumers again, and lets what goes together wait for the same.
fn ordered(mut fetches: Vec<Unnamed>, into: &[usize]) -> (Vec<Unnamed>, Vec<Vec<usize>>) {
    let Some(depths) = depths(&fetches, into) else { return (fetches, Vec::new()) };
    let mut joined: IndexMap<usize, Vec<usize>> = IndexMap::new();
    for (index, &target) in into.iter().enumerate() {
        joined.entry(target).or_default().push(index);
    }
    joined.retain(|_, members| members.len() > 1);
    for members in joined.values() {
        let all = members.iter().filter_map(|&member| fetches.get(member)).flat_map(|fetch| &fetch.after);
        let all: BTreeSet<usize> = all.copied().collect();
        for &member in members {
            if let Some(fetch) = fetches.get_mut(member) {
                fetch.after.clone_from(&all);
            }
        }
    }
    let mut order: Vec<usize> = (0..fetches.len()).collect();
    order.sort_by_key(|&index| depths.get(index).copied());
    let mut place = vec![0; fetches.len()];
    for (new, &old) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(old) {
            *place = new;
        }
    }
    let new = |old: &usize| place.get(*old).copied().unwrap_or(0);
    for fetch in &mut fetches {
        fetch.after = fetch.after.iter().map(new).collect();
    }
    let mut sorted: Vec<(usize, Unnamed)> = place.iter().copied().zip(fetches).collect();
    sorted.sort_by_key(|(new, _)| *new);
    let mut joined: Vec<Vec<usize>> = joined.values().map(|members| members.iter().map(new).collect()).collect();
    joined.iter_mut().for_each(|members: &mut Vec<usize>| members.sort_unstable());
    joined.sort();
    (sorted.into_iter().map(|(_, fetch)| fetch).collect(), joined)
}
