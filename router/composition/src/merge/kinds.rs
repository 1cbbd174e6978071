//! `TYPE_KIND_MISMATCH`, `EXTENSION_WITH_NO_BASE`, `NO_QUERIES`: which types there are, of which kind, and where.

use federation::subgraph::{Composite, Subgraph, Validated};
use federation::vocabulary::INTERFACE_OBJECT;
use graphql::Name;
use graphql::collections::IndexMap;
use graphql::schema::ExtendedType;

use super::context::{Findings, Graph};
use crate::report;

/// A type as one subgraph has it.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) graph: Graph,
    pub(crate) ty: &'a ExtendedType,
}

/// The kind of a type in the supergraph. An interface object is an interface there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
}

/// All that subgraphs have under one name.
pub(crate) struct Entry<'a> {
    pub(crate) kind: Kind,
    pub(crate) sources: Vec<Source<'a>>,
}

/// Types in name order.
pub(crate) type TypeTable<'a> = IndexMap<Name, Entry<'a>>;

const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];
const RESERVED: [&str; 2] = ["join__", "link__"];

/// Gathers the types of all subgraphs. Types of more than one kind are reported and left out.
pub(crate) fn gather<'a>(subgraphs: &'a [Subgraph<Validated>], findings: &mut Findings) -> TypeTable<'a> {
    let mut by_name: IndexMap<&Name, Vec<Source<'a>>> = IndexMap::default();
    for (graph, subgraph) in subgraphs.iter().enumerate() {
        for (name, ty) in subgraph.schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
            by_name.entry(name).or_default().push(Source { graph, ty });
        }
    }
    by_name.sort_keys();
    let mut table = TypeTable::default();
    for (name, sources) in by_name {
        let kinds: Vec<Kind> = sources.iter().map(|source| kind(source.ty)).collect();
        let Some(first) = kinds.first().copied() else { continue };
        if RESERVED.iter().any(|prefix| name.starts_with(prefix)) {
            let message = format!("Type \"{name}\" has a name that is reserved for the supergraph's own vocabulary");
            findings.error("INVALID_GRAPHQL", message, labels(subgraphs, &sources, "here"), "Give it another name.");
            continue;
        }
        if kinds.iter().any(|kind| *kind != first) {
            kind_mismatch(subgraphs, name, &sources, &kinds, findings);
            continue;
        }
        extension_without_base(subgraphs, name, &sources, findings);
        table.insert(name.clone(), Entry { kind: first, sources });
    }
    let has_query = table.get("Query").is_some_and(|query| {
        query.sources.iter().any(|source| Composite::of(source.ty).is_some_and(|ty| !ty.fields.is_empty()))
    });
    if !has_query {
        let message = "No queries found in any subgraph: a supergraph must have a query root type.".to_owned();
        let labels = subgraphs.iter().map(|subgraph| subgraph.label(None, "no query field")).collect();
        findings.error("NO_QUERIES", message, labels, "Define a field on Query in at least one subgraph.");
    }
    table
}

fn kind(ty: &ExtendedType) -> Kind {
    match ty {
        ExtendedType::Scalar(_) => Kind::Scalar,
        ExtendedType::Object(object) if object.directives.has(INTERFACE_OBJECT) => Kind::Interface,
        ExtendedType::Object(_) => Kind::Object,
        ExtendedType::Interface(_) => Kind::Interface,
        ExtendedType::Union(_) => Kind::Union,
        ExtendedType::Enum(_) => Kind::Enum,
        ExtendedType::InputObject(_) => Kind::InputObject,
    }
}

fn describe(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "Scalar Type",
        ExtendedType::Object(object) if object.directives.has(INTERFACE_OBJECT) => {
            "Interface Object Type (Object Type with @interfaceObject)"
        }
        ExtendedType::Object(_) => "Object Type",
        ExtendedType::Interface(_) => "Interface Type",
        ExtendedType::Union(_) => "Union Type",
        ExtendedType::Enum(_) => "Enum Type",
        ExtendedType::InputObject(_) => "InputObject Type",
    }
}

fn labels(subgraphs: &[Subgraph<Validated>], sources: &[Source<'_>], text: &str) -> Vec<graphql::Label> {
    let label = |source: &Source<'_>| Some(subgraphs.get(source.graph)?.label(source.ty.name().location(), text));
    sources.iter().filter_map(label).collect()
}

fn kind_mismatch(
    subgraphs: &[Subgraph<Validated>],
    name: &str,
    sources: &[Source<'_>],
    kinds: &[Kind],
    findings: &mut Findings,
) {
    let mut groups: IndexMap<Kind, (&str, Vec<&str>)> = IndexMap::default();
    for (source, kind) in sources.iter().zip(kinds) {
        let entry = groups.entry(*kind).or_insert_with(|| (describe(source.ty), Vec::new()));
        entry.1.extend(subgraphs.get(source.graph).map(|subgraph| subgraph.name.as_str()));
    }
    let parts: Vec<String> =
        groups.values().map(|(text, graphs)| format!("{text} in {}", report::subgraphs(graphs))).collect();
    let message = format!("Type \"{name}\" has mismatched kind: it is defined as {}", parts.join(" but "));
    let labels = sources.iter().filter_map(|source| {
        Some(subgraphs.get(source.graph)?.label(source.ty.name().location(), describe(source.ty)))
    });
    let help = "Give one of them another name, or make them the same kind.";
    findings.error("TYPE_KIND_MISMATCH", message, labels.collect(), help);
}

fn extension_without_base(
    subgraphs: &[Subgraph<Validated>],
    name: &Name,
    sources: &[Source<'_>],
    findings: &mut Findings,
) {
    // `type T @extends` counts as a definition in federation 2: there it only says how keys are to be read.
    let extension = |source: &Source<'_>| {
        !subgraphs.get(source.graph).is_some_and(|subgraph| subgraph.stage.defined.contains(name))
    };
    if ROOTS.contains(&name.as_str()) || !sources.iter().all(extension) {
        return;
    }
    let names = sources.iter().filter_map(|source| subgraphs.get(source.graph).map(|subgraph| subgraph.name.as_str()));
    let message =
        format!("Type \"{name}\" is an extension type in {}, but no subgraph defines it", report::subgraphs(names));
    let help = format!("Define \"{name}\" in one subgraph, or remove `extend`.");
    findings.error("EXTENSION_WITH_NO_BASE", message, labels(subgraphs, sources, "an extension"), &help);
}
