//! Entities: each known to some subgraphs, by one key or several.

use super::{Generator, Of};
use crate::random_supergraphs::schema::{Graph, SHAREABLE};

impl Generator {
    pub(super) fn entities(&mut self) {
        for number in 0..self.rng.usize(2..=4) {
            let name = format!("E{number}");
            self.entities.push(name.clone());
            for graph in 0..self.schema.graphs {
                if self.chance(60) && !self.interface_objects.contains(&graph) {
                    self.know(&name, graph);
                }
            }
            if self.schema.ty(&name).graphs.is_empty() {
                let graph = (0..self.schema.graphs).find(|graph| !self.interface_objects.contains(graph));
                self.know(&name, graph.unwrap_or(0));
            }
        }
    }

    /// Lets a subgraph know an entity: by one key or several.
    pub(super) fn know(&mut self, entity: &str, graph: Graph) {
        if self.schema.ty(entity).graphs.contains(&graph) {
            return;
        }
        let kinds: &[usize] = match self.rng.u32(..10) {
            0..=5 => &[0],
            6 => &[1],
            7 => &[0, 1],
            8 => &[2],
            _ => &[0, 3],
        };
        for &kind in kinds {
            let mut key = ["\"id\"", "\"code\"", "\"id code\"", "\"tag { name }\""][kind].to_owned();
            if self.chance(5) {
                key.push_str(", resolvable: false");
            }
            if kind != 1 && kind != 3 {
                self.add(entity, "id", Of::plain("ID!"), graph, "");
            }
            if kind == 1 || kind == 2 {
                self.add(entity, "code", Of::plain("String!"), graph, "");
            }
            if kind == 3 {
                self.add(entity, "tag", Of::plain("Tag!"), graph, SHAREABLE);
                self.add("Tag", "name", Of::plain("String!"), graph, SHAREABLE);
            }
            self.schema.ty(entity).keys.entry(graph).or_default().insert(key);
        }
    }
}
