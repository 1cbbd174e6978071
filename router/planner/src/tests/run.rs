//! Running a plan in a made-up world, and comparing its answer with the world's own: the two are equal, or the plan
//! is wrong.

use federation::query_graph::View;
use federation::{Supergraph, TypeId};
use graphql::executable::Selection as Asked;
use graphql::{ExecutableDocument, Schema, Valid};
use serde_json::{Map, Value, json};

use super::world::{Eye, Object, World};
use crate::QueryPlan;
use crate::plan::{FetchKind, PathSegment, RepresentationMember, Selection, Shape, Source, Target};

/// The member that holds an object's type; no client can use its name.
const TYPE: &str = " type";

pub struct Run<'a> {
    world: World<'a>,
    plan: &'a QueryPlan,
    schemas: &'a [Valid<Schema>],
    /// What the fetch being run may see: the answers that it waits for, and theirs.
    data: Value,
    /// By fetch: its answers, with where they go.
    answers: Vec<Vec<(String, Value)>>,
}

/// Runs a plan; what went wrong otherwise.
pub fn check(
    supergraph: &Supergraph,
    schemas: &[Valid<Schema>],
    plan: &QueryPlan,
    query: &str,
    values: &dyn Fn(&str) -> Option<bool>,
) -> Result<(), String> {
    let world = World::new(supergraph);
    let root = Object { ty: plan.root, seed: 1 };
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query")
        .map_err(|errors| errors.to_string())?;
    let operation = document.operations.iter().next().ok_or("no operation")?;
    let eye = Eye { subgraph: None, interface: None, view: View::default(), representation: None, values };
    let expected = world.run(&document, &[&operation.selection_set], root, &eye)?;
    let mut run = Run { world, plan, schemas, data: Value::Null, answers: Vec::new() };
    for index in 0..plan.fetches.len() {
        let mut seen = vec![false; index];
        for earlier in (0..=index).rev() {
            if earlier == index || seen[earlier] {
                plan.fetches[earlier].after.iter().for_each(|id| seen[id.0 as usize] = true);
            }
        }
        run.see(|earlier| seen[earlier])?;
        run.fetch(index, root).map_err(|error| format!("#{index}: {error}"))?;
    }
    run.see(|_| true)?;
    let answer = run.project(&plan.response, &run.data)?;
    if answer == expected { Ok(()) } else { Err(format!("expected {expected:#}\nanswer {answer:#}")) }
}

