//! A made-up world to run plans in: every object has a type and a seed, every value follows from its object, its
//! field and its arguments, and carries them in its text. Subgraphs resolve what their part of the supergraph lets
//! them, and refuse everything else, representations that aren't true included.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use federation::query_graph::{Condition, View};
use federation::supergraph::{FieldSet, FieldSetItem, FieldType};
use federation::{SubgraphId, Supergraph, TypeId, TypeSet};
use graphql::ast::Value as Argument;
use graphql::executable::{Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// An object of the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Object {
    pub ty: TypeId,
    pub seed: u64,
}

pub struct World<'a> {
    pub supergraph: &'a Supergraph,
    parents: RefCell<HashMap<u64, Object>>,
    objects: RefCell<HashMap<u64, Object>>,
}

/// As what an object is looked at.
#[derive(Clone)]
pub struct Eye<'r> {
    /// By which subgraph; `None` is the whole world at once.
    pub subgraph: Option<SubgraphId>,
    /// As the interface object that the subgraph takes it for.
    pub interface: Option<TypeId>,
    pub view: View,
    pub representation: Option<&'r Value>,
    pub values: &'r dyn Fn(&str) -> Option<bool>,
}

fn hash(parts: impl Hash) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    parts.hash(&mut hasher);
    hasher.finish() >> 8
}

fn arguments_text(arguments: &[(Name, Argument)]) -> String {
    let mut sorted: Vec<String> = arguments.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    sorted.sort();
    sorted.join(",")
}

impl<'a> World<'a> {
    pub fn new(supergraph: &'a Supergraph) -> Self {
        Self { supergraph, parents: RefCell::default(), objects: RefCell::default() }
    }

    /// The types that a field may lead to in every subgraph that knows it.
    fn candidates(&self, object: TypeId, name: &str) -> Vec<TypeId> {
        let field = self.supergraph.ty(object).fields[name];
        let named = self.supergraph.field(field).ty.named();
        let all = &self.supergraph.ty(named).possible_types;
        let mut types: TypeSet = all.iter().filter(|&ty| !self.supergraph.ty(ty).inaccessible).collect();
        for resolver in self.supergraph.graph.resolvers(field) {
            let Some(join) = self.supergraph.join_of(resolver) else { continue };
            let Some(known) = self.supergraph.ty(join.ty.named()).join(resolver.subgraph) else { continue };
            let both = types.intersection(&known.possible_types);
            if !both.is_empty() {
                types = both;
            }
        }
        types.iter().collect()
    }

    /// A value, as leaves' texts and objects' seeds.
    fn value(&self, object: Object, name: &str, arguments: &str) -> Tree {
        let field = self.supergraph.ty(object.ty).fields[name];
        let ty = self.supergraph.field(field).ty.clone();
        self.build(&ty, object, name, arguments, 0)
    }

    fn build(&self, ty: &FieldType, object: Object, name: &str, arguments: &str, index: u64) -> Tree {
        match ty {
            FieldType::List { item, .. } => {
                Tree::List((0..2).map(|i| self.build(item, object, name, arguments, index * 2 + i + 1)).collect())
            }
            FieldType::Named { id, .. } if self.supergraph.ty(*id).is_composite() => {
                if self.supergraph.is_root(*id) {
                    return Tree::Object(Object { ty: *id, seed: 1 });
                }
                let candidates = self.candidates(object.ty, name);
                let seed = hash((object.seed, name, arguments, index));
                let ty = candidates[(seed % candidates.len() as u64) as usize];
                let child = Object { ty, seed };
                self.parents.borrow_mut().insert(seed, object);
                self.objects.borrow_mut().insert(seed, child);
                Tree::Object(child)
            }
            FieldType::Named { .. } => Tree::Leaf(format!("{name}({arguments})#{index}@{}", object.seed)),
        }
    }

