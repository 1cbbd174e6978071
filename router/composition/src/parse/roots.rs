//! `ROOT_QUERY_USED`, `ROOT_MUTATION_USED`, `ROOT_SUBSCRIPTION_USED`; and root types get their default names.

use federation::subgraph::{Parsed, Subgraph};
use graphql::ast::OperationType;
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name};

use crate::{report, walk};

const ROOTS: [(OperationType, &str, &str); 3] = [
    (OperationType::Query, "Query", "ROOT_QUERY_USED"),
    (OperationType::Mutation, "Mutation", "ROOT_MUTATION_USED"),
    (OperationType::Subscription, "Subscription", "ROOT_SUBSCRIPTION_USED"),
];

/// Takes the type `Query` for the query root where a schema definition names other roots alone: there it could be nothing
/// else, since the supergraph has the name for its own.
pub(crate) fn adopt_query(subgraph: &mut Subgraph<Parsed>) {
    let is_object = subgraph.schema.types.get("Query").is_some_and(ExtendedType::is_object);
    if subgraph.schema.schema_definition.query.is_none() && is_object {
        subgraph.schema.schema_definition.make_mut().query = Some(Name::new_unchecked("Query").into());
    }
}

/// A renamed root must leave the default name free, since the supergraph uses it.
pub(crate) fn check(subgraph: &Subgraph<Parsed>) -> Vec<Diagnostic> {
    let taken = |(operation, default, code): &(OperationType, &str, &'static str)| {
        let root = subgraph.schema.root_operation(*operation)?;
        subgraph.schema.types.get(root)?; // GraphQL reports one that there isn't.
        let other = subgraph.schema.types.get(*default).filter(|_| root != default)?;
        let message = format!(
            "The schema has a type named \"{default}\" but it is not set as the {} root type (\"{root}\" is instead)",
            operation.name()
        );
        Some(report::within(subgraph, code, other.name().location(), message).help(format!(
            "Make \"{default}\" the {} root, or give it another name: the supergraph needs this one.",
            operation.name()
        )))
    };
    ROOTS.iter().filter_map(taken).collect()
}

/// Renames root types to `Query`, `Mutation` and `Subscription`, with all references.
pub(crate) fn rename(subgraph: &mut Subgraph<Parsed>) {
    for (operation, default, _) in ROOTS {
        let Some(root) = subgraph.schema.root_operation(operation).cloned() else { continue };
        let Ok(new) = Name::new(default) else { continue };
        if root == new {
            continue;
        }
        if let Some(mut ty) = subgraph.schema.types.shift_remove(&root) {
            if let ExtendedType::Object(object) = &mut ty {
                // A name's location must be as long as the name, so the new one has none.
                object.make_mut().name = new.clone();
            }
            subgraph.schema.types.insert(new.clone(), ty);
        }
        walk::output_types_mut(&mut subgraph.schema, &|name| (*name == root).then(|| new.clone()));
        let definition = subgraph.schema.schema_definition.make_mut();
        let slot = match operation {
            OperationType::Query => &mut definition.query,
            OperationType::Mutation => &mut definition.mutation,
            OperationType::Subscription => &mut definition.subscription,
        };
        *slot = Some(new.clone().into());
        if subgraph.stage.defined.shift_remove(&root) {
            subgraph.stage.defined.insert(new);
        }
    }
}
