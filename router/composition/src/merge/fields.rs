//! One field of an object or interface type, over all subgraphs that have it.

use std::fmt::Arguments;

use federation::subgraph::{FieldFacts, print_field_set};
use graphql::ast::{FieldDefinition, Value};
use graphql::schema::Component;
use graphql::{Name, Severity};

use super::context::{Context, Findings, Graph};
use super::value_type::{Flow, MergedType};
use super::{applied, arguments, contextual, description, external, join, overrides, sharing, value_type};

/// A field as one subgraph has it.
#[derive(Clone)]
pub(crate) struct FieldSource<'a> {
    pub(crate) graph: Graph,
    pub(crate) field: &'a Component<FieldDefinition>,
    pub(crate) facts: &'a FieldFacts,
    /// The kind of the type it stands in there.
    pub(crate) holder: Holder,
    pub(crate) overridden: Overridden,
}

/// What a subgraph knows the field's type as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Object,
    Interface,
    InterfaceObject,
}

/// Whether another subgraph took the field over.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Overridden {
    /// It did not.
    No,
    /// For good.
    Always,
    /// Where the label holds.
    Under(String),
}

impl FieldSource<'_> {
    /// Resolved by this subgraph, on some paths at least.
    pub(crate) fn resolves(&self) -> bool {
        self.overridden != Overridden::Always && !self.facts.fully_external()
    }
}

/// Where the field stands: its type, and how many subgraphs have that type.
pub(crate) struct Parent<'a> {
    pub(crate) name: &'a Name,
    pub(crate) graphs: usize,
    /// Resolvers by way of interface objects, for an object's field.
    pub(crate) through_interfaces: Vec<FieldSource<'a>>,
    pub(crate) is_interface: bool,
}

/// Merges a field; `None` when it is external everywhere.
pub(crate) fn merge(
    context: &Context<'_>,
    parent: &Parent<'_>,
    name: &Name,
    mut sources: Vec<FieldSource<'_>>,
    findings: &mut Findings,
) -> Option<FieldDefinition> {
    let coordinate = format_args!("{}.{name}", parent.name);
    overrides::settle(context, coordinate, &mut sources, findings);
    let own: Vec<&FieldSource<'_>> = sources.iter().filter(|source| !source.facts.external).collect();
    if own.is_empty() {
        let rescued = parent.through_interfaces.iter().any(|source| !source.facts.external);
        if !rescued {
            external::missing_on_base(context, coordinate, &sources, findings);
            return None;
        }
    }
    if !parent.is_interface {
        let resolvers = sources.iter().chain(&parent.through_interfaces).filter(|source| source.resolves());
        sharing::check(context, coordinate, &resolvers.collect::<Vec<_>>(), findings);
    }
    let typed = if own.is_empty() { sources.iter().collect() } else { own };
    let ty = merge_type(context, coordinate, &typed, findings)?;
    let merged_arguments = arguments::merge(
        context,
        coordinate,
        &typed
            .iter()
            .map(|source| (source.graph, source.field.location(), source.field.arguments.as_slice()))
            .collect::<Vec<_>>(),
        findings,
    );
    let external: Vec<&FieldSource<'_>> = sources.iter().filter(|source| source.facts.external).collect();
    external::check(context, coordinate, &external, &ty, &merged_arguments, findings);

    let place = format_args!("Field \"{coordinate}\"");
    let descriptions = typed.iter().map(|source| (source.graph, source.field.description.as_ref()));
    let description = description::merge(context, place, descriptions, findings);
    let lists = typed.iter().map(|source| (source.graph, source.field.directives.iter().collect())).collect();
    let mut directives: graphql::ast::DirectiveList = joins(context, parent, &sources, &ty).into_iter().collect();
    directives.extend(applied::merge(context, place, lists, findings));
    Some(FieldDefinition {
        description,
        name: name.clone(),
        arguments: merged_arguments,
        ty: ty.ty().clone(),
        directives,
    })
}

