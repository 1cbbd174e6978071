//! Fragments: inline ones, with and without a type, and named ones, which may be spread again wherever their fields fit.

use std::fmt::Write as _;

use super::response_keys::{Asked, Path};
use super::{DEPTH_MAX, Generator};

/// A named fragment.
pub struct Fragment {
    /// Its definition.
    pub text: String,
    on: String,
    depth: usize,
    fields: Vec<(Vec<String>, Asked)>,
}

impl Generator<'_> {
    /// Puts a fragment into the selection set of a type.
    pub fn fragment(&mut self, ty: &str, path: &mut Path, out: &mut String) {
        if path.depth() > DEPTH_MAX || self.left == 0 {
            return;
        }
        let Some(on) = self.type_condition(ty) else { return };
        if self.chance(25) && self.again(&on, path, out) {
            return;
        }
        let mark = self.keys.mark();
        let set = self.set(&on, path);
        match self.rng.u8(..4) {
            0 => {
                let number = self.fragments.len();
                let fields = self.keys.since(mark, path);
                let depth = fields.iter().map(|(keys, _)| keys.len()).max().unwrap_or(0);
                self.fragments.push(Fragment {
                    text: format!("fragment F{number} on {on} {set}\n"),
                    on,
                    depth,
                    fields,
                });
                let _ = write!(out, " ...F{number}{}", self.condition());
            }
            1 if on == ty => {
                let _ = write!(out, " ...{} {set}", self.condition());
            }
            _ => {
                let _ = write!(out, " ... on {on}{} {set}", self.condition());
            }
        }
    }

    /// Spreads a fragment that there is already.
    fn again(&mut self, on: &str, path: &Path, out: &mut String) -> bool {
        let fits = |fragment: &Fragment| fragment.on == on && path.depth() + fragment.depth <= DEPTH_MAX + 1;
        let known: Vec<usize> = (0..self.fragments.len()).filter(|&number| fits(&self.fragments[number])).collect();
        let Some(number) = self.rng.choice(known) else { return false };
        let is_spread = self.keys.again(path, &self.fragments[number].fields);
        if is_spread {
            let _ = write!(out, " ...F{number}{}", self.condition());
        }
        is_spread
    }

    /// A type that some object of a type may be of.
    fn type_condition(&mut self, ty: &str) -> Option<String> {
        let schema = self.schema;
        let objects = |of: &str| -> Vec<&str> {
            let objects = schema
                .types
                .iter()
                .filter(|(name, object)| object.is_object() && (name.as_str() == of || schema.is_subtype(of, name)));
            objects.map(|(name, _)| name.as_str()).collect()
        };
        let own = objects(ty);
        let types = schema.types.keys().map(|name| name.as_str()).filter(|name| !name.starts_with("__"));
        let on: Vec<&str> = types.filter(|name| objects(name).iter().any(|object| own.contains(object))).collect();
        self.rng.choice(on).map(str::to_owned)
    }
}
