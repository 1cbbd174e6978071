//! Drops what federation 1 accepted without effect: keys on interfaces, `@provides` and `@requires` on their fields,
//! and `@provides` on fields that have nothing to provide.

use federation::subgraph::{Composite, Generation, Parsed, Subgraph};
use federation::vocabulary::{INTERFACE_OBJECT, KEY, PROVIDES, REQUIRES};
use graphql::Diagnostic;
use graphql::schema::ExtendedType;

use super::{TypeKind, each_field};

/// `INTERFACE_OBJECT_USAGE_ERROR`: an interface object is found by its interface's key, which has no effect in a
/// federation 1 schema.
pub(crate) fn check_interface_objects(subgraphs: &[Subgraph<Parsed>]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for subgraph in subgraphs.iter().filter(|subgraph| subgraph.generation == Generation::One) {
        for interface in subgraph.schema.types.values().filter_map(ExtendedType::as_interface) {
            let Some(key) = interface.directives.get(KEY) else { continue };
            let objects = subgraphs.iter().filter_map(|other| {
                let object = other.schema.get_object(&interface.name)?;
                object.directives.has(INTERFACE_OBJECT).then_some((other, object))
            });
            for (other, object) in objects {
                let message = format!(
                    "The @interfaceObject directive on type \"{0}\" in subgraph \"{1}\" is invalid: the @key of interface \"{0}\" has no effect in the federation 1 schema of subgraph \"{2}\"",
                    interface.name, other.name, subgraph.name
                );
                errors.push(
                    Diagnostic::error("INTERFACE_OBJECT_USAGE_ERROR", message)
                        .label(other.label(object.name.location(), "the interface object"))
                        .label(subgraph.label(key.location(), "a key without effect"))
                        .help(format!("Link federation v2.3 or later in subgraph \"{}\".", subgraph.name)),
                );
            }
        }
    }
    errors
}

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
