//! `INVALID_FIELD_SHARING`: a field that several subgraphs resolve must be shareable in each of them.
//!
//! A copy that is external but provided on some path says itself that its values are the owner's. The reference
//! composition asks the owner for `@shareable` all the same; here that alone is a warning, since nothing can go wrong
//! that `@provides` had not promised.

use std::fmt::Arguments;

use federation::vocabulary::SHAREABLE;
use graphql::Severity;

use super::context::{Context, Findings};
use super::fields::FieldSource;
use crate::report;

/// Checks the resolvers of one field.
pub(crate) fn check(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    resolvers: &[&FieldSource<'_>],
    findings: &mut Findings,
) {
    let mut shareable = resolvers.iter().filter(|source| source.field.directives.has(SHAREABLE)).peekable();
    if shareable.peek().is_some() && coordinate.to_string().starts_with("Subscription.") {
        // One stream can't come from several places, so here @shareable itself is the fault.
        for source in shareable {
            let message = format!(
                "Fields on root level subscription object cannot be marked as shareable: \"{coordinate}\" is in subgraph \"{}\"",
                context.name(source.graph)
            );
            let labels = context.label(source.graph, source.field.location(), "shareable");
            findings.error("INVALID_FIELD_SHARING", message, labels, "Remove @shareable.");
        }
    }
    if resolvers.len() < 2 {
        return;
    }
    let resolvers: Vec<&&FieldSource<'_>> =
        resolvers.iter().filter(|source| !replaced(context, source, resolvers)).collect();
    let private: Vec<&&&FieldSource<'_>> = resolvers.iter().filter(|source| !source.facts.shareable).collect();
    if resolvers.len() < 2 || private.is_empty() {
        return;
    }
    let owners = resolvers.iter().filter(|source| !source.facts.external).count();
    let all = report::subgraphs(context.names(resolvers.iter().map(|source| source.graph)));
    let not_shareable = if private.len() == resolvers.len() {
        "all of them".to_owned()
    } else {
        report::subgraphs(context.names(private.iter().map(|source| source.graph)))
    };
    let message = format!(
        "Non-shareable field \"{coordinate}\" is resolved from multiple subgraphs: it is resolved from {all} and defined as non-shareable in {not_shareable}"
    );
    let labels = resolvers
        .iter()
        .flat_map(|source| {
            let text = if source.facts.shareable { "shareable" } else { "not shareable" };
            context.label(source.graph, source.field.location(), text)
        })
        .collect();
    if owners < 2 {
        let message =
            format!("{message}. It is only provided, not resolved, elsewhere: other composers want it @shareable");
        findings.hint("INVALID_FIELD_SHARING", Severity::Warning, message, labels);
        return;
    }
    findings.error("INVALID_FIELD_SHARING", message, labels, "Add @shareable in each of these subgraphs if they give the same values; otherwise rename the field in one of them.");
}

/// Under a progressive override the two copies are one field that moves, not a shared one.
fn replaced(context: &Context<'_>, source: &FieldSource<'_>, all: &[&FieldSource<'_>]) -> bool {
    source.overridden != super::fields::Overridden::No
        && all.iter().any(|other| {
            other.facts.overrides.as_ref().is_some_and(|overrides| overrides.from == context.name(source.graph))
        })
}
