//! Fields of entities: some shared, some taken over, at once or for a share of the requests.

use super::inputs::{NONE, TOLD};
use super::{Generator, Of};
use crate::random_supergraphs::schema::{GRAPHS, Graph, SHAREABLE};

impl Generator {
    pub(super) fn fields(&mut self) {
        for entity in self.entities.clone() {
            for number in 0..self.rng.usize(2..=6) {
                let graph = self.graph_of(&entity);
                let inner = if self.chance(45) { self.composite(graph) } else { None };
                let (ty, arguments) = match inner {
                    Some(inner) => (self.wrapped(&inner), &NONE),
                    None if self.chance(25) => ("String".to_owned(), &TOLD[self.rng.usize(..TOLD.len())]),
                    None => (self.leaf(), &NONE),
                };
                let (name, of) = (format!("f{number}"), Of { ty: &ty, arguments });
                self.add(&entity, &name, of, graph, "");
                self.share(&entity, &name, of, graph);
            }
            for number in 0..self.rng.usize(0..=2) {
                self.requiring(&entity, &format!("r{number}"));
            }
        }
        for entity in self.entities.clone() {
            if self.chance(30) {
                self.providing(&entity);
            }
            if self.chance(15) {
                self.hidden(&entity);
            }
        }
    }

    /// Lets another subgraph have the field too, or take it over.
    fn share(&mut self, entity: &str, name: &str, of: Of<'_>, graph: Graph) {
        let other = self.graph_of(entity);
        let inner = of.named();
        let is_known = self.schema.types.get(&inner).is_none_or(|ty| ty.graphs.contains(&other))
            && self.schema.unions.get(&inner).is_none_or(|by| by.contains_key(&other));
        if other == graph || !is_known {
            return;
        }
        match self.rng.u8(..100) {
            0..20 => {
                self.add(entity, name, of, graph, SHAREABLE);
                self.add(entity, name, of, other, SHAREABLE);
            }
            20..30 => self.add(entity, name, of, other, &format!("@override(from: \"{}\")", GRAPHS[graph])),
            30..42 => {
                let label = ["percent(30)", "percent(70)", "custom"][self.rng.usize(..3)];
                let directive = format!("@override(from: \"{}\", label: \"{label}\")", GRAPHS[graph]);
                self.add(entity, name, of, other, &directive);
            }
            _ => {}
        }
    }
}
