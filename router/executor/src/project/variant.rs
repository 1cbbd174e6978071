//! Which of a shape's variants an object gets.

use federation::TypeId;
use planner::plan::{Shape, Variant};

use crate::store::ObjectType;

/// The variant for an object; `None` if the object is of no type that the client may see here.
pub fn variant(shape: &Shape, ty: ObjectType) -> Option<&Variant> {
    match (ty, shape.variants.as_slice()) {
        (ObjectType::Known(id), variants) => variants.iter().find(|variant| variant.types.contains(id)),
        (ObjectType::NotAsked | ObjectType::NotLearnt, [only]) => Some(only),
        // Where one type alone is possible, what is not told decides nothing.
        (ObjectType::Untold, [variant]) => only(variant).map(|_| variant),
        _ => None,
    }
}

/// The only type of a variant.
pub fn only(variant: &Variant) -> Option<TypeId> {
    let mut types = variant.types.iter();
    let first = types.next()?;
    types.next().is_none().then_some(first)
}
