//! The rules that the field sets of `@key`, `@requires` and `@provides` share, told apart by their codes.

use std::fmt::{Arguments, Display};

use federation::subgraph::{Composite, parse_field_set, print_field_set};
use federation::vocabulary::FROM_CONTEXT;
use graphql::ast::{Directive, Field, FieldDefinition, InputValueDefinition, Selection};
use graphql::executable::FieldSet;
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name, Node, Schema, Valid};

use super::{Soundness, Subject};
use crate::report;

/// What a field set of one directive may not do, and the codes for it. `None` allows it.
pub(super) struct Codes {
    pub(super) invalid: &'static str,
    pub(super) not_a_string: &'static str,
    pub(super) directive: &'static str,
    pub(super) arguments: Option<&'static str>,
    pub(super) abstract_field: Option<&'static str>,
    pub(super) not_external: Option<&'static str>,
}

/// Where a field set stands.
pub(super) struct Place<'a> {
    /// `On type "User", for @key(fields: "id")`, put before each message.
    pub(super) prose: Arguments<'a>,
    /// The type that the set selects from.
    pub(super) target: &'a Name,
    /// The directive application.
    pub(super) directive: &'a Node<Directive>,
}

/// The set as its author wrote it.
pub(super) fn written(directive: &Node<Directive>) -> impl Display {
    std::fmt::from_fn(|f| match directive.specified_argument_by_name("fields") {
        Some(value) => write!(f, "{}", value.serialize().no_indent()),
        None => Ok(()),
    })
}

struct Walk<'a, 'b> {
    subject: &'a Subject<'a>,
    codes: &'a Codes,
    place: &'a Place<'a>,
    errors: &'b mut Vec<Diagnostic>,
}

/// Checks one field set.
pub(super) fn check(subject: &Subject<'_>, codes: &Codes, place: &Place<'_>, errors: &mut Vec<Diagnostic>) {
    let mut walk = Walk { subject, codes, place, errors };
    let Some(argument) = place.directive.specified_argument_by_name("fields").filter(|value| !value.is_null()) else {
        return; // GraphQL refuses both.
    };
    let Some(text) = argument.as_str() else {
        let value = argument.serialize().no_indent().to_string();
        walk.error(codes.not_a_string, format!("Invalid value for argument \"fields\": must be a string, not {value}"));
        return;
    };
    match parse_field_set(text) {
        Err(error) => walk.error(codes.invalid, error.to_string()),
        Ok(set) => {
            let before = walk.errors.len();
            walk.selections(place.target, &set, Ancestor::Resolved);
            let nothing_more_to_say = set.iter().all(is_plain);
            let found = walk.errors.get(before..).unwrap_or_default();
            // GraphQL would say the same again of what is invalid; what federation forbids may be good GraphQL or not.
            let readable = found.iter().all(|error| Some(error.code) == codes.not_external);
            if readable && subject.soundness == Soundness::Valid && !nothing_more_to_say {
                walk.graphql(&print_field_set(&set));
            }
        }
    }
}

/// Whether a selection is fields alone, without arguments: GraphQL has no rule for these that federation's don't hold.
fn is_plain(selection: &Selection) -> bool {
    match selection {
        Selection::Field(field) => {
            let leaf = field.selection_set.is_empty();
            field.arguments.is_empty()
                && (leaf || field.name != "__typename" && field.selection_set.iter().all(is_plain))
        }
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
    }
}

/// Whether a selection stands below an external field, where leaves need not be external themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ancestor {
    Resolved,
    External,
}

impl Walk<'_, '_> {
    fn error(&mut self, code: &'static str, message: String) {
        let message = format!("{}: {message}", self.place.prose);
        self.errors.push(report::within(self.subject.subgraph, code, self.place.directive.location(), message));
    }

    /// GraphQL's own rules, argument values among them, once federation's hold.
    fn graphql(&mut self, text: &str) {
        let schema = Valid::assume_valid_ref(self.schema());
        if let Err(failure) = FieldSet::parse_and_validate(schema, self.place.target.clone(), text, "field set") {
            let messages: Vec<String> = failure.errors.iter().map(|error| error.error.to_string()).collect();
            messages.into_iter().for_each(|message| self.error(self.codes.invalid, message));
        }
    }

    fn schema(&self) -> &Schema {
        &self.subject.subgraph.schema
    }

    fn selections(&mut self, parent: &Name, selections: &[Selection], ancestor: Ancestor) {
        for selection in selections {
            match selection {
                Selection::Field(field) => self.field(parent, field, ancestor),
                Selection::InlineFragment(fragment) => {
                    if !fragment.directives.is_empty() {
                        self.error(
                            self.codes.directive,
                            "cannot have directive applications in a field set".to_owned(),
                        );
                    }
                    let condition = fragment.type_condition.as_ref().unwrap_or(parent);
                    if !self.schema().types.get(condition).is_some_and(is_composite) {
                        self.error(self.codes.invalid, format!("Unknown type \"{condition}\" in a fragment condition"));
                    } else if !overlap(self.schema(), parent, condition) {
                        let message = format!("Type \"{parent}\" can never be of type \"{condition}\"");
                        self.error(self.codes.invalid, message);
                    } else {
                        self.selections(&condition.clone(), &fragment.selection_set, ancestor);
                    }
                }
                Selection::FragmentSpread(_) => {
                    self.error(self.codes.invalid, "a field set cannot use named fragments".to_owned());
                }
            }
        }
    }