fn merge_type(
    context: &Context<'_>,
    coordinate: Arguments<'_>,
    sources: &[&FieldSource<'_>],
    findings: &mut Findings,
) -> Option<MergedType> {
    let merged = value_type::merge(&context.subtypes, Flow::Output, sources.iter().map(|source| &source.field.ty))?;
    let variants =
        || context.variants("type", sources.iter().map(|source| (source.graph, source.field.ty.to_string())));
    let labels = || {
        let each = sources.iter().map(|source| {
            context.label(source.graph, source.field.location(), format!("of type \"{}\"", source.field.ty))
        });
        each.flatten().collect()
    };
    match &merged {
        MergedType::Equal(_) => {}
        MergedType::Compatible(ty) => {
            let message = format!(
                "Type of field \"{coordinate}\" is inconsistent but compatible across subgraphs: it is \"{ty}\" in the supergraph, but has {}",
                variants()
            );
            findings.hint("INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE", Severity::Information, message, labels());
        }
        MergedType::Incompatible(_) => {
            let message =
                format!("Type of field \"{coordinate}\" is incompatible across subgraphs: it has {}", variants());
            findings.error(
                "FIELD_TYPE_MISMATCH",
                message,
                labels(),
                "Use one type everywhere; they may differ in nullability, or by an interface and what implements it.",
            );
        }
    }
    Some(merged)
}

/// The `join__field` applications, left out when every subgraph with the type has the field in the same plain way.
fn joins(
    context: &Context<'_>,
    parent: &Parent<'_>,
    sources: &[FieldSource<'_>],
    ty: &MergedType,
) -> Vec<graphql::ast::Directive> {
    let plain = |source: &FieldSource<'_>| {
        source.overridden == Overridden::No
            && !source.facts.external
            && source.facts.requires.is_none()
            && source.facts.provides.is_none()
            && !source.field.arguments.iter().any(|argument| contextual::is_contextual(argument))
    };
    if sources.len() == parent.graphs && ty.is_equal() && sources.iter().all(plain) {
        return Vec::new();
    }
    let under: Vec<&String> = sources
        .iter()
        .filter_map(|source| match &source.overridden {
            Overridden::Under(label) => Some(label),
            Overridden::No | Overridden::Always => None,
        })
        .collect();
    let mut joins = Vec::new();
    for source in sources {
        if source.overridden == Overridden::Always && !source.facts.used {
            continue;
        }
        let Some(graph) = context.graphs.get(source.graph) else { continue };
        let facts = source.facts;
        let text = |set: &Vec<graphql::ast::Selection>| Value::String(print_field_set(set));
        let mut arguments = vec![("graph", Value::Enum(graph.clone()))];
        arguments.extend(facts.requires.as_ref().map(|set| ("requires", text(set))));
        arguments.extend(facts.provides.as_ref().map(|set| ("provides", text(set))));
        if !ty.is_equal() {
            arguments.push(("type", Value::String(source.field.ty.to_string())));
        }
        if facts.external {
            arguments.push(("external", Value::Boolean(true)));
        }
        if let Some(overrides) = &facts.overrides {
            arguments.push(("override", Value::String(overrides.from.clone())));
            // A label without a copy to choose between means nothing.
            let label = overrides.label.as_ref().filter(|label| under.contains(label));
            arguments.extend(label.map(|label| ("overrideLabel", Value::String(label.clone()))));
        }
        match &source.overridden {
            Overridden::No => {}
            Overridden::Always => arguments.push(("usedOverridden", Value::Boolean(true))),
            Overridden::Under(label) => arguments.push(("overrideLabel", Value::String(label.clone()))),
        }
        let contextual = contextual::join_argument(context.name(source.graph), source.field);
        arguments.extend(contextual.map(|list| ("contextArguments", list)));
        joins.push(join::directive("join__field", arguments));
    }
    joins
}
