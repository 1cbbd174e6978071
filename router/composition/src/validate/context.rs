//! `@context` and `@fromContext`: where they may stand, and that each argument finds its context and can be given to an
//! entity on its own. What an argument selects from its context is the business of [`super::context_selection`].

use federation::subgraph::{Composite, FromContext};
use federation::vocabulary::{CONTEXT, FROM_CONTEXT};
use graphql::ast::{Directive, FieldDefinition, InputValueDefinition};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name, Node};

use super::{Subject, context_selection};
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    let schema = &subject.subgraph.schema;
    schema.types.values().for_each(|ty| names(subject, ty, errors));
    for composite in schema.types.values().filter_map(Composite::of) {
        let contextual = composite.fields.values().flat_map(|field| {
            let arguments = field.arguments.iter();
            arguments.filter_map(|argument| Some((&**field, argument, argument.directives.get(FROM_CONTEXT)?)))
        });
        let contextual: Vec<_> = contextual.collect();
        for (field, argument, directive) in &contextual {
            let place = Place { composite, field, argument, directive };
            match misplaced(subject, &place) {
                Some(found) => errors.push(found),
                None => from_context(subject, &place, errors),
            }
        }
        if let Some((_, _, directive)) = contextual.first() {
            errors.extend(resolvable_key(subject, &composite, directive));
        }
    }
    directive_arguments(subject, errors);
}

/// One contextual argument.
pub(super) struct Place<'a> {
    pub(super) composite: Composite<'a>,
    pub(super) field: &'a FieldDefinition,
    pub(super) argument: &'a Node<InputValueDefinition>,
    pub(super) directive: &'a Node<Directive>,
}

impl Place<'_> {
    pub(super) fn coordinate(&self) -> String {
        format!("{}.{}({}:)", self.composite.name, self.field.name, self.argument.name)
    }

    pub(super) fn error(&self, subject: &Subject<'_>, code: &'static str, message: &str) -> Diagnostic {
        let message = format!("Argument \"{}\": {message}", self.coordinate());
        report::within(subject.subgraph, code, self.directive.location(), message)
    }
}

/// `CONTEXT_NAME_INVALID`: subgraph and context are joined by underscores in the supergraph, so a name has none.
fn names(subject: &Subject<'_>, ty: &ExtendedType, errors: &mut Vec<Diagnostic>) {
    for directive in ty.directives().get_all(CONTEXT) {
        let Some(name) = directive.specified_argument_by_name("name").and_then(|name| name.as_str()) else { continue };
        let valid =
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !valid {
            let message = format!("The context name \"{name}\" on type \"{}\" is invalid", ty.name());
            errors.push(
                report::within(subject.subgraph, "CONTEXT_NAME_INVALID", directive.location(), message)
                    .help("Write a letter followed by letters and digits only."),
            );
        }
    }
}

/// `CONTEXT_NOT_SET` for places where no context can reach.
fn misplaced(subject: &Subject<'_>, place: &Place<'_>) -> Option<Diagnostic> {
    let schema = &subject.subgraph.schema;
    let error = |message: &str, help: &str| Some(place.error(subject, "CONTEXT_NOT_SET", message).help(help));
    if schema.get_interface(place.composite.name).is_some() {
        return error(
            "@fromContext cannot stand on the field of an interface",
            "Put it on the implementations' fields.",
        );
    }
    let interface = place.composite.implements.iter().find(|interface| {
        let interface = schema.get_interface(&interface.name);
        interface.is_some_and(|interface| interface.fields.contains_key(&place.field.name))
    });
    if let Some(interface) = interface {
        let message =
            format!("@fromContext cannot stand on a field that implements one of interface \"{}\"", interface.name);
        return error(&message, "Take the value in a field that the interface does not have.");
    }
    if place.argument.default_value.is_some() {
        return error("@fromContext cannot stand beside a default value", "Remove the default value.");
    }
    None
}

/// `NO_CONTEXT_IN_SELECTION`, `CONTEXT_NOT_SET`, and what is selected.
fn from_context(subject: &Subject<'_>, place: &Place<'_>, errors: &mut Vec<Diagnostic>) {
    let text = place.directive.specified_argument_by_name("field").and_then(|field| field.as_str()).unwrap_or_default();
    let parsed = FromContext::parse(text).filter(|parsed| !parsed.selection.trim().is_empty());
    let Some(parsed) = parsed else {
        let message = format!("\"{text}\" does not name a context and what to select of it");
        errors.push(
            place
                .error(subject, "NO_CONTEXT_IN_SELECTION", &message)
                .help("Write `$`, the context's name, and a selection: \"$user { locale }\"."),
        );
        return;
    };
    let sets = |ty: &&ExtendedType| {
        let names = ty.directives().get_all(CONTEXT).filter_map(|set| set.specified_argument_by_name("name")?.as_str());
        names.into_iter().any(|name| name == parsed.context)
    };
    let setters: Vec<&Name> = subject.subgraph.schema.types.values().filter(sets).map(ExtendedType::name).collect();
    if setters.is_empty() {
        let message = format!("no type of this subgraph sets the context \"{}\"", parsed.context);
        errors.push(
            place
                .error(subject, "CONTEXT_NOT_SET", &message)
                .help(format!("Add @context(name: \"{}\") to a type that every path here passes.", parsed.context)),
        );
        return;
    }
    errors.extend(context_selection::check(subject, place, &parsed, &setters));
}

/// `CONTEXT_NO_RESOLVABLE_KEY`: the value comes from elsewhere, so the entity must be one that can be asked for.
fn resolvable_key(subject: &Subject<'_>, composite: &Composite<'_>, directive: &Node<Directive>) -> Option<Diagnostic> {
    let facts = subject.facts.get(composite.name)?;
    let is_object = subject.subgraph.schema.get_object(composite.name).is_some();
    if !is_object || facts.keys.iter().any(|key| key.resolvable) {
        return None;
    }
    let message = format!("Object \"{}\" has a contextual argument but no resolvable key", composite.name);
    Some(
        report::within(subject.subgraph, "CONTEXT_NO_RESOLVABLE_KEY", composite.name.location(), message)
            .label(subject.subgraph.label(directive.location(), "the contextual argument"))
            .help(format!("Add a @key to \"{}\" by which this subgraph resolves it.", composite.name)),
    )
}

/// `CONTEXT_NOT_SET` on the arguments of directive definitions.
fn directive_arguments(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for definition in subject.subgraph.schema.directive_definitions.values() {
        for argument in &definition.arguments {
            let Some(directive) = argument.directives.get(FROM_CONTEXT) else { continue };
            let message = format!("@fromContext cannot stand on argument \"@{}({}:)\"", definition.name, argument.name);
            errors.push(
                report::within(subject.subgraph, "CONTEXT_NOT_SET", directive.location(), message)
                    .help("Put it on the arguments of fields only."),
            );
        }
    }
}
