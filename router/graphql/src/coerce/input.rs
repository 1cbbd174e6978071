//! Input coercion of one value by its type: lists, input objects, enums.

use std::fmt::Write as _;

use apollo_compiler::Schema;
use apollo_compiler::ast::{self, Type};
use apollo_compiler::schema::{EnumType, ExtendedType, InputObjectType};

use super::literal::literal_to_json;
use super::scalar::scalar;
use crate::json::{Object, Value};
use crate::request::{RequestError, code};
use crate::suggest::{Suggestions, did_you_mean};

/// Nested input values, defaults included: defaults of input objects may, in a broken schema, hold themselves.
const DEPTH_MAX: usize = 256;
/// Faults remembered at most.
const FAULTS_MAX: usize = 50;
/// Values that defaults of input fields bring into one request at most: each object given may bring those of all
/// types that its own refer to, and they may multiply from type to type.
pub const DEFAULTS_MAX: usize = 100_000;

/// A step into a value.
#[derive(Clone, Debug)]
pub enum Step {
    /// A member's name.
    Member(String),
    /// A position in a list.
    Index(usize),
}

/// A value that doesn't fit.
#[derive(Debug)]
pub struct Fault {
    path: Vec<Step>,
    reason: String,
}

impl Fault {
    /// As an error about a variable.
    pub fn into_error(self, variable: &str) -> RequestError {
        let mut message = format!("Variable \"${variable}\" got invalid value");
        if !self.path.is_empty() {
            let _ = write!(message, " at \"{variable}");
            for step in &self.path {
                let _ = match step {
                    Step::Member(name) => write!(message, ".{name}"),
                    Step::Index(index) => write!(message, "[{index}]"),
                };
            }
            message.push('"');
        }
        let _ = write!(message, "; {}", self.reason);
        if !message.ends_with(['.', '?']) {
            message.push('.');
        }
        RequestError::new(code::BAD_USER_INPUT, message)
    }
}

/// Coerces values and gathers what doesn't fit.
pub struct Input<'a> {
    /// The API schema.
    pub schema: &'a Schema,
    /// Whether messages may suggest names.
    pub suggestions: Suggestions,
    /// What didn't fit.
    pub faults: Vec<Fault>,
    /// How many values defaults may still bring, at first [`DEFAULTS_MAX`]; `None` once they would have brought more.
    pub defaults_left: Option<usize>,
}

impl Input<'_> {
    /// Coerces a value. After a fault the returned value means nothing.
    pub fn value(&mut self, ty: &Type, value: Value, path: &mut Vec<Step>) -> Value {
        if path.len() > DEPTH_MAX {
            return self.fault(path, "it is nested too deeply".to_owned());
        }
        if value.is_null() {
            if ty.is_non_null() {
                return self.fault(path, format!("expected non-nullable type \"{ty}\" not to be null"));
            }
            return Value::Null;
        }
        match ty {
            Type::List(item) | Type::NonNullList(item) => self.list(item, value, path),
            Type::Named(name) | Type::NonNullNamed(name) => match self.schema.types.get(name) {
                Some(ExtendedType::Enum(definition)) => self.enum_value(definition, value, path),
                Some(ExtendedType::InputObject(definition)) => self.input_object(definition, value, path),
                _ => match scalar(name, value) {
                    Ok(value) => value,
                    Err(reason) => self.fault(path, reason),
                },
            },
        }
    }

    fn list(&mut self, item: &Type, value: Value, path: &mut Vec<Step>) -> Value {
        let Value::Array(items) = value else { return Value::Array(vec![self.value(item, value, path)]) };
        let mut coerced = Vec::with_capacity(items.len());
        for (index, value) in items.into_iter().enumerate() {
            path.push(Step::Index(index));
            coerced.push(self.value(item, value, path));
            path.pop();
            if self.is_over() {
                break;
            }
        }
        Value::Array(coerced)
    }

    fn enum_value(&mut self, definition: &EnumType, value: Value, path: &[Step]) -> Value {
        let name = &definition.name;
        let Value::String(text) = &value else {
            return self
                .fault(path, format!("enum \"{name}\" cannot represent non-string value: {}", value.describe()));
        };
        if definition.values.contains_key(text.as_str()) {
            return value;
        }
        let names = definition.values.keys().map(|name| name.as_str());
        let hint = did_you_mean(self.suggestions, text, names);
        self.fault(path, format!("value {text:?} does not exist in \"{name}\" enum.{hint}"))
    }

    fn input_object(&mut self, definition: &InputObjectType, value: Value, path: &mut Vec<Step>) -> Value {
        let name = &definition.name;
        let Value::Object(mut members) = value else {
            return self.fault(path, format!("expected type \"{name}\" to be an object"));
        };
        let mut coerced = Object::with_capacity(members.len());
        for (field, declared) in &definition.fields {
            if self.is_over() {
                return Value::Null;
            }
            let given = members.shift_remove(field.as_str());
            let value = match (given, &declared.default_value) {
                (Some(value), _) => value,
                (None, Some(default)) => {
                    self.defaults_left = self.defaults_left.and_then(|left| left.checked_sub(size(default)));
                    if self.defaults_left.is_none() {
                        return self.fault(path, format!("defaults bring more than {DEFAULTS_MAX} values"));
                    }
                    literal_to_json(default)
                }
                (None, None) if declared.ty.is_non_null() => {
                    let reason = format!("field \"{field}\" of required type \"{}\" was not provided", declared.ty);
                    self.fault(path, reason);
                    continue;
                }
                (None, None) => continue,
            };
            path.push(Step::Member(field.to_string()));
            let value = self.value(&declared.ty, value, path);
            path.pop();
            coerced.insert(field.to_string(), value);
        }
        // A name's suggestions cost work: none for those that nobody will read of.
        for unknown in members.keys().take(FAULTS_MAX.saturating_sub(self.faults.len())) {
            let names = definition.fields.keys().map(|name| name.as_str());
            let hint = did_you_mean(self.suggestions, unknown, names);
            self.fault(path, format!("field {unknown:?} is not defined by type \"{name}\".{hint}"));
        }
        let given_one = coerced.len() == 1 && !coerced.values().any(Value::is_null);
        if definition.directives.has("oneOf") && !given_one {
            return self.fault(path, format!("exactly one key must be specified for OneOf type \"{name}\""));
        }
        Value::Object(coerced)
    }

    /// Whether looking further tells nothing more.
    fn is_over(&self) -> bool {
        self.faults.len() >= FAULTS_MAX || self.defaults_left.is_none()
    }

    fn fault(&mut self, path: &[Step], reason: String) -> Value {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { path: path.to_vec(), reason });
        }
        Value::Null
    }
}

/// How many values a constant holds, itself included. Nests no deeper than the parser allows.
fn size(literal: &ast::Value) -> usize {
    1 + match literal {
        ast::Value::List(items) => items.iter().map(|item| size(item)).sum(),
        ast::Value::Object(members) => members.iter().map(|(_, value)| size(value)).sum(),
        _ => 0_usize,
    }
}
