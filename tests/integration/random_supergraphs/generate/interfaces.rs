//! Interfaces of some entities: each subgraph knows some of them; for an entity interface one knows them all.

use super::{Generator, Of};
use crate::random_supergraphs::schema::{Graph, Kind, SHAREABLE};

impl Generator {
    /// An interface; others may take it for an object.
    pub(super) fn interface(&mut self) {
        let members: Vec<String> = self.entities.iter().take(self.rng.usize(2..=3)).cloned().collect();
        let name = "I0";
        self.schema.ty(name).kind = Kind::Interface;
        let is_left = |graph: &Graph| !self.interface_objects.contains(graph);
        let owner = (0..self.schema.graphs).rfind(is_left).filter(|_| !self.interface_objects.is_empty());
        for graph in 0..self.schema.graphs {
            if self.interface_objects.contains(&graph) {
                continue;
            }
            let is_owner = owner == Some(graph);
            for member in &members {
                if is_owner {
                    self.know(member, graph);
                    self.add(member, "id", Of::plain("ID!"), graph, "");
                    self.schema.ty(member).keys.entry(graph).or_default().insert("\"id\"".to_owned());
                    self.add(member, "c0", Of::plain("String"), graph, SHAREABLE);
                }
                let ty = self.schema.ty(member);
                if ty.fields.get("id").is_some_and(|id| id.graphs.contains_key(&graph)) {
                    ty.implements.entry(graph).or_default().insert(name.to_owned());
                    self.add(name, "id", Of::plain("ID!"), graph, "");
                }
            }
            if is_owner {
                self.add(name, "c0", Of::plain("String"), graph, "");
                self.schema.ty(name).keys.entry(graph).or_default().insert("\"id\"".to_owned());
            }
        }
    }

    /// An interface that the other one implements, wherever that is known.
    pub(super) fn interface_of_interfaces(&mut self) {
        if !self.interface_objects.is_empty() || !self.chance(25) {
            return;
        }
        let name = "I1";
        self.schema.ty(name).kind = Kind::Interface;
        for graph in self.schema.ty("I0").graphs.clone() {
            self.add(name, "id", Of::plain("ID!"), graph, "");
            for ty in self.schema.types.values_mut() {
                if ty.implements.get(&graph).is_some_and(|implemented| implemented.contains("I0")) {
                    ty.implements.entry(graph).or_default().insert(name.to_owned());
                }
            }
            self.schema.ty("I0").implements.entry(graph).or_default().insert(name.to_owned());
        }
    }
}
