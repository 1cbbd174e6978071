//! The keys of a type as a graph: which fields each key is made of, and who has those fields. Where none of them requires
//! anything, how soon each subgraph can be entered is found in one walk, step by step, looking at each key once.

use std::rc::Rc;

use federation::query_graph::Condition;
use federation::supergraph::FieldSetItem;
use federation::{FieldId, SubgraphId, TypeId};

use super::Draft;
use super::levels::{Allowed, Level, Levels, NEVER};

/// The keys of a type.
#[derive(Debug, Default)]
pub struct KeyGraph {
    entries: Vec<Key>,
    fields: Vec<KeyField>,
    /// By subgraph: the fields of keys that it has.
    has: Vec<Vec<usize>>,
}

/// A way into a subgraph.
#[derive(Debug)]
struct Key {
    subgraph: SubgraphId,
    /// The outermost fields that it is made of.
    fields: Vec<usize>,
}

/// A field of some key.
#[derive(Debug)]
struct KeyField {
    id: FieldId,
    /// The keys that it is in.
    keys: Vec<usize>,
}

impl Draft<'_> {
    /// The keys of a type; `None` where a field of theirs requires others.
    pub(super) fn key_graph(&mut self, ty: TypeId) -> Option<Rc<KeyGraph>> {
        if let Some(known) = self.key_graphs.get(&ty) {
            return known.clone();
        }
        let made = self.make_key_graph(ty).map(Rc::new);
        self.key_graphs.insert(ty, made.clone());
        made
    }

    fn make_key_graph(&self, ty: TypeId) -> Option<KeyGraph> {
        let supergraph = self.supergraph;
        let mut graph = KeyGraph { has: vec![Vec::new(); supergraph.subgraphs.len()], ..KeyGraph::default() };
        for entry in supergraph.graph.entries(ty) {
            let number = graph.entries.len();
            let mut fields = Vec::new();
            for item in &entry.key {
                let FieldSetItem::Field { field: Some(field), .. } = item else { continue };
                let id = supergraph.ty(ty).fields.get(&supergraph.field(*field).name).copied();
                let index = match id {
                    Some(id) => self.key_field(&mut graph, id)?,
                    // Nobody has it: the key is never whole.
                    None => usize::MAX,
                };
                if !fields.contains(&index) {
                    fields.push(index);
                }
            }
            for &field in &fields {
                graph.fields.get_mut(field).into_iter().for_each(|field| field.keys.push(number));
            }
            graph.entries.push(Key { subgraph: entry.subgraph, fields });
        }
        Some(graph)
    }

    /// The index of a field; `None` if it requires others.
    fn key_field(&self, graph: &mut KeyGraph, id: FieldId) -> Option<usize> {
        if let Some(known) = graph.fields.iter().position(|field| field.id == id) {
            return Some(known);
        }
        for resolver in self.supergraph.graph.resolvers(id) {
            match self.condition(resolver) {
                Condition::Always => {
                    graph.has.get_mut(usize::from(resolver.subgraph.0))?.push(graph.fields.len());
                }
                Condition::Requires(_) => return None,
                Condition::Provided | Condition::Never => {}
            }
        }
        graph.fields.push(KeyField { id, keys: Vec::new() });
        Some(graph.fields.len() - 1)
    }

    /// Enters all subgraphs that can be, each as soon as a key of its is known.
    pub(super) fn walk_keys(&self, graph: &KeyGraph, allowed: Allowed<'_>, levels: &mut Levels) {
        let mut known: Vec<Option<Level>> = vec![None; graph.fields.len()];
        let mut missing: Vec<usize> = graph.entries.iter().map(|key| key.fields.len()).collect();
        let mut whole: Vec<usize> = (0..missing.len()).filter(|&key| missing.get(key) == Some(&0)).collect();
        let mut fresh: Vec<usize> = Vec::new();
        for (index, field) in graph.fields.iter().enumerate() {
            if let Some(subgraph) = self.direct_level(levels, field.id)
                && let Some(known) = known.get_mut(index)
            {
                *known = Some((0, Some(subgraph)));
                fresh.push(index);
            }
        }
        let mut level = 0;
        while level != NEVER {
            for (number, has) in graph.has.iter().enumerate() {
                let subgraph = SubgraphId(number as u16);
                if levels.level(subgraph) != level {
                    continue;
                }
                for &field in has {
                    if let Some(known @ None) = known.get_mut(field) {
                        *known = Some((level, Some(subgraph)));
                        fresh.push(field);
                    }
                }
            }
            for field in fresh.drain(..).filter_map(|field| graph.fields.get(field)) {
                for &key in &field.keys {
                    let Some(missing) = missing.get_mut(key) else { continue };
                    *missing -= 1;
                    if *missing == 0 {
                        whole.push(key);
                    }
                }
            }
            whole.sort_unstable();
            for key in whole.drain(..).filter_map(|key| graph.entries.get(key)) {
                if allowed(key.subgraph) && level + 1 < levels.entered(key.subgraph) {
                    let from = key.fields.iter().filter_map(|&field| known.get(field).copied().flatten());
                    let through = from.filter(|(level, _)| *level > 0).filter_map(|(_, subgraph)| subgraph);
                    levels.enter(key.subgraph, level + 1, through.collect());
                }
            }
            let later = (0..graph.has.len()).map(|number| levels.level(SubgraphId(number as u16)));
            level = later.filter(|&later| later > level).min().unwrap_or(NEVER);
        }
    }
}
