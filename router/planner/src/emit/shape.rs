//! The shape of the response: the operation by concrete type, each member with its key in the merged data.

use super::Keys;
use crate::draft::Draft;
use crate::operation::{NodeId, Operation, What};
use crate::plan::{Shape, ShapeField, Source, Variant};

/// Writes the response's shape.
pub fn write(draft: &Draft<'_>, keys: &mut Keys) -> Shape {
    shape(&draft.operation, keys, draft.operation.top)
}

/// Recursion is bounded by the operation's depth, its size by the operation's.
fn shape(operation: &Operation, keys: &mut Keys, node: NodeId) -> Shape {
    let node = operation.node(node);
    let mut shape = Shape::default();
    for variant in &node.variants {
        let mut fields = Vec::with_capacity(variant.fields.len());
        for selected in &variant.fields {
            let Some(key) = &selected.key else { continue };
            fields.push(ShapeField {
                response_key: key.to_string(),
                source: match selected.what {
                    What::Field(_) => Source::Data(keys.id(key)),
                    What::Typename => Source::Typename,
                    What::Introspection => Source::Introspection,
                },
                field: selected.field,
                ty: selected.ty.clone(),
                selection: selected.child.map(|child| self::shape(operation, keys, child)),
                locations: selected.locations.clone(),
            });
        }
        shape.variants.push(Variant { types: variant.types.clone(), fields });
    }
    shape
}
