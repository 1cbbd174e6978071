//! Random operations: fragments named and inline, aliases that clash with other fields' names, variables, conditions,
//! `__typename` anywhere. Most are valid; the rest is thrown away.

use std::fmt::Write as _;

use fastrand::Rng;
use graphql::Schema;
use graphql::ast::{FieldDefinition, Type};
use graphql::schema::ExtendedType;
use serde_json::{Map, Value, json};

use super::case::Operation;

/// Levels of fields at most.
const DEPTH_MAX: usize = 6;
/// Aliases: fresh ones, and such as other fields, keys and planners use.
const ALIASES: [&str; 10] = ["x", "y", "id", "code", "f0", "f1", "tag", "_id_0", "__typename_", "r0"];

/// Makes one for an API schema.
pub struct Generator<'a> {
    schema: &'a Schema,
    rng: Rng,
    declared: Vec<String>,
    variables: Map<String, Value>,
    fragments: Vec<String>,
    left: usize,
}

impl<'a> Generator<'a> {
    /// A random operation.
    pub fn operation(schema: &'a Schema, seed: u64) -> Operation {
        let mut rng = Rng::with_seed(seed);
        let left = [6, 12, 30, 60][rng.usize(..4)];
        let variables = Map::new();
        let mut generator = Self { schema, rng, declared: Vec::new(), variables, fragments: Vec::new(), left };
        let mutation = schema.schema_definition.mutation.is_some() && generator.chance(15);
        let (keyword, root) = if mutation { ("mutation", "Mutation") } else { ("query", "Query") };
        let set = generator.set(root, 0);
        let declared = generator.declared.join(", ");
        let declared = if declared.is_empty() { String::new() } else { format!("({declared})") };
        let name = if generator.chance(50) { " Q" } else { "" };
        let text = format!("{keyword}{name}{declared} {set}\n{}\n", generator.fragments.join("\n"));
        Operation { text, variables: Value::Object(generator.variables) }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn set(&mut self, ty: &str, depth: usize) -> String {
        let mut out = String::from("{");
        let count = self.rng.usize(1..=4);
        for _ in 0..count {
            self.selection(ty, depth, &mut out);
        }
        if out.len() == 1 {
            out.push_str(" __typename");
        }
        out.push_str(" }");
        out
    }

    fn selection(&mut self, ty: &str, depth: usize, out: &mut String) {
        let schema = self.schema;
        if self.chance(8) {
            let alias = if self.chance(30) { self.alias() } else { String::new() };
            let _ = write!(out, " {alias}__typename{}", self.condition());
            return;
        }
        if self.chance(20) && depth < DEPTH_MAX {
            return self.fragment(ty, depth, out);
        }
        let fields: Vec<_> = match schema.types.get(ty) {
            Some(ExtendedType::Object(object)) => object.fields.values().collect(),
            Some(ExtendedType::Interface(interface)) if self.chance(60) => interface.fields.values().collect(),
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => return self.fragment(ty, depth, out),
            _ => return,
        };
        let fields: Vec<&FieldDefinition> =
            fields.into_iter().map(|field| &***field).filter(|field| !field.name.starts_with('_')).collect();
        if let Some(field) = self.rng.choice(fields) {
            self.field(field, depth, out);
        }
    }

    fn field(&mut self, field: &FieldDefinition, depth: usize, out: &mut String) {
        let inner = field.ty.inner_named_type();
        let is_leaf = matches!(self.schema.types.get(inner), Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_)));
        if (!is_leaf && depth >= DEPTH_MAX) || self.left == 0 {
            return;
        }
        self.left -= 1;
        let alias = if self.chance(25) { self.alias() } else { String::new() };
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            if argument.is_required() || self.chance(50) {
                let value = self.argument(&argument.ty);
                arguments.push(format!("{}: {value}", argument.name));
            }
        }
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        let _ = write!(out, " {alias}{}{arguments}{}", field.name, self.condition());
        if !is_leaf {
            out.push(' ');
            let set = self.set(inner, depth + 1);
            out.push_str(&set);
        }
    }

    fn alias(&mut self) -> String {
        format!("{}: ", ALIASES[self.rng.usize(..ALIASES.len())])
    }

    fn fragment(&mut self, ty: &str, depth: usize, out: &mut String) {
        let schema = self.schema;
        if depth > DEPTH_MAX {
            return;
        }
        let mut on: Vec<&str> = schema
            .types
            .keys()
            .map(|name| name.as_str())
            .filter(|name| {
                let is_object = schema.get_object(name).is_some();
                *name == ty
                    || (schema.is_subtype(ty, name) && is_object)
                    || (schema.is_subtype(name, ty) && schema.get_interface(name).is_some())
            })
            .collect();
        if schema.get_union(ty).is_some() || schema.get_interface(ty).is_some() {
            // Another abstract type that shares a member.
            on.extend(["I0", "U0"].into_iter().filter(|name| schema.types.contains_key(*name)));
        }
        let Some(on) = self.rng.choice(on) else { return };
        let set = self.set(on, depth + 1);
        match self.rng.u8(..4) {
            0 => {
                let name = format!("F{}", self.fragments.len());
                self.fragments.push(format!("fragment {name} on {on} {set}"));
                let _ = write!(out, " ...{name}{}", self.condition());
            }
            1 if on == ty => {
                let _ = write!(out, " ...{} {set}", self.condition());
            }
            _ => {
                let _ = write!(out, " ... on {on}{} {set}", self.condition());
            }
        }
    }

    fn condition(&mut self) -> String {
        let mut text = String::new();
        for directive in ["skip", "include"] {
            if !self.chance(5) {
                continue;
            }
            let value = self.chance(50);
            if self.chance(50) {
                let name = self.declare("Boolean!", json!(value));
                let _ = write!(text, " @{directive}(if: ${name})");
            } else {
                let _ = write!(text, " @{directive}(if: {value})");
            }
        }
        text
    }

    fn declare(&mut self, ty: &str, value: Value) -> String {
        let names = ["v", "representations", "id", "_v"];
        let name = format!("{}{}", names[self.rng.usize(..names.len())], self.declared.len());
        let name = if self.declared.is_empty() && self.chance(30) { "representations".to_owned() } else { name };
        self.declared.push(format!("${name}: {ty}"));
        self.variables.insert(name.clone(), value);
        name
    }

    /// An argument: a literal, or a variable.
    fn argument(&mut self, ty: &Type) -> String {
        let value = self.value(ty);
        if self.chance(40) {
            let name = self.declare(&ty.to_string(), value);
            return format!("${name}");
        }
        self.literal(ty, &value)
    }

    fn value(&mut self, ty: &Type) -> Value {
        if ty.is_list() {
            return json!(["RED"]);
        }
        if !ty.is_non_null() && self.chance(10) {
            return Value::Null;
        }
        match ty.inner_named_type().as_str() {
            "Int" => json!(self.rng.i32(..9)),
            "Boolean" => json!(self.rng.bool()),
            "Filter" => {
                let mut members = Map::new();
                for (name, value) in [("text", json!("t")), ("number", json!(4)), ("colours", json!(["RED", "BLUE"]))] {
                    if self.chance(50) {
                        members.insert(name.to_owned(), value);
                    }
                }
                Value::Object(members)
            }
            _ => json!("s"),
        }
    }

    fn literal(&mut self, ty: &Type, value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| match name.as_str() {
                    "colours" => format!("{name}: [RED, BLUE]"),
                    _ => format!("{name}: {value}"),
                });
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            Value::Array(_) => "[RED]".to_owned(),
            leaf => {
                let _ = ty;
                leaf.to_string()
            }
        }
    }
}
