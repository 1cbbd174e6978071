//! Object and interface types: the fields and interfaces of all subgraphs.

use federation::subgraph::{Composite, TypeFacts};
use graphql::collections::IndexSet;
use graphql::schema::{Component, ComponentName, DirectiveList, ExtendedType, InterfaceType, ObjectType};
use graphql::{Name, Severity};

use super::context::{Context, Findings, Graph};
use super::fields::{FieldSource, Holder, Overridden, Parent};
use super::join::InterfaceObject;
use super::kinds::{Entry, Kind, Source};
use super::{applied, description, fields, interface_objects, join};
use crate::report;

/// A type with fields in one subgraph.
pub(crate) struct Part<'a> {
    pub(crate) graph: Graph,
    pub(crate) composite: Composite<'a>,
    pub(crate) facts: &'a TypeFacts,
    pub(crate) holder: Holder,
}

/// The parts of a type.
pub(crate) fn parts<'a>(
    subgraphs: &'a [federation::subgraph::Subgraph<federation::subgraph::Validated>],
    sources: &[Source<'a>],
) -> Vec<Part<'a>> {
    let part = |source: &Source<'a>| {
        let composite = Composite::of(source.ty)?;
        let facts = subgraphs.get(source.graph)?.stage.types.get(composite.name)?;
        let holder = match source.ty {
            ExtendedType::Interface(_) => Holder::Interface,
            _ if facts.interface_object => Holder::InterfaceObject,
            _ => Holder::Object,
        };
        Some(Part { graph: source.graph, composite, facts, holder })
    };
    sources.iter().filter_map(part).collect()
}

/// The copies of a field.
pub(crate) fn field_sources<'a>(parts: &[Part<'a>], name: &Name) -> Vec<FieldSource<'a>> {
    let source = |part: &Part<'a>| {
        let (field, facts) = (part.composite.fields.get(name)?, part.facts.fields.get(name)?);
        Some(FieldSource { graph: part.graph, field, facts, holder: part.holder, overridden: Overridden::No })
    };
    parts.iter().filter_map(source).collect()
}

/// Merges an object or interface type.
pub(crate) fn merge(context: &Context<'_>, name: &Name, entry: &Entry<'_>, findings: &mut Findings) -> ExtendedType {
    let place = format_args!("Type \"{name}\"");
    let parts = parts(context.subgraphs, &entry.sources);
    hint_entity(context, name, &parts, findings);
    // Every subgraph answers `_service` on its query root, so every one has that root.
    let graphs = if name == "Query" { context.subgraphs.len() } else { parts.len() };

    let names: IndexSet<&Name> = parts.iter().flat_map(|part| part.composite.fields.keys()).collect();
    let mut merged_fields = graphql::collections::IndexMap::default();
    let through = match entry.kind {
        Kind::Object => interface_objects::of_object(&context.interface_objects, &parts),
        _ => Vec::new(),
    };
    for field in names {
        let through_interfaces = interface_objects::resolvers(context.subgraphs, &through, field);
        let is_interface = entry.kind == Kind::Interface;
        let parent = Parent { name, graphs, through_interfaces, is_interface };
        let sources = field_sources(&parts, field);
        let location = sources.first().and_then(|source| source.field.location());
        hint_presence(context, &parent, &parts, field, sources.len(), findings);
        if let Some(field) = fields::merge(context, &parent, field, sources, findings) {
            merged_fields.insert(field.name.clone(), Component::from(join::placed(field, location)));
        }
    }
    let mut implements_interfaces: graphql::collections::IndexSet<ComponentName> = Default::default();
    for part in &parts {
        implements_interfaces
            .extend(part.composite.implements.iter().map(|interface| ComponentName::from(&interface.name)));
    }
    let descriptions = parts.iter().map(|part| (part.graph, part.composite.description));
    let description = description::merge(context, place, descriptions, findings);
    let mut directives = joins(context, name, &parts);
    directives.extend(applied::merge_types(context, place, &entry.sources, findings));
    let name = name.clone();
    match entry.kind {
        Kind::Interface => {
            InterfaceType { description, name, implements_interfaces, directives, fields: merged_fields }.into()
        }
        _ => ObjectType { description, name, implements_interfaces, directives, fields: merged_fields }.into(),
    }
}

