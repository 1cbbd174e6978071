//! Validation findings in plain sentences, with suggestions for names that don't exist.
//!
//! The sentences are those that GraphQL clients know from the reference implementation.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::DiagnosticData;

use crate::suggest::{Suggestions, did_you_mean};

/// The message of one finding.
pub fn message(schema: &Schema, found: &DiagnosticData, suggestions: Suggestions) -> String {
    let Some(mut text) = found.unstable_compat_message() else { return sentence(&found.to_string()) };
    if found.unstable_error_name() == Some("ConflictingFieldType") {
        // The library leaves out the quote that ends the first of two types.
        text = text.replacen(" and \"", "\" and \"", 1).replacen("\"\" and", "\" and", 1);
    }
    let suggestion = {
        let quoted: Vec<&str> = text.split('"').skip(1).step_by(2).collect();
        let kind = found.unstable_error_name().unwrap_or_default();
        match (kind, quoted.as_slice()) {
            ("UndefinedField", [field, parent]) => did_you_mean(suggestions, field, field_names(schema, parent)),
            ("UndefinedArgument", [argument, coordinate]) => {
                did_you_mean(suggestions, argument, argument_names(schema, coordinate))
            }
            ("UndefinedInputValue", [field, parent]) => did_you_mean(suggestions, field, field_names(schema, parent)),
            ("UndefinedEnumValue", [value, parent]) => did_you_mean(suggestions, value, field_names(schema, parent)),
            ("UndefinedDirective", [directive]) => did_you_mean(
                suggestions,
                directive.trim_start_matches('@'),
                schema.directive_definitions.keys().map(|name| name.as_str()),
            ),
            (
                "UndefinedDefinition"
                | "UndefinedTypeInNamedFragmentTypeCondition"
                | "UndefinedTypeInInlineFragmentTypeCondition",
                [name],
            ) => did_you_mean(suggestions, name, schema.types.keys().map(|name| name.as_str())),
            _ => String::new(),
        }
    };
    if !text.ends_with(['.', '?']) {
        text.push('.');
    }
    text + &suggestion
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

/// Names of fields, input fields or enum values.
fn field_names<'a>(schema: &'a Schema, parent: &str) -> Vec<&'a str> {
    match schema.types.get(parent) {
        Some(ExtendedType::Object(object)) => object.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::Interface(interface)) => interface.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::InputObject(input)) => input.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::Enum(values)) => values.values.keys().map(|name| name.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Names of the arguments of `Type.field` or `@directive`.
fn argument_names<'a>(schema: &'a Schema, coordinate: &str) -> Vec<&'a str> {
    let arguments = match coordinate.split_once('.') {
        Some((parent, field)) => schema.type_field(parent, field).ok().map(|field| &field.arguments),
        None => {
            let directive = schema.directive_definitions.get(coordinate.trim_start_matches('@'));
            directive.map(|directive| &directive.arguments)
        }
    };
    arguments.into_iter().flatten().map(|argument| argument.name.as_str()).collect()
}
