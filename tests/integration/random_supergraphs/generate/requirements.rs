//! Fields that need others of their object, which other subgraphs have.

use super::{Generator, Of};
use crate::random_supergraphs::generate::named;
use crate::random_supergraphs::schema::{EXTERNAL, Field, Graph};

impl Generator {
    pub(super) fn requiring(&mut self, entity: &str, name: &str) {
        let graph = self.graph_of(entity);
        let fields = self.schema.ty(entity).fields.iter().filter(|(_, field)| !field.graphs.contains_key(&graph));
        let mut wanted: Vec<(String, Field)> = fields.map(|(name, field)| (name.clone(), field.clone())).collect();
        self.rng.shuffle(&mut wanted);
        wanted.truncate(self.rng.usize(1..=2));
        let mut sets = Vec::new();
        for (wanted, field) in wanted {
            let Some(below) = self.below(&field, graph) else { continue };
            let arguments = self.rng.choice(field.arguments.given).copied().unwrap_or_default();
            self.add(entity, &wanted, Of { ty: &field.ty, arguments: field.arguments }, graph, EXTERNAL);
            sets.push(format!("{wanted}{arguments}{below}"));
        }
        if !sets.is_empty() {
            let directive = format!("@requires(fields: \"{}\")", sets.join(" "));
            self.add(entity, name, Of::plain("String"), graph, &directive);
        }
    }

    /// What is required below a field, with braces: nothing of leaves; `None` if the subgraph knows nothing there.
    fn below(&self, field: &Field, graph: Graph) -> Option<String> {
        let inner = named(&field.ty);
        if self.schema.unions.contains_key(&inner) {
            return None;
        }
        let Some(ty) = self.schema.types.get(&inner) else { return Some(String::new()) };
        let knows = |name: &str| ty.fields.get(name).is_some_and(|field| field.graphs.contains_key(&graph));
        let name = match inner.starts_with('V') || inner == "Tag" {
            true => ty.fields.keys().find(|name| knows(name)).map(String::as_str),
            false => Some("id").filter(|name| knows(name)),
        };
        name.filter(|_| ty.graphs.contains(&graph)).map(|name| format!(" {{ {name} }}"))
    }
}