impl Run<'_> {
    /// Merges the answers of some fetches.
    fn see(&mut self, is_seen: impl Fn(usize) -> bool) -> Result<(), String> {
        self.data = json!({ TYPE: self.world.supergraph.ty(self.plan.root).name.as_str() });
        for (index, answers) in self.answers.iter().enumerate().filter(|(index, _)| is_seen(*index)) {
            for (position, answer) in answers {
                let at = self.data.pointer_mut(position).ok_or("no position")?;
                merge(self.plan, at, answer, &self.plan.fetches[index].output)?;
            }
        }
        Ok(())
    }

    fn fetch(&mut self, index: usize, root: Object) -> Result<(), String> {
        let fetch = &self.plan.fetches[index];
        let schema = &self.schemas[usize::from(fetch.subgraph.0)];
        let document = match ExecutableDocument::parse(schema, &fetch.document, "fetch") {
            Ok(document) => document,
            Err(with_errors) => with_errors.partial,
        };
        let operation = document.operations.iter().next().ok_or("no operation")?;
        let none = |_: &str| None;
        let eye = Eye {
            subgraph: Some(fetch.subgraph),
            interface: None,
            view: View::default(),
            representation: None,
            values: &none,
        };
        let mut answers = Vec::new();
        match &fetch.kind {
            FetchKind::Root { path } => {
                let answer = self.world.run(&document, &[&operation.selection_set], root, &eye)?;
                answers.extend(self.positions(path).into_iter().map(|position| (position, answer.clone())));
            }
            FetchKind::Entities(entities) => {
                let Some(Asked::Field(asked)) = operation.selection_set.selections.first() else {
                    return Err("no entities asked".to_owned());
                };
                let positions: Vec<String> = entities.paths.iter().flat_map(|path| self.positions(path)).collect();
                for position in positions {
                    let at = self.data.pointer(&position).ok_or("no position")?;
                    let ty = self.type_of(at);
                    let mut fitting = entities.representations.iter().filter(|representation| {
                        representation.types.is_empty() || ty.is_some_and(|ty| representation.types.contains(ty))
                    });
                    let Some(representation) = fitting.next() else {
                        if ty.is_none() {
                            return Err(format!("the type at {position} is not known"));
                        }
                        continue;
                    };
                    let own = at.get(TYPE).and_then(Value::as_str).map(str::to_owned);
                    let name = representation.typename.clone().or(own).ok_or("no type name")?;
                    let mut sent = self.members(&representation.members, at)?;
                    sent.insert("__typename".to_owned(), json!(name));
                    let sent = Value::Object(sent);
                    let object = self.world.entity(&sent)?;
                    let named = self.world.supergraph.type_by_name[name.as_str()];
                    if named != object.ty && !self.world.supergraph.ty(named).possible_types.contains(object.ty) {
                        return Err(format!("{name} for an object of another type"));
                    }
                    self.world.check_key(fetch.subgraph, named, object, &sent)?;
                    let is_interface = self.world.supergraph.is_interface_object(named, fetch.subgraph);
                    let eye =
                        Eye { interface: is_interface.then_some(named), representation: Some(&sent), ..eye.clone() };
                    let answer = self.world.run(&document, &[&asked.selection_set], object, &eye)?;
                    answers.push((position, answer));
                }
            }
        }
        self.answers.push(answers);
        Ok(())
    }

    fn type_of(&self, object: &Value) -> Option<TypeId> {
        let name = object.get(TYPE)?.as_str()?;
        self.world.supergraph.type_by_name.get(name).copied()
    }

    fn members(&self, members: &[RepresentationMember], object: &Value) -> Result<Map<String, Value>, String> {
        let mut sent = Map::new();
        for member in members {
            let value = match member.source {
                None => object.get(TYPE).cloned().ok_or("a type that isn't known")?,
                Some(key) => {
                    let key = &self.plan.keys[key.0 as usize];
                    let value = object.get(key).ok_or(format!("{key} is not known in {object}"))?;
                    self.member(member, value)?
                }
            };
            sent.insert(member.name.clone(), value);
        }
        Ok(sent)
    }

    fn member(&self, member: &RepresentationMember, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::Array(items) => {
                Value::Array(items.iter().map(|item| self.member(member, item)).collect::<Result<_, _>>()?)
            }
            Value::Object(_) => {
                let ty = self.type_of(value);
                let mut sent = Map::new();
                for selection in &member.selection {
                    if selection.types.is_empty() || ty.is_some_and(|ty| selection.types.contains(ty)) {
                        sent.extend(self.members(&selection.members, value)?);
                    }
                }
                Value::Object(sent)
            }
            leaf => leaf.clone(),
        })
    }

    /// The positions at a path, as JSON pointers.
    fn positions(&self, path: &[PathSegment]) -> Vec<String> {
        let mut positions = vec![String::new()];
        for segment in path {
            positions = positions
                .into_iter()
                .flat_map(|position| match segment {
                    PathSegment::Key(key) => {
                        let key = &self.plan.keys[key.0 as usize];
                        self.items(format!("{position}/{}", key.replace('/', "~1")))
                    }
                    PathSegment::Type(types) => {
                        let ty = self.data.pointer(&position).and_then(|object| self.type_of(object));
                        if ty.is_some_and(|ty| types.contains(ty)) { vec![position] } else { Vec::new() }
                    }
                })
                .collect();
        }
        positions
    }

    fn items(&self, position: String) -> Vec<String> {
        match self.data.pointer(&position) {
            Some(Value::Array(items)) => {
                (0..items.len()).flat_map(|index| self.items(format!("{position}/{index}"))).collect()
            }
            Some(Value::Object(_)) => vec![position],
            _ => Vec::new(),
        }
    }

    fn project(&self, shape: &Shape, value: &Value) -> Result<Value, String> {
        match value {
            Value::Array(items) => {
                Ok(Value::Array(items.iter().map(|item| self.project(shape, item)).collect::<Result<_, _>>()?))
            }
            Value::Object(_) => {
                let variant = match shape.variants.as_slice() {
                    [only] => only,
                    several => {
                        let ty = self.type_of(value).ok_or(format!("a type that isn't known: {value}"))?;
                        let mut fitting = several.iter().filter(|variant| variant.types.contains(ty));
                        fitting.next().ok_or("no variant")?
                    }
                };
                let mut object = Map::new();
                for field in &variant.fields {
                    let projected = match field.source {
                        Source::Typename => value.get(TYPE).cloned().ok_or(format!("no type name: {value}"))?,
                        Source::Introspection => continue,
                        Source::Data(key) => {
                            let key = &self.plan.keys[key.0 as usize];
                            let found = value.get(key).ok_or(format!("no {key} in {value}"))?;
                            match &field.selection {
                                Some(below) => self.project(below, found)?,
                                None => found.clone(),
                            }
                        }
                    };
                    object.insert(field.response_key.clone(), projected);
                }
                Ok(Value::Object(object))
            }
            leaf => Ok(leaf.clone()),
        }
    }
}

fn merge(plan: &QueryPlan, into: &mut Value, answer: &Value, selection: &Selection) -> Result<(), String> {
    let Some(object) = into.as_object_mut() else { return Err("no object to merge into".to_owned()) };
    for field in &selection.fields {
        let Some(value) = answer.get(&field.response_key) else { continue };
        let key = match field.target {
            Target::Typename => TYPE,
            Target::Key(key) => plan.keys[key.0 as usize].as_str(),
        };
        match &field.selection {
            None => {
                let known = object.insert(key.to_owned(), value.clone());
                if known.is_some_and(|known| known != *value) {
                    return Err(format!("{key} is overwritten"));
                }
            }
            Some(below) => merge_below(plan, object.entry(key).or_insert(Value::Null), value, below)?,
        }
    }
    Ok(())
}

fn merge_below(plan: &QueryPlan, into: &mut Value, value: &Value, selection: &Selection) -> Result<(), String> {
    match value {
        Value::Array(items) => {
            if into.is_null() {
                *into = Value::Array(vec![Value::Null; items.len()]);
            }
            let Some(known) = into.as_array_mut() else { return Err("a list into no list".to_owned()) };
            if known.len() != items.len() {
                return Err("lists of different length".to_owned());
            }
            known.iter_mut().zip(items).try_for_each(|(into, item)| merge_below(plan, into, item, selection))
        }
        _ => {
            if into.is_null() {
                *into = json!({});
            }
            merge(plan, into, value, selection)
        }
    }
}
