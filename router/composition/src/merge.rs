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
pub(crate) mod executable;
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
use graphql::{Diagnostic, Schema};

use context::{Context, Findings};
use kinds::Kind;
use links::SpecNames;

use crate::input::Options;

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
    findings.stop_on_error()?;

    let types = kinds::gather(subgraphs, &mut findings);
    let mut context = Context::new(subgraphs, &types, spec_names, composed);
    let mut out = Schema::new();
    for (name, entry) in &types {
        let merged = match entry.kind {
            Kind::Scalar => scalars::merge(&mut context, name, &entry.sources, &mut findings),
            Kind::Object | Kind::Interface => composites::merge(&mut context, name, entry, &mut findings),
            Kind::Union => unions::merge(&mut context, name, &entry.sources, &mut findings),
            Kind::InputObject => match inputs::merge(&mut context, name, &entry.sources, &mut findings) {
                Some(merged) => merged,
                None => continue,
            },
            Kind::Enum => continue,
        };
        out.types.insert(name.clone(), merged);
    }
    interface_objects::spread(&context, &types, &mut out, &mut findings);
    auth::propagate(&context, &types, &mut out, &mut findings);
    interface_keys::check(&context, &types, &out, &mut findings);
    executable::merge(&mut context, &mut out, &mut findings);
    let usage = enums::Usage::of(&out);
    for (name, entry) in types.iter().filter(|(_, entry)| entry.kind == Kind::Enum) {
        if let Some(merged) = enums::merge(&mut context, name, &entry.sources, &usage, &mut findings) {
            out.types.insert(name.clone(), merged);
        }
    }
    header::add(&mut context, &mut out, &mut findings);
    one_of::define(&mut out);
    findings.stop_on_error()?;
    out.types.sort_keys();
    out.directive_definitions.sort_keys();
    Ok(Merged { schema: out, names: context.spec_names, hints: findings.into_hints() })
}
