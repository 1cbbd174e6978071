//! `@interfaceObject`: a subgraph that knows an interface as an object adds fields to all of its implementations.

use federation::subgraph::{Composite, Subgraph, Validated};
use graphql::collections::IndexSet;
use graphql::schema::{Component, ExtendedType};
use graphql::{Name, Schema};
use rustc_hash::FxHashMap;

use super::composites::{self, Part};
use super::context::{Context, Findings, Graph};
use super::fields::{FieldSource, Holder, Overridden};
use super::kinds::{Kind, TypeTable};
use super::{join, sharing};
use crate::report;

/// The subgraphs that know an interface as an object, by the interface's name.
pub(crate) type InterfaceObjects = FxHashMap<Name, Vec<Graph>>;

/// Finds all interface objects. They are few, and asked for with every type.
pub(crate) fn gather(subgraphs: &[Subgraph<Validated>]) -> InterfaceObjects {
    let mut found = InterfaceObjects::default();
    for (graph, subgraph) in subgraphs.iter().enumerate() {
        for (name, _) in subgraph.stage.types.iter().filter(|(_, facts)| facts.interface_object) {
            found.entry(name.clone()).or_default().push(graph);
        }
    }
    found
}

/// The interfaces of an object that some subgraph knows as objects, each with that subgraph.
pub(crate) fn of_object<'p>(known: &InterfaceObjects, parts: &[Part<'p>]) -> Vec<(&'p Name, Graph)> {
    if known.is_empty() {
        return Vec::new();
    }
    let interfaces: IndexSet<&Name> =
        parts.iter().flat_map(|part| part.composite.implements.iter().map(|interface| &interface.name)).collect();
    let graphs = |interface: &'p Name| known.get(interface).into_iter().flatten().map(move |&graph| (interface, graph));
    interfaces.into_iter().flat_map(graphs).collect()
}

/// The resolvers of an object's field by way of interface objects.
pub(crate) fn resolvers<'a>(
    subgraphs: &'a [Subgraph<Validated>],
    interface_objects: &[(&Name, Graph)],
    field: &Name,
) -> Vec<FieldSource<'a>> {
    let source = |&(interface, graph): &(&Name, Graph)| {
        let subgraph = subgraphs.get(graph)?;
        let facts = subgraph.stage.types.get(interface)?.fields.get(field)?;
        let field = subgraph.schema.types.get(interface).and_then(Composite::of)?.fields.get(field)?;
        Some(FieldSource { graph, field, facts, holder: Holder::InterfaceObject, overridden: Overridden::No })
    };
    interface_objects.iter().filter_map(source).collect()
}

/// Copies the fields that interface objects add onto the implementations that lack them.
pub(crate) fn spread(context: &Context<'_>, types: &TypeTable<'_>, out: &mut Schema, findings: &mut Findings) {
    for (interface, entry) in types.iter().filter(|(_, entry)| entry.kind == Kind::Interface) {
        let parts = composites::parts(context.subgraphs, &entry.sources);
        let objects: Vec<&Part<'_>> = parts.iter().filter(|part| part.holder == Holder::InterfaceObject).collect();
        if objects.is_empty() {
            continue;
        }
        usage(context, interface, &parts, &objects, types, findings);
        let added: IndexSet<&Name> = objects
            .iter()
            .flat_map(|part| part.facts.fields.iter().filter(|(_, facts)| !facts.external).map(|(name, _)| name))
            .collect();
        for name in added {
            let merged = out.types.get(interface).and_then(Composite::of).and_then(|ty| ty.fields.get(name));
            let Some(mut field) = merged.map(|field| (**field).clone()) else { continue };
            let field_mut = field.make_mut();
            field_mut.directives.retain(|directive| directive.name != "join__field");
            field_mut.directives.0.insert(0, join::directive("join__field", Vec::new()).into());
            for implementation in context.subtypes.subtypes(interface) {
                let is_object = types.get(implementation).is_some_and(|entry| entry.kind == Kind::Object);
                let Some(fields) = out.types.get_mut(implementation).and_then(Composite::fields_mut) else { continue };
                if fields.contains_key(name) {
                    continue;
                }
                fields.insert(name.clone(), Component::from(field.clone()));
                if is_object {
                    let own =
                        types.get(implementation).map(|entry| composites::parts(context.subgraphs, &entry.sources));
                    let through = of_object(&context.interface_objects, &own.unwrap_or_default());
                    let all = resolvers(context.subgraphs, &through, name);
                    let resolving: Vec<_> = all.iter().filter(|source| source.resolves()).collect();
                    sharing::check(context, format_args!("{implementation}.{name}"), &resolving, findings);
                }
            }
        }
    }
}

/// `INTERFACE_OBJECT_USAGE_ERROR` between subgraphs.
fn usage(
    context: &Context<'_>,
    interface: &Name,
    parts: &[Part<'_>],
    objects: &[&Part<'_>],
    types: &TypeTable<'_>,
    findings: &mut Findings,
) {
    const CODE: &str = "INTERFACE_OBJECT_USAGE_ERROR";
    if objects.len() == parts.len() {
        let list = report::subgraphs(context.names(objects.iter().map(|part| part.graph)));
        let message = format!(
            "Type \"{interface}\" is declared with @interfaceObject in all the subgraphs in which it is defined ({list}): it must be defined as an interface in at least one subgraph"
        );
        let labels = objects
            .iter()
            .flat_map(|part| context.label(part.graph, part.composite.name.location(), "an interface object"))
            .collect();
        findings.error(
            CODE,
            message,
            labels,
            "Remove @interfaceObject, or define the interface where its implementations are.",
        );
        return;
    }
    for part in objects {
        for implementation in context.subtypes.subtypes(interface) {
            let here = types.get(implementation).and_then(|entry| entry.sources.iter().find(|s| s.graph == part.graph));
            let Some(ExtendedType::Object(object)) = here.map(|source| source.ty) else { continue };
            let name = context.name(part.graph);
            let message = format!(
                "Interface type \"{interface}\" is defined as an @interfaceObject in subgraph \"{name}\" so that subgraph should not define any of the implementation types of that interface, but it defines type \"{implementation}\""
            );
            let mut labels = context.label(part.graph, object.name.location(), "an implementation");
            labels.extend(context.label(part.graph, part.composite.name.location(), "the interface object"));
            findings.error(
                CODE,
                message,
                labels,
                "Define the interface itself in this subgraph, or drop the implementation.",
            );
        }
    }
}
