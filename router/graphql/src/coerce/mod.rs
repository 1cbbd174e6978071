//! Variables by the specification's CoerceVariableValues: absent, null and default are three things.
//!
//! Values keep their JSON text where their type allows it, so large numbers pass unchanged.

mod input;
mod literal;
mod scalar;

use apollo_compiler::Schema;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;

use crate::json;
use crate::request::{RequestError, code};
use crate::suggest::Suggestions;

use input::{DEFAULTS_MAX, Input};
pub use literal::literal_to_json;

/// Errors told at most.
const ERRORS_MAX: usize = 50;

/// Coerces the client's variables to the types that the operation declares. The result holds the operation's
/// variables alone, in the order declared; one that is absent and has no default stays absent.
///
/// # Errors
/// Every value that doesn't fit, as [`code::BAD_USER_INPUT`]; messages name the variable and the path in it.
pub fn coerce_variables(
    schema: &Valid<Schema>,
    operation: &Operation,
    mut variables: json::Object,
    suggestions: Suggestions,
) -> Result<json::Object, Vec<RequestError>> {
    let mut input = Input { schema, suggestions, faults: Vec::new(), defaults_left: Some(DEFAULTS_MAX) };
    let mut coerced = json::Object::new();
    let mut errors = Vec::new();
    for definition in &operation.variables {
        let name = definition.name.as_str();
        let value = match (variables.swap_remove(name), &definition.default_value) {
            (Some(value), _) => Some(input.value(&definition.ty, value, &mut Vec::new())),
            (None, Some(default)) => Some(input.value(&definition.ty, literal_to_json(default), &mut Vec::new())),
            (None, None) if definition.ty.is_non_null() => {
                let message = format!("Variable \"${name}\" of required type \"{}\" was not provided.", definition.ty);
                errors.push(RequestError::new(code::BAD_USER_INPUT, message));
                None
            }
            (None, None) => None,
        };
        errors.extend(input.faults.drain(..).map(|fault| fault.into_error(name)));
        if errors.len() >= ERRORS_MAX {
            break;
        }
        if let Some(value) = value {
            coerced.insert(name.to_owned(), value);
        }
    }
    if errors.is_empty() { Ok(coerced) } else { Err(errors) }
}

#[cfg(test)]
mod tests;
