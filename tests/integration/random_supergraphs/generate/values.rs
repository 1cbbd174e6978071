//! What has no key: value types, of which some subgraphs know only a part, and unions.

use std::collections::{BTreeMap, BTreeSet};

use super::{Generator, Of};
use crate::random_supergraphs::schema::{Graph, SHAREABLE};

impl Generator {
    pub(super) fn values(&mut self) {
        for number in 0..self.rng.usize(1..=2) {
            let name = format!("V{number}");
            let fields: Vec<(String, String)> =
                (0..self.rng.usize(1..=3)).map(|field| (format!("v{field}"), self.leaf())).collect();
            for graph in 0..self.schema.graphs {
                if !self.chance(70) {
                    continue;
                }
                for (index, (field, ty)) in fields.iter().enumerate() {
                    // Some know only a part.
                    if index == 0 || !self.chance(10) {
                        self.add(&name, field, Of::plain(ty), graph, SHAREABLE);
                    }
                }
            }
        }
    }

    pub(super) fn union(&mut self) {
        let mut members: Vec<String> = self.entities.clone();
        members.extend(self.schema.types.keys().filter(|name| name.starts_with('V')).cloned());
        self.rng.shuffle(&mut members);
        members.truncate(3);
        let mut by_graph: BTreeMap<Graph, BTreeSet<String>> = BTreeMap::new();
        for graph in 0..self.schema.graphs {
            for member in &members {
                if self.schema.ty(member).graphs.contains(&graph) && self.chance(75) {
                    by_graph.entry(graph).or_default().insert(member.clone());
                }
            }
        }
        self.schema.unions.insert("U0".to_owned(), by_graph);
    }
}
