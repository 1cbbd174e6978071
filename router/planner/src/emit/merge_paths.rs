//! Merging fetches that ask the same of the same subgraph at different places, as long as the longest chain of
//! fetches doesn't grow: one request with more entities is cheaper than two.

use std::collections::BTreeSet;

use super::{Kind, Unnamed};

/// Merges, and puts producers before consumers again.
pub fn merge(mut fetches: Vec<Unnamed>) -> Vec<Unnamed> {
    let Some(longest) = chain(&fetches).and_then(|depths| depths.into_iter().max()) else { return fetches };
    let mut late = fetches.len();
    while late > 0 {
        late -= 1;
        let mut early = 0;
        while early < late && late < fetches.len() {
            let merged = is_same(&fetches, early, late).then(|| merged(&fetches, early, late));
            let depths = merged.as_ref().and_then(|merged| chain(merged));
            match (merged, depths) {
                (Some(merged), Some(depths)) if depths.iter().copied().max().unwrap_or(0) <= longest => {
                    fetches = merged;
                    late -= 1;
                }
                _ => early += 1,
            }
        }
    }
    sorted(fetches)
}

fn is_same(fetches: &[Unnamed], a: usize, b: usize) -> bool {
    let (Some(a), Some(b)) = (fetches.get(a), fetches.get(b)) else { return false };
    let same_input = match (&a.kind, &b.kind) {
        (
            Kind::Entities { representations: a, variable, .. },
            Kind::Entities { representations: b, variable: other, .. },
        ) => variable == other && a == b,
        _ => false,
    };
    same_input
        && a.subgraph == b.subgraph
        && a.stage == b.stage
        && a.body == b.body
        && a.declarations == b.declarations
        && a.output == b.output
}

/// The fetches with `early` moved into `late`.
fn merged(fetches: &[Unnamed], early: usize, late: usize) -> Vec<Unnamed> {
    let renumber = |index: usize| match index {
        index if index == early => late - 1,
        index if index > early => index - 1,
        index => index,
    };
    let mut merged = Vec::with_capacity(fetches.len());
    let moved = fetches.get(early);
    for (index, fetch) in fetches.iter().enumerate().filter(|(index, _)| *index != early) {
        let mut fetch = fetch.clone();
        if index == late
            && let Some(moved) = moved
        {
            fetch.after.extend(&moved.after);
            if let (Kind::Entities { paths, .. }, Kind::Entities { paths: more, .. }) = (&mut fetch.kind, &moved.kind) {
                let own = std::mem::replace(paths, more.clone());
                paths.extend(own);
            }
        }
        fetch.after = fetch.after.iter().map(|&index| renumber(index)).collect();
        merged.push(fetch);
    }
    merged
}

/// How many fetches come one after another up to each; `None` if some wait for each other.
fn chain(fetches: &[Unnamed]) -> Option<Vec<usize>> {
    let mut depths: Vec<Option<usize>> = vec![None; fetches.len()];
    let mut settled = 0;
    while settled < fetches.len() {
        let before = settled;
        for (index, fetch) in fetches.iter().enumerate() {
            if depths.get(index).copied().flatten().is_some() {
                continue;
            }
            let after: Option<Vec<usize>> =
                fetch.after.iter().map(|&index| depths.get(index).copied().flatten()).collect();
            if let (Some(after), Some(depth)) = (after, depths.get_mut(index)) {
                *depth = Some(after.into_iter().max().unwrap_or(0) + 1);
                settled += 1;
            }
        }
        if settled == before {
            return None;
        }
    }
    depths.into_iter().collect()
}

/// Orders by depth, otherwise as before.
fn sorted(fetches: Vec<Unnamed>) -> Vec<Unnamed> {
    let Some(depths) = chain(&fetches) else { return fetches };
    let mut order: Vec<usize> = (0..fetches.len()).collect();
    order.sort_by_key(|&index| depths.get(index).copied());
    let place = |old: usize| order.iter().position(|&index| index == old);
    let mut sorted: Vec<Unnamed> = Vec::with_capacity(fetches.len());
    for &old in &order {
        let Some(mut fetch) = fetches.get(old).cloned() else { continue };
        fetch.after = fetch.after.iter().filter_map(|&index| place(index)).collect::<BTreeSet<_>>();
        sorted.push(fetch);
    }
    sorted
}