fn joins(context: &Context<'_>, name: &Name, parts: &[Part<'_>]) -> DirectiveList {
    let mut directives = DirectiveList::default();
    for part in parts {
        let Some(graph) = context.graphs.get(part.graph) else { continue };
        directives.extend(part.composite.implements.iter().map(|i| join::implements(graph, &i.name).into()));
    }
    // Parts come in the order of subgraphs, as joins do; only the query root stands in subgraphs that don't write it.
    let mut written = 0;
    for part in parts {
        if name == "Query" {
            let unwritten = context.graphs.get(written..part.graph).unwrap_or_default();
            directives.extend(unwritten.iter().map(|graph| join::plain_type(graph).into()));
        }
        written = part.graph + 1;
        let Some(graph) = context.graphs.get(part.graph) else { continue };
        let interface_object = match part.holder {
            Holder::InterfaceObject => InterfaceObject::Yes,
            Holder::Object | Holder::Interface => InterfaceObject::No,
        };
        directives.extend(join::types(graph, &part.facts.keys, interface_object).into_iter().map(Component::new));
    }
    if name == "Query" {
        let unwritten = context.graphs.get(written..).unwrap_or_default();
        directives.extend(unwritten.iter().map(|graph| join::plain_type(graph).into()));
    }
    directives
}

fn hint_entity(context: &Context<'_>, name: &Name, parts: &[Part<'_>], findings: &mut Findings) {
    let keyed = parts.iter().filter(|part| !part.facts.keys.is_empty()).count();
    if keyed == 0 || keyed == parts.len() || parts.iter().any(|part| part.holder != Holder::Object) {
        return;
    }
    let without = parts.iter().filter(|part| part.facts.keys.is_empty()).map(|part| part.graph);
    let message = format!(
        "Type \"{name}\" is declared as an entity (has a @key applied) in some but not all defining subgraphs: it has no @key in {}",
        report::subgraphs(context.names(without))
    );
    let labels = parts.iter().flat_map(|part| {
        let text = if part.facts.keys.is_empty() { "has no key" } else { "has a key" };
        context.label(part.graph, part.composite.name.location(), text)
    });
    findings.hint("INCONSISTENT_ENTITY", Severity::Information, message, labels.collect());
}

/// Value types should look the same everywhere, or queries depend on the path taken.
fn hint_presence(
    context: &Context<'_>,
    parent: &Parent<'_>,
    parts: &[Part<'_>],
    field: &Name,
    having: usize,
    findings: &mut Findings,
) {
    let entity = parts.iter().any(|part| !part.facts.keys.is_empty() || part.holder == Holder::InterfaceObject);
    if entity || having == parts.len() || matches!(parent.name.as_str(), "Query" | "Mutation" | "Subscription") {
        return;
    }
    let lacking = parts.iter().filter(|part| {
        !part.composite.fields.contains_key(field) && !part.facts.fields.values().all(|field| field.external)
    });
    let lacking = context.names(lacking.map(|part| part.graph));
    if lacking.is_empty() {
        return;
    }
    let (code, kind) = if parent.is_interface {
        ("INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD", "interface")
    } else {
        ("INCONSISTENT_OBJECT_VALUE_TYPE_FIELD", "non-entity object")
    };
    let message = format!(
        "Field \"{}.{field}\" of {kind} type \"{}\" is missing in {}",
        parent.name,
        parent.name,
        report::subgraphs(lacking)
    );
    let labels = parts.iter().flat_map(|part| match part.composite.fields.get(field) {
        Some(field) => context.label(part.graph, field.location(), "has it"),
        None => context.label(part.graph, part.composite.name.location(), "lacks it"),
    });
    findings.hint(code, Severity::Debug, message, labels.collect());
}
