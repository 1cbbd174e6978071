//! Random operations: fragments named and inline, some of them spread twice, aliases that clash with other fields' names,
//! arguments with variables anywhere in them, conditions, `__typename` anywhere.
//!
//! Nearly all are valid, since what stands under a response key is known before another field is put there
//! ([`response_keys`]). An operation that isn't valid all the same is made again.

mod arguments;
mod fragments;
mod response_keys;
mod variables;

use std::fmt::Write as _;

use fastrand::Rng;
use graphql::ast::FieldDefinition;
use graphql::schema::ExtendedType;
use graphql::{OperationLimits, Schema, Suggestions, Valid};
use serde_json::Value;

use super::case::Operation;
use fragments::Fragment;
use response_keys::{Asked, Path, ResponseKeys};
use variables::Variables;

/// Levels of fields at most.
const DEPTH_MAX: usize = 6;
/// Operations that are made instead of one that isn't valid, at most.
const ATTEMPTS_MAX: u64 = 5;
/// Aliases: fresh ones, and such as other fields, keys and planners use.
const ALIASES: [&str; 10] = ["x", "y", "id", "code", "f0", "f1", "tag", "_id_0", "__typename_", "r0"];

/// A random operation; an invalid one if there was no luck at all.
pub fn operation(schema: &Valid<Schema>, seed: u64) -> Operation {
    let is_valid = |operation: &Operation| {
        let limits = OperationLimits::default();
        graphql::parse_operation(schema, &operation.text, &limits, Suggestions::Off).is_ok()
    };
    let mut made = Generator::operation(schema, seed);
    for attempt in 1..ATTEMPTS_MAX {
        if is_valid(&made) {
            break;
        }
        made = Generator::operation(schema, seed ^ attempt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    }
    made
}

struct Generator<'a> {
    schema: &'a Valid<Schema>,
    rng: Rng,
    variables: Variables,
    fragments: Vec<Fragment>,
    keys: ResponseKeys,
    left: usize,
}

impl<'a> Generator<'a> {
    fn operation(schema: &'a Valid<Schema>, seed: u64) -> Operation {
        let mut rng = Rng::with_seed(seed);
        let left = [6, 12, 30, 60][rng.usize(..4)];
        let (variables, keys) = (Variables::default(), ResponseKeys::default());
        let mut generator = Self { schema, rng, variables, fragments: Vec::new(), keys, left };
        let mutation = schema.schema_definition.mutation.as_ref().filter(|_| generator.chance(15));
        let (keyword, root) = match mutation {
            Some(mutation) => ("mutation", mutation.as_str()),
            None => ("query", "Query"),
        };
        let set = generator.set(root, &mut Path::default());
        let name = if generator.chance(50) { " Q" } else { "" };
        let declared = generator.variables.declared();
        let mut text = format!("{keyword}{name}{declared} {set}\n");
        generator.fragments.iter().for_each(|fragment| text.push_str(&fragment.text));
        Operation { text, variables: Value::Object(generator.variables.values) }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn set(&mut self, ty: &str, path: &mut Path) -> String {
        let mut out = String::from("{");
        for _ in 0..self.rng.usize(1..=4) {
            self.selection(ty, path, &mut out);
        }
        if out.len() == 1 {
            self.typename(ty, path, &mut out);
        }
        out.push_str(" }");
        out
    }

    fn selection(&mut self, ty: &str, path: &mut Path, out: &mut String) {
        if self.chance(8) {
            return self.typename(ty, path, out);
        }
        if self.chance(20) && path.depth() < DEPTH_MAX {
            return self.fragment(ty, path, out);
        }
        let fields: Vec<_> = match self.schema.types.get(ty) {
            Some(ExtendedType::Object(object)) => object.fields.values().collect(),
            Some(ExtendedType::Interface(interface)) if self.chance(60) => interface.fields.values().collect(),
            Some(ExtendedType::Interface(_) | ExtendedType::Union(_)) => return self.fragment(ty, path, out),
            _ => return,
        };
        let fields: Vec<&FieldDefinition> =
            fields.into_iter().map(|field| &***field).filter(|field| !field.name.starts_with('_')).collect();
        if let Some(field) = self.rng.choice(fields) {
            self.field(ty, field, path, out);
        }
    }

    fn typename(&mut self, ty: &str, path: &Path, out: &mut String) {
        let asked = Asked::typename(ty);
        let alias = if self.chance(30) { self.alias() } else { "__typename" };
        let key = if self.keys.add(path, alias, &asked) { alias } else { "__typename" };
        self.keys.add(path, key, &asked);
        let alias = if key == "__typename" { String::new() } else { format!("{key}: ") };
        let _ = write!(out, " {alias}__typename{}", self.condition());
    }

    fn field(&mut self, ty: &str, field: &FieldDefinition, path: &mut Path, out: &mut String) {
        let inner = field.ty.inner_named_type();
        let is_leaf = matches!(self.schema.types.get(inner), Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_)));
        if (!is_leaf && path.depth() >= DEPTH_MAX) || self.left == 0 {
            return;
        }
        self.left -= 1;
        let Some(arguments) = self.arguments(field) else { return };
        let asked = Asked {
            parent: self.schema.get_object(ty).map(|object| object.name.to_string()),
            field: field.name.to_string(),
            arguments: arguments.clone(),
            shape: if is_leaf { field.ty.to_string() } else { field.ty.to_string().replace(inner.as_str(), "") },
        };
        let wanted = if self.chance(25) { self.alias() } else { field.name.as_str() };
        let fresh = format!("{}_{}", field.name, self.left);
        let Some(key) = [wanted, field.name.as_str(), &fresh].into_iter().find(|key| self.keys.add(path, key, &asked))
        else {
            return;
        };
        let alias = if key == field.name.as_str() { String::new() } else { format!("{key}: ") };
        let _ = write!(out, " {alias}{}{arguments}{}", field.name, self.condition());
        if !is_leaf {
            path.enter(key);
            let _ = write!(out, " {}", self.set(inner, path));
            path.leave();
        }
    }

    fn alias(&mut self) -> &'static str {
        ALIASES[self.rng.usize(..ALIASES.len())]
    }

    fn condition(&mut self) -> String {
        let mut text = String::new();
        for directive in ["skip", "include"] {
            if !self.chance(5) {
                continue;
            }
            let value = self.rng.bool();
            let value = if self.rng.bool() { self.condition_variable(value) } else { value.to_string() };
            let _ = write!(text, " @{directive}(if: {value})");
        }
        text
    }
}
