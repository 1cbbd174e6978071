//! Hides types of which nothing is left, so that one excludes a type by excluding all of its parts.

use federation::subgraph::Composite;
use graphql::Schema;
use graphql::schema::ExtendedType;

use super::hidden::Hidden;

/// Hides empty types: those with fields or values first, then unions of hidden types. The query root stays, to be
/// reported if it is empty.
pub(super) fn hide(schema: &Schema, hidden: &mut Hidden) {
    let query = schema.schema_definition.query.as_ref().map(|query| &query.name);
    for (name, ty) in schema.types.iter().filter(|(name, ty)| !ty.is_built_in() && Some(*name) != query) {
        let gone = |member| hidden.members.contains(&(name.clone(), member));
        let empty = match ty {
            ExtendedType::Enum(ty) => ty.values.keys().cloned().all(gone),
            ExtendedType::InputObject(ty) => ty.fields.keys().cloned().all(gone),
            ty => Composite::of(ty).is_some_and(|ty| ty.fields.keys().cloned().all(gone)),
        };
        if empty && !hidden.is_vocabulary(name) {
            hidden.types.insert(name.clone());
        }
    }
    for union in schema.types.values().filter_map(ExtendedType::as_union) {
        if union.members.iter().all(|member| hidden.types.contains(&member.name)) {
            hidden.types.insert(union.name.clone());
        }
    }
}
