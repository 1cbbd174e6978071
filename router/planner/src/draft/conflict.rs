//! Requirements that one representation can't meet: under one name it has but one value, with the arguments of one call and
//! read from one object.

use federation::TypeId;

use super::{Draft, PlaceId};
use crate::operation::{Node, NodeId, Selected, What};

impl Draft<'_> {
    /// Whether two sets of things to send of objects of a type ask for different values under one name.
    pub(super) fn conflicts(&self, (place, ty): (PlaceId, TypeId), a: &[NodeId], b: &[NodeId]) -> bool {
        a.iter().any(|&a| b.iter().any(|&b| a != b && self.differ((Some(place), ty), a, b)))
    }

    /// Whether they do so here or below; there may be no place for what nobody has. Recursion is bounded by the depth of
    /// field sets.
    fn differ(&self, (place, ty): (Option<PlaceId>, TypeId), a: NodeId, b: NodeId) -> bool {
        let (a, b) = (self.operation.node(a), self.operation.node(b));
        fields(&a, ty).any(|a| fields(&b, ty).any(|b| self.fields_differ((place, ty), a, b)))
    }

    fn fields_differ(&self, (place, ty): (Option<PlaceId>, TypeId), a: &Selected, b: &Selected) -> bool {
        let (What::Field(call), What::Field(other)) = (&a.what, &b.what) else { return false };
        if call.name != other.name {
            return false;
        }
        if call.arguments != other.arguments {
            return true;
        }
        let (Some(a), Some(b)) = (a.child, b.child) else { return false };
        let key = |wanted: NodeId| {
            let (key, _) = self.state.client_selection(&self.operation, (place?, ty), call, Some(wanted));
            key
        };
        if key(a) != key(b) {
            return true;
        }
        let value = place.and_then(|place| self.state.value(&self.operation, (place, ty), call, Some(a)));
        let below = value.and_then(|value| value.child(ty));
        let node = self.operation.node(a);
        let mut types = node.variants.iter().flat_map(|variant| variant.types.iter());
        types.any(|ty| self.differ((below, ty), a, b))
    }
}

/// What a node asks of objects of a type.
fn fields(node: &Node, ty: TypeId) -> impl Iterator<Item = &Selected> {
    let variant = node.variants.iter().find(|variant| variant.types.contains(ty));
    variant.into_iter().flat_map(|variant| &variant.fields)
}
