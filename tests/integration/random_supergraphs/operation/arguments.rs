//! Arguments: literals of every input type, with variables anywhere in them.

use graphql::ast::{FieldDefinition, Type};
use graphql::schema::{ExtendedType, InputObjectType};
use serde_json::{Map, Value, json};

use super::Generator;

/// Input objects within each other at most.
const DEPTH_MAX: usize = 3;
/// Texts, some of which want to be escaped.
const TEXTS: [&str; 4] = ["s", "", "say \"hi\" \\ back", "grün\nline"];

impl<'a> Generator<'a> {
    /// The arguments of a field with their parentheses; `None` if there is no value for one that is required.
    pub fn arguments(&mut self, field: &FieldDefinition) -> Option<String> {
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            if argument.is_required() || self.chance(50) {
                let value = self.argument(&argument.ty, argument.default_value.is_some(), 0)?;
                arguments.push(format!("{}: {value}", argument.name));
            }
        }
        Some(if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) })
    }

    /// A literal or a variable. A position with a default may be left out, and takes no null for it.
    fn argument(&mut self, ty: &Type, has_default: bool, depth: usize) -> Option<String> {
        if !self.chance(35) {
            return self.literal(ty, depth);
        }
        let known = self.variables.of(&ty.to_string()).map(str::to_owned);
        if let Some(name) = known.filter(|_| self.chance(40)) {
            return Some(format!("${name}"));
        }
        let value = self.value(ty, depth)?;
        let declared = ty.to_string();
        Some(match self.rng.u8(..6) {
            // Left out: the position's own default, or nothing at all.
            0 if !ty.is_non_null() => self.declare(&declared, None, None),
            0 if has_default => self.declare(declared.trim_end_matches('!'), None, None),
            // By its default.
            1 => {
                let default = self.constant(ty, depth)?;
                self.declare(declared.trim_end_matches('!'), Some(default), None)
            }
            2 if !value.is_null() => {
                let default = self.constant(ty, depth)?;
                self.declare(declared.trim_end_matches('!'), Some(default), Some(value))
            }
            // Never null, where it may be.
            3 if !ty.is_non_null() && !value.is_null() => self.declare(&format!("{declared}!"), None, Some(value)),
            _ => self.declare(&declared, None, Some(value)),
        })
    }

    /// A literal that may have variables in it.
    fn literal(&mut self, ty: &Type, depth: usize) -> Option<String> {
        if !ty.is_non_null() && self.chance(10) {
            return Some("null".to_owned());
        }
        if ty.is_list() {
            let item = ty.item_type();
            if self.chance(15) && !item.is_list() {
                // One item stands for a list of it.
                let item = if item.is_non_null() { item.clone() } else { item.clone().non_null() };
                return self.constant(&item, depth + 1);
            }
            let items: Option<Vec<String>> =
                (0..self.rng.usize(..3)).map(|_| self.argument(item, false, depth + 1)).collect();
            return Some(format!("[{}]", items?.join(", ")));
        }
        let Some(input) = self.input_object(ty) else { return self.constant(ty, depth) };
        let mut members = Vec::new();
        for field in input.fields.values() {
            if field.is_required() || (depth < DEPTH_MAX && self.chance(50)) {
                let value = self.argument(&field.ty, field.default_value.is_some(), depth + 1)?;
                members.push(format!("{}: {value}", field.name));
            }
        }
        Some(format!("{{{}}}", members.join(", ")))
    }

    /// A literal without variables.
    fn constant(&mut self, ty: &Type, depth: usize) -> Option<String> {
        let value = self.value(ty, depth)?;
        self.written(ty, &value)
    }

    /// A value as a literal of a type.
    fn written(&self, ty: &Type, value: &Value) -> Option<String> {
        let all = |parts: Vec<String>, (open, close): (char, char)| format!("{open}{}{close}", parts.join(", "));
        Some(match value {
            Value::Array(items) if ty.is_list() => {
                let items: Option<Vec<String>> = items.iter().map(|item| self.written(ty.item_type(), item)).collect();
                all(items?, ('[', ']'))
            }
            Value::Object(members) => {
                let input = self.input_object(ty);
                let members: Option<Vec<String>> = members
                    .iter()
                    .map(|(name, value)| {
                        let inner = input.and_then(|input| Some(&*input.fields.get(name.as_str())?.ty)).unwrap_or(ty);
                        Some(format!("{name}: {}", self.written(inner, value)?))
                    })
                    .collect();
                all(members?, ('{', '}'))
            }
            Value::Array(items) => {
                let items: Option<Vec<String>> = items.iter().map(|item| self.written(ty, item)).collect();
                all(items?, ('[', ']'))
            }
            Value::String(name) if self.is_enum(ty) => name.clone(),
            leaf => leaf.to_string(),
        })
    }

    /// A value as variables have it.
    fn value(&mut self, ty: &Type, depth: usize) -> Option<Value> {
        if !ty.is_non_null() && self.chance(10) {
            return Some(Value::Null);
        }
        if ty.is_list() {
            let items: Option<Vec<Value>> =
                (0..self.rng.usize(..3)).map(|_| self.value(ty.item_type(), depth + 1)).collect();
            return items.map(Value::Array);
        }
        let schema = self.schema;
        Some(match (ty.inner_named_type().as_str(), schema.types.get(ty.inner_named_type())?) {
            ("Int", _) => json!(self.rng.i32(-9..9)),
            ("Float", _) => json!(f64::from(self.rng.i32(-9..9)) + 0.5),
            ("Boolean", _) => json!(self.rng.bool()),
            ("ID", _) if self.rng.bool() => json!(self.rng.i32(..9)),
            ("ID" | "String", _) => json!(TEXTS[self.rng.usize(..TEXTS.len())]),
            (_, ExtendedType::Enum(definition)) => json!(self.rng.choice(definition.values.keys())?.as_str()),
            (_, ExtendedType::InputObject(input)) => {
                let mut members = Map::new();
                for field in input.fields.values() {
                    if field.is_required() || (depth < DEPTH_MAX && self.chance(50)) {
                        members.insert(field.name.to_string(), self.value(&field.ty, depth + 1)?);
                    }
                }
                Value::Object(members)
            }
            _ => [json!("blob"), json!(7), json!({ "b": [1, { "c": "d" }], "a": true })][self.rng.usize(..3)].clone(),
        })
    }

    fn input_object(&self, ty: &Type) -> Option<&'a InputObjectType> {
        match self.schema.types.get(ty.inner_named_type())? {
            ExtendedType::InputObject(input) => Some(input),
            _ => None,
        }
    }

    fn is_enum(&self, ty: &Type) -> bool {
        matches!(self.schema.types.get(ty.inner_named_type()), Some(ExtendedType::Enum(_)))
    }
}
