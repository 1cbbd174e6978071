//! Requirements that one representation can't meet: the same field with different arguments has but one name there.

use federation::TypeId;

use super::Draft;
use crate::operation::{NodeId, Operation, What};

impl Draft<'_> {
    /// Whether two sets of things to send of objects of a type ask for different values under one name.
    pub(super) fn conflicts(&self, ty: TypeId, a: &[NodeId], b: &[NodeId]) -> bool {
        a.iter().any(|&a| b.iter().any(|&b| a != b && differ(&self.operation, ty, a, b)))
    }
}

/// Recursion is bounded by the depth of field sets.
fn differ(operation: &Operation, ty: TypeId, a: NodeId, b: NodeId) -> bool {
    let (a, b) = (operation.node(a), operation.node(b));
    let of_type = |node: &crate::operation::Node| {
        node.variants.iter().find(|variant| variant.types.contains(ty)).map(|variant| variant.fields.clone())
    };
    let (Some(a), Some(b)) = (of_type(&a), of_type(&b)) else { return false };
    a.iter().any(|a| {
        b.iter().any(|b| {
            let (What::Field(call), What::Field(other)) = (&a.what, &b.what) else { return false };
            if call.name != other.name {
                return false;
            }
            call.arguments != other.arguments
                || match (a.child, b.child) {
                    (Some(a), Some(b)) => {
                        let types = operation.node(a);
                        let mut types = types.variants.iter().flat_map(|variant| variant.types.iter());
                        types.any(|ty| differ(operation, ty, a, b))
                    }
                    _ => false,
                }
        })
    })
}
