//! Merges valid subgraphs into one schema with the join vocabulary, by the rules between subgraphs.
//!
//! Kinds come first (a name means one thing), then what implements what (field types need it), then types with
//! fields, and enums last, since how an enum merges depends on where the merged schema uses it.

mod alternatives;
mod applied;
mod arguments;
mod auth;
mod carried;
mod compose_directive;
mod composites;
mod context;
pub(crate) mod contextual;
mod default_value;
mod description;
mod enums;
mod executable;
mod external;
mod fields;
mod graphs;
pub(crate) mod header;
mod inputs;
mod interface_keys;
mod interface_objects;
pub(crate) mod join;
mod kinds;
pub(crate) mod links;
mod one_of;
mod overrides;
mod pinned;
pub(crate) mod requirements;
mod scalars;
mod sharing;
mod strategy;
mod subtypes;
mod unions;
mod value_type;
mod values;

use federation::subgraph::{Subgraph, Validated};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name, Schema};

use context::{Context, Findings};
use kinds::{Entry, Kind};
use links::SpecNames;

use crate::input::Options;
use crate::parallel;

/// A merged schema, not yet checked as a whole.
pub(crate) struct Merged {
    /// The supergraph schema, join vocabulary included; types in name order.
    pub(crate) schema: Schema,
    /// What composed specifications' directives are called in it.
    pub(crate) names: SpecNames,
    /// Findings that don't stop composition.
    pub(crate) hints: Vec<Diagnostic>,
}

/// Merges all subgraphs.
///
/// # Errors
/// All findings, hints included.
pub(crate) fn merge(subgraphs: &[Subgraph<Validated>], options: &Options) -> Result<Merged, Vec<Diagnostic>> {
    let mut findings = Findings::default();
    pinned::check(subgraphs, options.federation_version, &mut findings);
    let spec_names = links::agree(subgraphs, &mut findings);
    let composed = compose_directive::gather(subgraphs, &spec_names, &mut findings);

    let types = kinds::gather(subgraphs, &mut findings);
    let context = Context::new(subgraphs, &types, spec_names, composed);
    graphs::check(subgraphs, &context.graphs, &mut findings);
    let mut out = Schema::new();
    let by_name = types.iter().filter(|(_, entry)| entry.kind != Kind::Enum).collect();
    for (name, merged, found) in parallel::map_each(by_name, |(name, entry)| merge_type(&context, name, entry)) {
        out.types.extend(merged.map(|merged| (name.clone(), merged)));
        findings.append(found);
    }
    interface_objects::spread(&context, &types, &mut out, &mut findings);
    auth::propagate(&context, &types, &mut out, &mut findings);
    interface_keys::check(&context, &types, &out, &mut findings);
    executable::merge(&context, &mut out, &mut findings);
    let usage = enums::Usage::of(&out, &types);
    for (name, entry) in types.iter().filter(|(_, entry)| entry.kind == Kind::Enum) {
        if let Some(merged) = enums::merge(&context, name, &entry.sources, &usage, &mut findings) {
            out.types.insert(name.clone(), merged);
        }
    }
    header::add(&context, &mut out, &mut findings);
    one_of::define(&mut out);
    findings.stop_on_error()?;
    out.types.sort_keys();
    out.directive_definitions.sort_keys();
    Ok(Merged { schema: out, names: context.spec_names, hints: findings.into_hints() })
}

/// Merges one type other than an enum; `None` when nothing of it is left.
fn merge_type<'n>(
    context: &Context<'_>,
    name: &'n Name,
    entry: &Entry<'_>,
) -> (&'n Name, Option<ExtendedType>, Findings) {
    let mut findings = Findings::default();
    let merged = match entry.kind {
        Kind::Scalar => Some(scalars::merge(context, name, &entry.sources, &mut findings)),
        Kind::Object | Kind::Interface => Some(composites::merge(context, name, entry, &mut findings)),
        Kind::Union => Some(unions::merge(context, name, &entry.sources, &mut findings)),
        Kind::InputObject => inputs::merge(context, name, &entry.sources, &mut findings),
        Kind::Enum => None,
    };
    (name, merged, findings)
}