    fn field(&mut self, parent: &Name, field: &Node<Field>, ancestor: Ancestor) {
        if let Some(alias) = &field.alias {
            let message = format!("Cannot use alias \"{alias}\" in a field set: aliases are not supported");
            self.error(self.codes.invalid, message);
        }
        if !field.directives.is_empty() {
            self.error(self.codes.directive, "cannot have directive applications in a field set".to_owned());
        }
        if field.name == "__typename" {
            if let (Some(code), Ancestor::Resolved) = (self.codes.not_external, ancestor) {
                self.error(code, "field \"__typename\" should not be part of the set: it is never external".to_owned());
            }
            return;
        }
        let found = self.schema().types.get(parent).and_then(Composite::of).and_then(|ty| ty.fields.get(&field.name));
        let Some(definition) = found.map(|definition| definition.node.clone()) else {
            self.error(self.codes.invalid, format!("Cannot query field \"{}\" on type \"{parent}\"", field.name));
            return;
        };
        let before = self.errors.len();
        self.arguments(parent, field, &definition);
        let selectable = self.errors.len() == before;
        let inner = definition.ty.inner_named_type();
        let Some(inner_type) = self.schema().types.get(inner) else { return };
        let (composite, is_abstract) = (is_composite(inner_type), inner_type.is_interface() || inner_type.is_union());
        if let (Some(code), true) = (self.codes.abstract_field, is_abstract) {
            let kind = if inner_type.is_union() { "a Union" } else { "an Interface" };
            self.error(code, format!("field \"{parent}.{}\" is {kind} type, which is not allowed", field.name));
        }
        let coordinate = format!("\"{parent}.{}\"", field.name);
        match (composite, field.selection_set.is_empty()) {
            (true, true) => {
                let message =
                    format!("field {coordinate} of type \"{}\" must have a selection of subfields", definition.ty);
                self.error(self.codes.invalid, message);
            }
            (false, false) => {
                let message = format!(
                    "field {coordinate} must not have a selection: type \"{}\" has no subfields",
                    definition.ty
                );
                self.error(self.codes.invalid, message);
            }
            (true, false) => {
                let external = ancestor == Ancestor::External || self.counts_as_external(parent, &field.name);
                let below = if external { Ancestor::External } else { Ancestor::Resolved };
                self.selections(inner, &field.selection_set, below);
            }
            (false, true) => {
                if let (Some(code), Ancestor::Resolved) = (self.codes.not_external, ancestor)
                    && selectable
                    && !self.external(parent, &field.name)
                {
                    let message = format!(
                        "field {coordinate} should not be part of the set: the subgraph resolves it already (it is not marked @external)"
                    );
                    self.error(code, message);
                }
            }
        }
    }

    fn arguments(&mut self, parent: &Name, field: &Field, definition: &FieldDefinition) {
        // Contexts give the others.
        let required =
            |argument: &&Node<InputValueDefinition>| argument.is_required() && !argument.directives.has(FROM_CONTEXT);
        let given = |name: &Name| field.arguments.iter().any(|given| given.name == *name);
        let lacking = definition.arguments.iter().filter(required).any(|argument| !given(&argument.name));
        if let Some(code) = self.codes.arguments.filter(|_| !lacking) {
            if !definition.arguments.is_empty() {
                let message = format!("field \"{parent}.{}\" cannot be included because it has arguments", field.name);
                self.error(code, message);
            }
            return;
        }
        for argument in &field.arguments {
            if definition.argument_by_name(&argument.name).is_none() {
                let message = format!("Unknown argument \"{}\" on field \"{parent}.{}\"", argument.name, field.name);
                self.error(self.codes.invalid, message);
            }
        }
        for argument in definition.arguments.iter().filter(required) {
            if !given(&argument.name) {
                let message = format!(
                    "Field \"{parent}.{}\" needs its argument \"{}\" of type \"{}\"",
                    field.name, argument.name, argument.ty
                );
                self.error(self.codes.invalid, message);
            }
        }
    }

    fn external(&self, parent: &Name, field: &Name) -> bool {
        self.subject.facts.get(parent).and_then(|ty| ty.fields.get(field)).is_some_and(|field| field.external)
    }

    /// Whether what stands below a field is external: the field is, or on an interface an implementation's is.
    fn counts_as_external(&self, parent: &Name, field: &Name) -> bool {
        self.external(parent, field)
            || self.schema().get_interface(parent).is_some()
                && self.schema().types.values().filter_map(Composite::of).any(|implementation| {
                    implementation.implements.iter().any(|interface| interface.name == *parent)
                        && self.external(implementation.name, field)
                })
    }
}

fn is_composite(ty: &ExtendedType) -> bool {
    ty.is_object() || ty.is_interface() || ty.is_union()
}

/// Whether a value can be of both types.
fn overlap(schema: &Schema, a: &Name, b: &Name) -> bool {
    let possible = |name: &Name, object: &Name| name == object || schema.is_subtype(name, object);
    a == b
        || schema.types.iter().any(|(object, ty)| ty.is_object() && possible(a, object) && possible(b, object))
        || schema.is_subtype(a, b)
        || schema.is_subtype(b, a)
}