    /// Runs selection sets on an object.
    pub fn run(
        &self,
        document: &ExecutableDocument,
        sets: &[&SelectionSet],
        object: Object,
        eye: &Eye<'_>,
    ) -> Result<Value, String> {
        let mut fields: IndexMap<Name, Vec<&Field>> = IndexMap::new();
        for set in sets {
            self.collect(document, set, object, eye, &mut fields);
        }
        let mut answer = Map::new();
        for (key, fields) in fields {
            let first = fields[0];
            if first.name == "__typename" {
                let ty = eye.interface.unwrap_or(object.ty);
                answer.insert(key.to_string(), json!(self.supergraph.ty(ty).name.as_str()));
                continue;
            }
            let below = self.look(first, object, eye)?;
            let arguments: Vec<_> =
                first.arguments.iter().map(|argument| (argument.name.clone(), (*argument.value).clone())).collect();
            let tree = self.value(object, &first.name, &arguments_text(&arguments));
            let sets: Vec<&SelectionSet> = fields.iter().map(|field| &field.selection_set).collect();
            answer.insert(key.to_string(), self.render(document, &sets, tree, &below)?);
        }
        Ok(Value::Object(answer))
    }

    fn render(
        &self,
        document: &ExecutableDocument,
        sets: &[&SelectionSet],
        tree: Tree,
        eye: &Eye<'_>,
    ) -> Result<Value, String> {
        Ok(match tree {
            Tree::Leaf(text) => Value::String(text),
            Tree::Object(object) => self.run(document, sets, object, eye)?,
            Tree::List(items) => {
                let items: Result<_, String> =
                    items.into_iter().map(|item| self.render(document, sets, item, eye)).collect();
                Value::Array(items?)
            }
        })
    }

