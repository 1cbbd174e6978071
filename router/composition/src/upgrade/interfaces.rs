//! Drops what federation 1 accepted without effect: keys on interfaces, `@provides` and `@requires` on their fields,
//! and `@provides` on fields that have nothing to provide.

use federation::subgraph::{Composite, Parsed, Subgraph};
use federation::vocabulary::{KEY, PROVIDES, REQUIRES};
use graphql::schema::ExtendedType;

use super::{TypeKind, each_field};

/// Drops directives that have no effect.
pub(crate) fn drop_unsupported(subgraph: &mut Subgraph<Parsed>) {
    for ty in subgraph.schema.types.values_mut() {
        if matches!(ty, ExtendedType::Interface(_))
            && let Some(directives) = Composite::directives_mut(ty)
        {
            directives.retain(|directive| directive.name != KEY);
        }
    }
    let schema = subgraph.schema.clone();
    each_field(subgraph, |_, kind, field| {
        let leaf = schema.types.get(field.ty.inner_named_type()).is_some_and(ExtendedType::is_leaf);
        field.make_mut().directives.retain(|directive| match directive.name.as_str() {
            PROVIDES => kind == TypeKind::Object && !leaf,
            REQUIRES => kind == TypeKind::Object,
            _ => true,
        });
    });
}
