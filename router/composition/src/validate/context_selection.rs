//! `CONTEXT_INVALID_SELECTION`: what a contextual argument selects is one value that fits it, on every type that sets the
//! context.
//!
//! A selection is either one path of fields, read on each of those types, or one inline fragment an object type. With
//! fragments some types may give nothing, so that the argument must be nullable.

use federation::subgraph::{Composite, FromContext, print_field_set};
use graphql::ast::{InlineFragment, Selection, Type};
use graphql::executable::FieldSet;
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name, Node, Schema, Valid};

use super::context::Place;
use super::{Soundness, Subject};

/// Checks one selection; the first finding is told.
pub(super) fn check(
    subject: &Subject<'_>,
    place: &Place<'_>,
    from: &FromContext<'_>,
    setters: &[&Name],
) -> Option<Diagnostic> {
    let found = match from.selections() {
        Err(error) => Err(error.to_string()),
        Ok(set) => selected(subject, place, &set, setters),
    };
    let message = format!("context \"{}\" is used with an invalid selection: {}", from.context, found.err()?);
    Some(
        place
            .error(subject, "CONTEXT_INVALID_SELECTION", &message)
            .help("Select one path of fields to a value of the argument's type, such as \"$user { locale }\"."),
    )
}

fn selected(subject: &Subject<'_>, place: &Place<'_>, set: &[Selection], setters: &[&Name]) -> Result<(), String> {
    let fragments: Option<Vec<&Node<InlineFragment>>> = set.iter().map(Selection::as_inline_fragment).collect();
    match fragments {
        Some(fragments) => on_fragments(subject, place, &fragments, setters),
        None => setters.iter().try_for_each(|setter| on_type(subject, setter, set, &place.argument.ty)),
    }
}

fn on_fragments(
    subject: &Subject<'_>,
    place: &Place<'_>,
    fragments: &[&Node<InlineFragment>],
    setters: &[&Name],
) -> Result<(), String> {
    let schema = &subject.subgraph.schema;
    if place.argument.ty.is_non_null() {
        let ty = &place.argument.ty;
        return Err(format!("the argument's type \"{ty}\" must be nullable, since the fragments may select nothing"));
    }
    let mut conditions: Vec<&Name> = Vec::new();
    for fragment in fragments {
        let condition = fragment.type_condition.as_ref().ok_or("a fragment has no type condition")?;
        if schema.get_object(condition).is_none() {
            return Err(format!("\"{condition}\" of a fragment is not an object type"));
        }
        if conditions.contains(&condition) {
            return Err(format!("there is more than one fragment on \"{condition}\""));
        }
        if !fragment.directives.is_empty() {
            return Err("directives are not allowed".to_owned());
        }
        if !setters.iter().any(|setter| covers(schema, setter, condition)) {
            return Err(format!("the context is never set on \"{condition}\""));
        }
        on_type(subject, condition, &fragment.selection_set, &place.argument.ty)?;
        conditions.push(condition);
    }
    let missed = setters.iter().find(|setter| !conditions.iter().any(|condition| covers(schema, setter, condition)));
    missed.map_or(Ok(()), |setter| Err(format!("no fragment selects on \"{setter}\", which sets the context")))
}

/// Whether an object is of a type.
fn covers(schema: &Schema, ty: &Name, object: &Name) -> bool {
    ty == object || schema.is_subtype(ty, object)
}

/// One path of fields on one type, and the value at its end.
fn on_type(subject: &Subject<'_>, parent: &Name, set: &[Selection], expected: &Type) -> Result<(), String> {
    let found = value_type(subject, parent, set)?;
    if subject.soundness == Soundness::Valid {
        let schema = Valid::assume_valid_ref(&subject.subgraph.schema);
        let text = print_field_set(set);
        if let Err(failure) = FieldSet::parse_and_validate(schema, parent.clone(), text, "selection") {
            let first = failure.errors.iter().next().map(|error| error.error.to_string());
            return Err(first.unwrap_or_else(|| "it is not valid GraphQL".to_owned()));
        }
    }
    if fits(&found, expected) {
        return Ok(());
    }
    Err(format!("the type of the selection \"{found}\" does not match the argument's type \"{expected}\""))
}

/// The type of the value that a path of fields ends in. Nests no deeper than the parser allows.
fn value_type(subject: &Subject<'_>, parent: &Name, set: &[Selection]) -> Result<Type, String> {
    let [Selection::Field(field)] = set else {
        return Err(format!("exactly one field must be selected on \"{parent}\""));
    };
    if field.alias.is_some() {
        return Err("aliases are not allowed".to_owned());
    }
    if !field.directives.is_empty() {
        return Err("directives are not allowed".to_owned());
    }
    if subject.facts.get(parent).is_some_and(|facts| facts.interface_object) {
        return Err(format!("\"{parent}\" stands for an interface of other subgraphs (@interfaceObject)"));
    }
    if field.name == "__typename" {
        return Ok(Type::NonNullNamed(Name::new_unchecked("String")));
    }
    let ty = subject.subgraph.schema.types.get(parent).and_then(Composite::of);
    let definition = ty.and_then(|ty| ty.fields.get(&field.name));
    let definition = definition.ok_or_else(|| format!("cannot query field \"{}\" on type \"{parent}\"", field.name))?;
    let inner = definition.ty.inner_named_type();
    let leaf = subject.subgraph.schema.types.get(inner).is_some_and(ExtendedType::is_leaf);
    match (leaf, field.selection_set.is_empty()) {
        (true, true) => Ok(definition.ty.clone()),
        (true, false) => Err(format!("field \"{parent}.{}\" has no subfields", field.name)),
        (false, true) => Err(format!("field \"{parent}.{}\" must have a selection of subfields", field.name)),
        (false, false) => Ok(nested(&definition.ty, value_type(subject, inner, &field.selection_set)?)),
    }
}

/// The type of a value within another: lists stay lists, and what is in a nullable object is nullable.
fn nested(outer: &Type, inner: Type) -> Type {
    match outer {
        Type::Named(_) => inner.nullable(),
        Type::NonNullNamed(_) => inner,
        Type::List(item) => Type::List(Box::new(nested(item, inner))),
        Type::NonNullList(item) => Type::NonNullList(Box::new(nested(item, inner))),
    }
}

/// Whether every value of one type is a value of the other.
fn fits(found: &Type, expected: &Type) -> bool {
    if expected.is_non_null() && !found.is_non_null() || found.is_list() != expected.is_list() {
        return false;
    }
    if found.is_list() {
        return fits(found.item_type(), expected.item_type());
    }
    found.inner_named_type() == expected.inner_named_type()
}
