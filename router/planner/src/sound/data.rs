//! The merged data as symbols: at each position, classes of types, and what is known of objects of those.
//!
//! Classes are split when types begin to differ; children are shared until one of the two changes.

use std::collections::BTreeSet;
use std::rc::Rc;

use federation::{SubgraphId, TypeId, TypeSet};
use graphql::ast::Value as Argument;
use graphql::executable::Field;
use graphql::{Name, Schema};
use indexmap::IndexMap;

use crate::plan::{FetchId, KeyId};

/// A position that objects stand at; lists on the way count as all of their items.
#[derive(Clone, Debug)]
pub struct Data {
    /// The supergraph's type of it.
    pub declared: TypeId,
    /// The subgraphs that stand here, or may have come here as well by fields that they share.
    pub subgraphs: BTreeSet<SubgraphId>,
    /// Disjoint.
    pub classes: Vec<Class>,
}

/// What is known of objects of some types.
#[derive(Clone, Debug)]
pub struct Class {
    /// Their concrete types.
    pub types: TypeSet,
    /// The fetches that tell which it is.
    pub tellers: Vec<FetchId>,
    /// The values.
    pub values: IndexMap<KeyId, Value>,
}

/// A value.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is of.
    pub call: Call,
    /// The fetches that bring it.
    pub producers: Vec<FetchId>,
    /// The position below, if objects stand there.
    pub below: Option<Rc<Data>>,
}

/// A field with arguments and the subgraphs' own directives.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The field.
    pub name: Name,
    /// The arguments, by name.
    pub arguments: Vec<(Name, Argument)>,
    /// The directives as text; of one that must not be repeated only the first.
    pub directives: Vec<String>,
}

impl Call {
    /// A field with arguments in any order.
    pub fn new(name: Name, mut arguments: Vec<(Name, Argument)>) -> Self {
        arguments.sort_by(|a, b| a.0.cmp(&b.0));
        Self { name, arguments, directives: Vec::new() }
    }

    /// What field nodes of one response key ask for together.
    pub fn of(schema: &Schema, fields: &[&Field]) -> Option<Self> {
        let first = fields.first()?;
        let arguments = first.arguments.iter().map(|argument| (argument.name.clone(), (*argument.value).clone()));
        let mut call = Self::new(first.name.clone(), arguments.collect());
        let mut names = Vec::new();
        for directive in fields.iter().flat_map(|field| &field.directives.0) {
            let definition = schema.directive_definitions.get(&directive.name);
            let text = directive.to_string();
            let is_known = match definition.is_some_and(|definition| definition.repeatable) {
                true => call.directives.contains(&text),
                false => names.contains(&&directive.name),
            };
            if !is_known && !matches!(directive.name.as_str(), "skip" | "include" | "defer") {
                names.push(&directive.name);
                call.directives.push(text);
            }
        }
        Some(call)
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let arguments: Vec<String> = self.arguments.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        match arguments.is_empty() {
            true => write!(formatter, "{}", self.name)?,
            false => write!(formatter, "{}({})", self.name, arguments.join(","))?,
        }
        self.directives.iter().try_for_each(|directive| write!(formatter, " {directive}"))
    }
}

impl Data {
    /// A position of which nothing is known but the types.
    pub fn new(declared: TypeId, subgraphs: BTreeSet<SubgraphId>, types: TypeSet) -> Self {
        let classes = if types.is_empty() {
            Vec::new()
        } else {
            vec![Class { types, tellers: Vec::new(), values: IndexMap::new() }]
        };
        Self { declared, subgraphs, classes }
    }

    /// Splits classes so that each is within the types or without.
    pub fn split(&mut self, types: &TypeSet) {
        for index in 0..self.classes.len() {
            let Some(class) = self.classes.get_mut(index) else { continue };
            let within = class.types.intersection(types);
            if within.is_empty() || within.len() == class.types.len() {
                continue;
            }
            let mut other = class.clone();
            other.types = class.types.difference(types);
            class.types = within;
            self.classes.push(other);
        }
    }
}