    /// Checks that the subgraph may resolve a field, and says how it looks at what is below.
    fn look<'r>(&self, field: &Field, object: Object, eye: &Eye<'r>) -> Result<Eye<'r>, String> {
        let Some(subgraph) = eye.subgraph else { return Ok(eye.clone()) };
        let via = eye.interface.unwrap_or(object.ty);
        let coordinate = format!("{}.{}", self.supergraph.ty(via).name, field.name);
        let id = *self.supergraph.ty(via).fields.get(&field.name).ok_or(format!("no {coordinate}"))?;
        let join = self.supergraph.field(id).join(subgraph).ok_or(format!("{coordinate} is elsewhere"))?;
        let is_provided = eye.view.provides(self.supergraph, via, id);
        match join.condition() {
            Condition::Always => {}
            _ if is_provided => {}
            Condition::Requires(set) => {
                let given = eye.representation.ok_or(format!("{coordinate} without what it requires"))?;
                self.check_given(set, object, given).map_err(|error| format!("{coordinate}: {error}"))?;
            }
            condition => return Err(format!("{coordinate} is not resolved here: {condition:?}")),
        }
        let named = join.ty.named();
        Ok(Eye {
            subgraph: eye.subgraph,
            interface: self.supergraph.is_interface_object(named, subgraph).then_some(named),
            view: eye.view.below(self.supergraph, via, id, join.provides.as_ref()),
            representation: None,
            values: eye.values,
        })
    }

    /// Checks that a representation says what the world says.
    fn check_given(&self, set: &FieldSet, object: Object, given: &Value) -> Result<(), String> {
        for item in set {
            match item {
                FieldSetItem::Field { field: Some(field), arguments, selection } => {
                    let name = &self.supergraph.field(*field).name;
                    let tree = self.value(object, name, &arguments_text(arguments));
                    let given = given.get(name.as_str()).ok_or(format!("{name} is not given"))?;
                    self.check_tree(selection, &tree, given)?;
                }
                FieldSetItem::Field { .. } => {
                    if given["__typename"] != self.supergraph.ty(object.ty).name.as_str() {
                        return Err("the type's name is not given".to_owned());
                    }
                }
                FieldSetItem::Fragment { on, selection } => {
                    if *on == object.ty || self.supergraph.ty(*on).possible_types.contains(object.ty) {
                        self.check_given(selection, object, given)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn check_tree(&self, set: &FieldSet, tree: &Tree, given: &Value) -> Result<(), String> {
        match (tree, given) {
            (Tree::Leaf(text), Value::String(given)) if text == given => Ok(()),
            (Tree::List(items), Value::Array(given)) if items.len() == given.len() => {
                items.iter().zip(given).try_for_each(|(item, given)| self.check_tree(set, item, given))
            }
            (Tree::Object(object), Value::Object(_)) => self.check_given(set, *object, given),
            _ => Err(format!("{tree:?} is not {given}")),
        }
    }

    /// Checks that a representation holds all of some key by which the subgraph is entered for a type's objects.
    pub fn check_key(&self, subgraph: SubgraphId, named: TypeId, object: Object, given: &Value) -> Result<(), String> {
        let mut refused = format!("{} has no key", self.supergraph.ty(named).name);
        let entries = |ty: TypeId| self.supergraph.graph.entries(ty).iter();
        for entry in entries(object.ty).chain(entries(named)) {
            if entry.subgraph == subgraph && entry.via == named {
                match self.check_given(&entry.key, object, given) {
                    Ok(()) => return Ok(()),
                    Err(error) => refused = error,
                }
            }
        }
        Err(format!("no key in {given}: {refused}"))
    }

    /// The object that a representation is of.
    pub fn entity(&self, representation: &Value) -> Result<Object, String> {
        let mut found: Option<Object> = None;
        for (name, value) in representation.as_object().ok_or("no object")? {
            if name == "__typename" {
                continue;
            }
            for seed in self.owners(name, value) {
                let object = self.objects.borrow().get(&seed).copied().ok_or("unknown object")?;
                if found.is_some_and(|known| known != object) {
                    return Err(format!("parts of several objects in {representation}"));
                }
                found = Some(object);
            }
        }
        found.ok_or(format!("nothing in {representation}"))
    }

    /// The seeds of the objects that a value of that name may be of.
    fn owners(&self, name: &str, value: &Value) -> Vec<u64> {
        match value {
            Value::String(text) if text.starts_with(&format!("{name}(")) => {
                text.rsplit_once('@').and_then(|(_, seed)| seed.parse().ok()).into_iter().collect()
            }
            Value::Array(items) => items.iter().flat_map(|item| self.owners(name, item)).collect(),
            Value::Object(members) => {
                let below = members.iter().filter(|(name, _)| *name != "__typename");
                let below = below.flat_map(|(name, value)| self.owners(name, value));
                below.filter_map(|seed| self.parents.borrow().get(&seed).map(|object| object.seed)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn collect<'d>(
        &self,
        document: &'d ExecutableDocument,
        set: &'d SelectionSet,
        object: Object,
        eye: &Eye<'_>,
        fields: &mut IndexMap<Name, Vec<&'d Field>>,
    ) {
        let stands = |directives: &graphql::executable::DirectiveList| {
            directives.iter().all(|directive| {
                let value = match directive.specified_argument_by_name("if").map(|value| value.as_ref()) {
                    Some(Argument::Variable(name)) => (eye.values)(name).unwrap_or(false),
                    Some(value) => value.to_bool().unwrap_or(false),
                    None => return true,
                };
                (directive.name == "skip") != value
            })
        };
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if stands(&field.directives) => {
                    fields.entry(field.response_key().clone()).or_default().push(field);
                }
                Selection::InlineFragment(fragment)
                    if stands(&fragment.directives)
                        && fragment.type_condition.as_ref().is_none_or(|on| self.is_a(object, on, eye)) =>
                {
                    self.collect(document, &fragment.selection_set, object, eye, fields);
                }
                Selection::FragmentSpread(spread) if stands(&spread.directives) => {
                    let fragment = &document.fragments[&spread.fragment_name];
                    if self.is_a(object, &fragment.selection_set.ty, eye) {
                        self.collect(document, &fragment.selection_set, object, eye, fields);
                    }
                }
                _ => {}
            }
        }
    }

    fn is_a(&self, object: Object, condition: &Name, eye: &Eye<'_>) -> bool {
        let Some(&condition) = self.supergraph.type_by_name.get(condition) else { return false };
        if let Some(interface) = eye.interface {
            return condition == interface;
        }
        let possible = match eye.subgraph {
            Some(subgraph) => self.supergraph.ty(condition).join(subgraph).map(|join| &join.possible_types),
            None => Some(&self.supergraph.ty(condition).possible_types),
        };
        condition == object.ty || possible.is_some_and(|possible| possible.contains(object.ty))
    }
}

#[derive(Debug)]
enum Tree {
    Leaf(String),
    Object(Object),
    List(Vec<Tree>),
}
