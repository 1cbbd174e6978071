//! References to entities along with fields that other subgraphs have, and fields that nobody may see.

use super::{Generator, LEAVES, Of, named};
use crate::random_supergraphs::schema::{EXTERNAL, Field, Graph, SHAREABLE};

impl Generator {
    /// A reference to the entity along with one of its fields that another subgraph has.
    pub(super) fn providing(&mut self, entity: &str) {
        let graph = self.graph_of(entity);
        let mut others = self
            .schema
            .types
            .iter()
            .filter(|(name, ty)| name.starts_with('E') && ty.graphs.contains(&graph) && name.as_str() != entity);
        let from = others.next().map(|(name, _)| name.clone());
        let is_fit = |field: &Field| {
            let mut directives = field.graphs.values().flatten();
            !field.graphs.contains_key(&graph)
                && LEAVES.contains(&named(&field.ty).as_str())
                && directives.all(|directive| !directive.starts_with("@override"))
        };
        let mut fields = self.schema.ty(entity).fields.iter();
        let provided = fields.find(|(name, field)| name.starts_with('f') && is_fit(field));
        let provided = provided.map(|(name, field)| (name.clone(), field.clone()));
        let (Some(from), Some((name, field))) = (from, provided) else { return };
        let of = Of { ty: &field.ty, arguments: field.arguments };
        for owner in owners(&field) {
            self.add(entity, &name, of, owner, SHAREABLE);
        }
        self.add(entity, &name, of, graph, EXTERNAL);
        let ty = self.wrapped(entity);
        let directive = format!("@provides(fields: \"{name}\")");
        self.add(&from, &format!("p{entity}"), Of::plain(&ty), graph, &directive);
    }

    /// Hides a field of the entity.
    pub(super) fn hidden(&mut self, entity: &str) {
        let field = self.schema.ty(entity).fields.iter().find(|(name, _)| name.starts_with('f'));
        let Some((name, field)) = field.map(|(name, field)| (name.clone(), field.clone())) else { return };
        if let Some(graph) = owners(&field).next() {
            let of = Of { ty: &field.ty, arguments: field.arguments };
            self.add(entity, &name, of, graph, "@inaccessible");
        }
    }
}

/// The subgraphs that have a field themselves.
fn owners(field: &Field) -> impl Iterator<Item = Graph> + '_ {
    field.graphs.iter().filter(|(_, directives)| !directives.contains(EXTERNAL)).map(|(graph, _)| *graph)
}
