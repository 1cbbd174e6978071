//! Subgraphs that take the interface for an object: fields of theirs are of all its implementations.

use super::{Generator, Of};
use crate::random_supergraphs::schema::{EXTERNAL, Graph, SHAREABLE};

impl Generator {
    /// Chooses them: one, or two that may share a field.
    pub(super) fn interface_objects(&mut self) {
        if !self.chance(35) {
            return;
        }
        let several = self.schema.graphs > 2 && self.chance(40);
        for graph in 0..if several { 2 } else { 1 } {
            self.interface_objects.push(graph);
            self.schema.ty("I0").interface_object.insert(graph);
            self.schema.ty("I0").keys.entry(graph).or_default().insert("\"id\"".to_owned());
            self.add("I0", "id", Of::plain("ID!"), graph, "");
        }
    }

    /// Gives them fields.
    pub(super) fn interface_object_fields(&mut self) {
        for graph in self.interface_objects.clone() {
            for number in 0..self.rng.usize(1..=2) {
                let inner = if self.chance(33) { self.composite(graph) } else { None };
                let ty = match inner {
                    Some(inner) => self.wrapped(&inner),
                    None => self.leaf(),
                };
                self.interface_object_field(&format!("i{number}"), &ty, graph);
            }
            if self.chance(30) {
                self.add("I0", "c0", Of::plain("String"), graph, EXTERNAL);
                self.add("I0", &format!("ir{graph}"), Of::plain("String"), graph, "@requires(fields: \"c0\")");
            }
        }
    }

    fn interface_object_field(&mut self, name: &str, ty: &str, graph: Graph) {
        match self.schema.ty("I0").fields.get(name).cloned() {
            None => self.add("I0", name, Of::plain(ty), graph, ""),
            Some(known) => {
                for graph in known.graphs.keys().copied().chain([graph]) {
                    self.add("I0", name, Of::plain(&known.ty), graph, SHAREABLE);
                }
            }
        }
    }
}
