//! Field sets as `@key`, `@requires` and `@provides` write them: parse, print, and the fields they select.

use graphql::ast::{DirectiveList, Field, Selection};
use graphql::collections::IndexSet;
use graphql::schema::ExtendedType;
use graphql::{FieldSetError, Name, Node, Schema, parse_field_set};

use super::Composite;

/// The length up to which a set is looked at for being nothing but names.
const PLAIN_BYTES_MAX: usize = 1_000;
/// Parses a field set's text; braces around the whole of it may be left out.
///
/// # Errors
/// When the text is empty, is not a selection, or goes beyond the bounds.
pub fn parse(text: &str) -> Result<Vec<Selection>, FieldSetError> {
    match plain_names(text) {
        Some(names) => Ok(names.into_iter().map(leaf).collect()),
        None => parse_field_set(text),
    }
}

/// The names in a set that is nothing but names, as nearly all are; `None` for any other.
pub(crate) fn plain_names(text: &str) -> Option<Vec<Name>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b' ' | b'\t' | b'\n' | b'\r' | b',');
    if text.len() > PLAIN_BYTES_MAX || !text.bytes().all(plain) {
        return None;
    }
    let names = text.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|name| !name.is_empty());
    names.map(|name| Name::new(name).ok()).collect::<Option<Vec<Name>>>().filter(|names| !names.is_empty())
}

fn leaf(name: Name) -> Selection {
    let (arguments, directives) = (Vec::new(), DirectiveList::default());
    Selection::Field(Node::new(Field { alias: None, name, arguments, directives, selection_set: Vec::new() }))
}

/// Prints a field set on one line, in its own order.
pub fn print(selections: &[Selection]) -> String {
    let mut text = String::new();
    write_selections(selections, &mut text);
    text
}

fn write_selections(selections: &[Selection], text: &mut String) {
    for (index, selection) in selections.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        let inner = match selection {
            Selection::Field(field) => {
                text.push_str(&field.name);
                write_arguments(field, text);
                &field.selection_set
            }
            Selection::InlineFragment(fragment) => {
                text.push_str("...");
                if let Some(condition) = &fragment.type_condition {
                    text.push_str(" on ");
                    text.push_str(condition);
                }
                &fragment.selection_set
            }
            Selection::FragmentSpread(_) => continue,
        };
        if !inner.is_empty() {
            text.push_str(" { ");
            write_selections(inner, text);
            text.push_str(" }");
        }
    }
}

fn write_arguments(field: &Field, text: &mut String) {
    if field.arguments.is_empty() {
        return;
    }
    let arguments: Vec<String> = field
        .arguments
        .iter()
        .map(|argument| format!("{}: {}", argument.name, argument.value.serialize().no_indent()))
        .collect();
    text.push('(');
    text.push_str(&arguments.join(", "));
    text.push(')');
}

/// The fields that a set selects on `parent`, as (type, field); a field selected on an interface counts for its
/// implementations too. Unknown names are skipped.
pub fn target_fields(schema: &Schema, parent: &Name, selections: &[Selection]) -> IndexSet<(Name, Name)> {
    let mut found = IndexSet::default();
    collect(schema, parent, selections, &mut found);
    found
}

fn collect(schema: &Schema, parent: &Name, selections: &[Selection], found: &mut IndexSet<(Name, Name)>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                let Some(ty) = schema.types.get(parent) else { continue };
                let Some(definition) = Composite::of(ty).and_then(|composite| composite.fields.get(&field.name)) else {
                    continue;
                };
                found.insert((parent.clone(), field.name.clone()));
                if matches!(ty, ExtendedType::Interface(_)) {
                    let implementers = schema.types.values().filter_map(Composite::of).filter(|composite| {
                        composite.implements.iter().any(|interface| interface.name == *parent)
                            && composite.fields.contains_key(&field.name)
                    });
                    found.extend(implementers.map(|composite| (composite.name.clone(), field.name.clone())));
                }
                let inner = definition.ty.inner_named_type().clone();
                collect(schema, &inner, &field.selection_set, found);
            }
            Selection::InlineFragment(fragment) => {
                let parent = fragment.type_condition.as_ref().unwrap_or(parent).clone();
                collect(schema, &parent, &fragment.selection_set, found);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_parsed_on_one_line() {
        let set = parse(" id\n organization { id ... on Company { vat(country: \"DE\") } }").unwrap();
        assert_eq!(print(&set), "id organization { id ... on Company { vat(country: \"DE\") } }");
        assert_eq!(print(&parse(" { id } # comment").unwrap()), "id");
    }

    #[test]
    fn an_interface_field_counts_for_its_implementations() {
        let schema =
            Schema::parse("type Query { n: N } interface N { id: ID } type A implements N { id: ID }", "s").unwrap();
        let set = parse("n { id }").unwrap();
        let query = Name::new("Query").unwrap();
        let fields: Vec<String> =
            target_fields(&schema, &query, &set).iter().map(|(ty, field)| format!("{ty}.{field}")).collect();
        assert_eq!(fields, ["Query.n", "N.id", "A.id"]);
    }
}
