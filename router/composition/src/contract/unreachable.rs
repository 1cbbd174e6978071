//! Hides types that no query can reach. What an included tag stands on was asked for, and stays.

use federation::subgraph::Composite;
use graphql::collections::{IndexMap, IndexSet};
use graphql::schema::ExtendedType;
use graphql::{Name, Schema, is_executable_location};

use super::Contract;
use super::hidden::Hidden;

/// Hides unreachable types.
pub(super) fn hide(schema: &Schema, contract: &Contract, hidden: &mut Hidden) {
    let reached = reached(schema, hidden);
    for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        let asked_for = contract.includes(&hidden.tags(&ty.directives().0));
        if !reached.contains(name) && !asked_for && !hidden.is_vocabulary(name) {
            hidden.types.insert(name.clone());
        }
    }
}

/// All types that visible roots, fields and arguments lead to: fields' types, what may stand for an abstract type, and
/// the interfaces of an object.
fn reached(schema: &Schema, hidden: &Hidden) -> IndexSet<Name> {
    let mut implementations: IndexMap<&Name, Vec<&Name>> = IndexMap::default();
    for ty in schema.types.values().filter_map(Composite::of) {
        for interface in ty.implements {
            implementations.entry(&interface.name).or_default().push(ty.name);
        }
    }
    let definition = &schema.schema_definition;
    let roots = [&definition.query, &definition.mutation, &definition.subscription];
    let mut waiting: Vec<&Name> = roots.into_iter().flatten().map(|root| &root.name).collect();
    let executable = schema
        .directive_definitions
        .values()
        .filter(|directive| directive.locations.iter().any(is_executable_location));
    waiting.extend(executable.flat_map(|directive| directive.arguments.iter().map(|arg| arg.ty.inner_named_type())));
    let mut reached = IndexSet::default();
    while let Some(name) = waiting.pop() {
        let Some(ty) = schema.types.get(name).filter(|_| !hidden.types.contains(name)) else { continue };
        if !reached.insert(name.clone()) {
            continue;
        }
        waiting.extend(implementations.get(name).into_iter().flatten());
        waiting.extend(leads_to(ty, hidden));
    }
    reached
}

fn leads_to<'a>(ty: &'a ExtendedType, hidden: &Hidden) -> Vec<&'a Name> {
    let visible = |member: &Name| !hidden.members.contains(&(ty.name().clone(), member.clone()));
    match ty {
        ExtendedType::Union(union) => union.members.iter().map(|member| &member.name).collect(),
        ExtendedType::InputObject(input) => input
            .fields
            .values()
            .filter(|field| visible(&field.name))
            .map(|field| field.ty.inner_named_type())
            .collect(),
        ExtendedType::Scalar(_) | ExtendedType::Enum(_) => Vec::new(),
        ExtendedType::Object(_) | ExtendedType::Interface(_) => {
            let Some(composite) = Composite::of(ty) else { return Vec::new() };
            let mut found: Vec<&Name> = composite.implements.iter().map(|interface| &interface.name).collect();
            for field in composite.fields.values().filter(|field| visible(&field.name)) {
                found.push(field.ty.inner_named_type());
                let shown = field.arguments.iter().filter(|argument| {
                    let place = (composite.name.clone(), field.name.clone(), argument.name.clone());
                    !hidden.arguments.contains(&place)
                });
                found.extend(shown.map(|argument| argument.ty.inner_named_type()));
            }
            found
        }
    }
}
