//! Fragments for selections that a document repeats, where that makes it shorter: what subgraphs are sent, parse and log.
//!
//! Equal selections of the same type become one fragment on that type, so that a subgraph which takes the one takes the
//! other. Runs over the plan that was chosen alone: what it saves decides nothing.

mod read;

use std::collections::BTreeMap;
use std::fmt::Write;

use federation::Supergraph;
use indexmap::IndexSet;

use crate::plan::{Fetch, FetchKind, QueryPlan, Selection};
use read::Reader;

/// Documents shorter than this have nothing to repeat.
const BYTES_MIN: usize = 80;

/// A selection set of a document: of a type (without a name for a root), with its items. Equal ones are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Set<'t> {
    ty: &'t str,
    items: Vec<Item<'t>>,
}

/// An item of a selection set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Item<'t> {
    /// A field with alias and arguments as written, and the set below it.
    Field(&'t str, Option<usize>),
    /// What is asked of objects of some type: of the set's own.
    On(usize),
}

/// Writes repeated selections of a plan's documents as fragments.
pub fn reuse(plan: &mut QueryPlan, supergraph: &Supergraph) {
    for fetch in &mut plan.fetches {
        reuse_in(fetch, supergraph);
        fetch.apart.iter_mut().for_each(|part| reuse_in(part, supergraph));
    }
    let fetches = &plan.fetches;
    for joint in &mut plan.joint {
        let members = joint.members.iter().filter_map(|member| {
            let fetch = fetches.get(member.fetch.0 as usize)?;
            Some((member.response_key.as_str(), fetch))
        });
        let members: Vec<(&str, &Fetch)> = members.collect();
        let Some((_, first)) = members.first() else { continue };
        let reader = Reader::new(&joint.document, (supergraph, first.subgraph));
        let of = |key: &str| members.iter().find(|(known, _)| *known == key).map(|(_, fetch)| &fetch.output);
        if let Some(document) = reader.entities(&of).and_then(|(head, sets, top)| shorter(head, &sets, top)) {
            joint.document = document;
        }
    }
}

fn reuse_in(fetch: &mut Fetch, supergraph: &Supergraph) {
    // What asks groups of entities is written from the same selection.
    let is_grouped = matches!(&fetch.kind, FetchKind::Entities(entities) if entities.grouped.is_some());
    if fetch.document.len() < BYTES_MIN || is_grouped {
        return;
    }
    let reader = Reader::new(&fetch.document, (supergraph, fetch.subgraph));
    let output: &Selection = &fetch.output;
    let read = match &fetch.kind {
        FetchKind::Root { .. } => reader.root(output),
        FetchKind::Entities(_) => reader.entities(&|_| Some(output)),
    };
    if let Some(document) = read.and_then(|(head, sets, top)| shorter(head, &sets, top)) {
        fetch.document = document;
    }
}

/// The document with fragments, if it is shorter so.
fn shorter(head: &str, sets: &IndexSet<Set<'_>>, top: usize) -> Option<String> {
    let names = names(sets, top);
    if names.is_empty() {
        return None;
    }
    let mut text = head.to_owned();
    write_set(sets, top, &names, &mut text);
    for (&set, name) in &names {
        let ty = sets.get_index(set)?.ty;
        let _ = write!(text, "fragment {name} on {ty}");
        write_set(sets, set, &names, &mut text);
    }
    Some(text)
}

/// The sets that are worth a fragment, with its name.
fn names(sets: &IndexSet<Set<'_>>, top: usize) -> BTreeMap<usize, String> {
    // How often each is written, if all that are written several times become fragments: a lower bound else.
    let mut uses = vec![0_usize; sets.len()];
    let below = |item: &Item<'_>| match item {
        Item::Field(_, below) => *below,
        Item::On(set) => Some(*set),
    };
    for set in sets.iter().flat_map(|set| &set.items).filter_map(below) {
        if let Some(uses) = uses.get_mut(set) {
            *uses += 1;
        }
    }
    // Sets come after those below them.
    let mut lengths: Vec<usize> = Vec::with_capacity(sets.len());
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    for (id, set) in sets.iter().enumerate() {
        let length = |set: &usize| lengths.get(*set).copied().unwrap_or(0);
        let of_item = |item: &Item<'_>| match item {
            Item::Field(head, below) => head.len() + below.as_ref().map_or(0, length),
            Item::On(set) => sets.get_index(*set).map_or(0, |on| "...on ".len() + on.ty.len()) + length(set),
        };
        let whole: usize = 1 + set.items.iter().map(|item| of_item(item) + 1).sum::<usize>();
        let name = name(names.len());
        let reference = "{...}".len() + name.len();
        let uses = uses.get(id).copied().unwrap_or(0);
        let definition = "fragment  on ".len() + name.len() + set.ty.len() + whole;
        if id != top && !set.ty.is_empty() && uses > 1 && uses * whole > uses * reference + definition {
            names.insert(id, name);
            lengths.push(reference);
        } else {
            lengths.push(whole);
        }
    }
    names
}

/// Recursion is bounded by the document's depth.
fn write_set(sets: &IndexSet<Set<'_>>, set: usize, names: &BTreeMap<usize, String>, out: &mut String) {
    let Some(set) = sets.get_index(set) else { return };
    out.push('{');
    for (index, item) in set.items.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        match item {
            Item::Field(head, below) => {
                out.push_str(head);
                match below.as_ref().map(|below| (below, names.get(below))) {
                    None => {}
                    Some((_, Some(name))) => {
                        let _ = write!(out, "{{...{name}}}");
                    }
                    Some((below, None)) => write_set(sets, *below, names, out),
                }
            }
            Item::On(on) => match names.get(on) {
                Some(name) => {
                    let _ = write!(out, "...{name}");
                }
                None => {
                    let _ = write!(out, "...on {}", sets.get_index(*on).map(|on| on.ty).unwrap_or_default());
                    write_set(sets, *on, names, out);
                }
            },
        }
    }
    out.push('}');
}

/// `a` to `z`, then `a1` and so on: never `on`, which no fragment may be called.
fn name(number: usize) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    if number < 26 { letter.to_string() } else { format!("{letter}{}", number / 26) }
}
