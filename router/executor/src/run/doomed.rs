//! Whether what has come so far makes `data` null already, so that no later mutation may run.
//!
//! Looks at nulls alone, and at nothing that is still to come: what is absent may yet arrive.

use federation::supergraph::FieldType;
use planner::plan::{Shape, ShapeField, Source};

use crate::project::View;
use crate::store::{Node, NodeId, ObjectType, Store};

/// Whether a null comes up to the top of the response.
pub fn is_doomed(store: &Store<'_>, shape: &Shape) -> bool {
    object_is_null(store, shape, store.root())
}

fn object_is_null(store: &Store<'_>, shape: &Shape, id: NodeId) -> bool {
    let Some(object) = store.object(id) else { return false };
    let variant = match (object.ty, shape.variants.as_slice()) {
        (ObjectType::Known(ty), variants) => variants.iter().find(|variant| variant.types.contains(ty)),
        (_, [only]) => Some(only),
        _ => None,
    };
    let fields = variant.map(|variant| variant.fields.as_slice()).unwrap_or_default();
    let mut fields = fields.iter().filter(|field| field.ty.is_non_null() && View::First.shows(field));
    fields.any(|field| match field.source {
        Source::Data(key) => object.member(key).is_some_and(|node| value_is_null(store, &field.ty, field, node)),
        Source::Typename | Source::Introspection => false,
    })
}

fn value_is_null(store: &Store<'_>, ty: &FieldType, field: &ShapeField, node: NodeId) -> bool {
    match (store.node(node), ty) {
        (Node::Null(_), _) => true,
        (Node::Leaf(_), _) => false,
        (Node::Object(_), _) => field.selection.as_ref().is_some_and(|shape| object_is_null(store, shape, node)),
        (&Node::Array { start, len, .. }, FieldType::List { item, .. }) if item.is_non_null() => {
            store.items(start, len).iter().any(|node| value_is_null(store, item, field, *node))
        }
        (Node::Array { .. }, _) => false,
    }
}
