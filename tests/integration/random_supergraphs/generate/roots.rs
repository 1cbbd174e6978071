//! Root fields, some of which several subgraphs have, and mutations.

use super::inputs::{IGNORED, NONE};
use super::{Generator, Of};
use crate::random_supergraphs::schema::SHAREABLE;

impl Generator {
    pub(super) fn roots(&mut self) {
        let mut number = 0;
        for graph in 0..self.schema.graphs {
            for _ in 0..self.rng.usize(1..=3) {
                let Some(inner) = self.composite(graph) else { continue };
                let ty = self.wrapped(&inner);
                let arguments = if self.chance(20) { &IGNORED[self.rng.usize(..IGNORED.len())] } else { &NONE };
                let (name, of) = (format!("q{number}"), Of { ty: &ty, arguments });
                number += 1;
                self.add("Query", &name, of, graph, "");
                let other = self.graph();
                let is_known = self.schema.types.get(&inner).is_some_and(|ty| ty.graphs.contains(&other));
                if other != graph && is_known && self.chance(25) {
                    self.add("Query", &name, of, graph, SHAREABLE);
                    self.add("Query", &name, of, other, SHAREABLE);
                }
            }
            if self.chance(15) {
                let Some(inner) = self.composite(graph) else { continue };
                let ty = self.wrapped(&inner);
                let of = Of { ty: &ty, arguments: &IGNORED[self.rng.usize(..IGNORED.len())] };
                self.add("Mutation", &format!("m{number}"), of, graph, "");
            }
        }
    }
}
