//! Access requirements between interfaces and what implements them.
//!
//! They are written on objects and their fields. A query may ask for the same field by an interface, so an interface
//! asks for all that its implementations ask for together; and what an interface object asks for its fields holds for
//! the implementations that get them, and so for the other interfaces of these.

use graphql::ast::Directive;
use graphql::collections::IndexMap;
use graphql::schema::{Component, ExtendedType};
use graphql::{Label, Name, Node, Schema, Severity};

use federation::subgraph::Composite;

use super::composites;
use super::context::{Context, Findings};
use super::fields::Holder;
use super::kinds::{Kind, TypeTable};
use super::requirements::{self, Requirements, TooMany};

/// Objects by the interface that they implement.
type Implementations = IndexMap<Name, Vec<Name>>;

/// Passes requirements down from interface objects, then up to interfaces.
pub(crate) fn propagate(context: &Context<'_>, types: &TypeTable<'_>, out: &mut Schema, findings: &mut Findings) {
    if context.spec_names.ask_for_access() {
        let implementations = implementations(out);
        down(context, types, &implementations, out, findings);
        up(context, &implementations, out, findings);
    }
}

fn implementations(out: &Schema) -> Implementations {
    let mut found = Implementations::default();
    for object in out.types.values().filter_map(ExtendedType::as_object) {
        for interface in &object.implements_interfaces {
            found.entry(interface.name.clone()).or_default().push(object.name.clone());
        }
    }
    found
}

fn down(
    context: &Context<'_>,
    types: &TypeTable<'_>,
    implementations: &Implementations,
    out: &mut Schema,
    findings: &mut Findings,
) {
    for (interface, entry) in types.iter().filter(|(_, entry)| entry.kind == Kind::Interface) {
        let parts = composites::parts(context.subgraphs, &entry.sources);
        let Some(objects) =
            implementations.get(interface).filter(|_| parts.iter().any(|part| part.holder == Holder::InterfaceObject))
        else {
            continue;
        };
        let Some(composite) = out.types.get(interface).and_then(Composite::of) else { continue };
        let asked: Vec<(Name, Requirements)> = composite
            .fields
            .iter()
            .map(|(name, field)| (name.clone(), Requirements::of(&context.spec_names, &field.directives.0)))
            .filter(|(_, requirements)| !requirements.is_empty())
            .collect();
        for object in objects {
            let Some(fields) = out.types.get_mut(object).and_then(Composite::fields_mut) else { continue };
            for (name, requirements) in &asked {
                let Some(field) = fields.get_mut(name) else { continue };
                let own = Requirements::of(&context.spec_names, &field.directives.0);
                let asking = vec![(interface, requirements.clone()), (object, own)];
                let all = gather(context, asking, (object, Some(name)), findings).all;
                write(context, &mut field.make_mut().directives.0, all);
            }
        }
    }
}

fn up(context: &Context<'_>, implementations: &Implementations, out: &mut Schema, findings: &mut Findings) {
    for (interface, objects) in implementations {
        let of_type = objects.iter().filter_map(|object| {
            let directives = &out.types.get(object)?.directives().0;
            Some((object, Requirements::of(&context.spec_names, directives.iter().map(|directive| &directive.node))))
        });
        let gathered = gather(context, of_type.collect(), (interface, None), findings);
        report(context, interface, None, &gathered, findings);
        let own = match out.types.get_mut(interface) {
            Some(ExtendedType::Interface(own)) => own.make_mut(),
            _ => continue,
        };
        let mut directives: Vec<Node<Directive>> = own.directives.0.drain(..).map(|directive| directive.node).collect();
        write(context, &mut directives, gathered.all);
        own.directives.0.extend(directives.into_iter().map(Component::from));
        let names: Vec<Name> = own.fields.keys().cloned().collect();
        for name in names {
            let of_field = |ty: &Name| {
                let field = out.types.get(ty).and_then(Composite::of)?.fields.get(&name)?;
                Some(Requirements::of(&context.spec_names, &field.directives.0))
            };
            let each = objects.iter().chain([interface]).filter_map(|ty| Some((ty, of_field(ty)?)));
            let gathered = gather(context, each.collect(), (interface, Some(&name)), findings);
            report(context, interface, Some(&name), &gathered, findings);
            let fields = out.types.get_mut(interface).and_then(Composite::fields_mut);
            if let Some(field) = fields.and_then(|fields| fields.get_mut(&name)).filter(|_| !gathered.all.is_empty()) {
                write(context, &mut field.make_mut().directives.0, gathered.all);
            }
        }
    }
}

/// What several elements ask for together.
struct Gathered<'a> {
    all: Requirements,
    asking: Vec<(&'a Name, Requirements)>,
}

/// Gathers them; too many alternatives are an error of the element that would have to ask for all.
fn gather<'a>(
    context: &Context<'_>,
    each: Vec<(&'a Name, Requirements)>,
    (ty, field): (&Name, Option<&Name>),
    findings: &mut Findings,
) -> Gathered<'a> {
    let asking: Vec<_> = each.into_iter().filter(|(_, requirements)| !requirements.is_empty()).collect();
    let all = Requirements::all_of(asking.iter().map(|(_, requirements)| requirements)).unwrap_or_else(|TooMany| {
        let labels = asking.iter().flat_map(|(ty, _)| labels(context, ty, field)).collect();
        findings.error(requirements::TOO_MANY_CODE, requirements::too_many(place(ty, field)), labels, "");
        Requirements::default()
    });
    Gathered { all, asking }
}

/// `Type "I"` or `Field "I.x"`.
fn place(ty: &Name, field: Option<&Name>) -> String {
    field.map_or_else(|| format!("Type \"{ty}\""), |field| format!("Field \"{ty}.{field}\""))
}

/// Hints that implementations ask for different scopes or policies.
fn report(
    context: &Context<'_>,
    interface: &Name,
    field: Option<&Name>,
    gathered: &Gathered<'_>,
    findings: &mut Findings,
) {
    let place = place(interface, field);
    for name in Requirements::disagreeing(gathered.asking.iter().map(|(_, requirements)| requirements)) {
        let message =
            format!("Directive @{name} on the implementations of {place} has different arguments: they are merged");
        let labels = gathered.asking.iter().flat_map(|(ty, _)| labels(context, ty, field)).collect();
        findings.hint("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", Severity::Information, message, labels);
    }
}

fn labels(context: &Context<'_>, ty: &Name, field: Option<&Name>) -> Vec<Label> {
    let label = |subgraph: &federation::subgraph::Subgraph<_>| {
        let ty = subgraph.schema.types.get(ty)?;
        let location = match field {
            None => ty.name().location(),
            Some(field) => Composite::of(ty)?.fields.get(field)?.location(),
        };
        Some(subgraph.label(location, "asks for it"))
    };
    context.subgraphs.iter().filter_map(label).collect()
}

/// Writes requirements in place of those that a list of directives has.
fn write(context: &Context<'_>, directives: &mut Vec<Node<Directive>>, requirements: Requirements) {
    directives.retain(|directive| !Requirements::is_one(&context.spec_names, directive));
    directives.extend(requirements.into_directives(&context.spec_names).into_iter().map(Node::new));
}
