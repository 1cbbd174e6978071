//! `UNKNOWN_CONTRACT_TAG`: a tag that nothing has hides nothing, or, alone, everything; most often it is misspelt.

use federation::subgraph::Composite;
use graphql::ast::Directive;
use graphql::collections::IndexSet;
use graphql::schema::ExtendedType;
use graphql::suggest::did_you_mean;
use graphql::{Diagnostic, Schema, Severity, Suggestions};

use super::Contract;
use super::hidden::Hidden;

/// One hint for each tag of the contract that no element has.
pub(super) fn hints(schema: &Schema, contract: &Contract, hidden: &Hidden) -> Vec<Diagnostic> {
    let known = tags(schema, hidden);
    let included = contract.include.iter().map(|tag| (tag, "includes"));
    let unknown = included.chain(contract.exclude.iter().map(|tag| (tag, "excludes")));
    unknown
        .filter(|(tag, _)| !known.contains(tag.as_str()))
        .map(|(tag, verb)| {
            let near = did_you_mean(Suggestions::On, tag, known.iter().copied());
            let message = format!("The contract {verb} the tag \"{tag}\", which nothing in the supergraph has.{near}");
            Diagnostic::new("UNKNOWN_CONTRACT_TAG", Severity::Warning, message)
        })
        .collect()
}

/// Every tag that stands somewhere.
fn tags<'a>(schema: &'a Schema, hidden: &Hidden) -> IndexSet<&'a str> {
    let mut found = IndexSet::default();
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        found.extend(hidden.tags(&ty.directives().0));
        let mut part = |directives: &'a [graphql::Node<Directive>]| found.extend(hidden.tags(directives));
        for field in Composite::of(ty).into_iter().flat_map(|composite| composite.fields.values()) {
            part(&field.directives.0);
            field.arguments.iter().for_each(|argument| part(&argument.directives.0));
        }
        match ty {
            ExtendedType::Enum(ty) => ty.values.values().for_each(|value| part(&value.directives.0)),
            ExtendedType::InputObject(ty) => ty.fields.values().for_each(|field| part(&field.directives.0)),
            _ => {}
        }
    }
    found
}
