//! Which values come while subgraphs go wrong: the plan run once more, by the book and on nothing but JSON.
//!
//! It knows neither null propagation nor the response's errors: those are the monolith's, which is told what did not
//! come. The rules are: a fetch that fails brings nothing; an object that lacks a key or what is required is not sent, and
//! gets nothing, but for fields that don't need it; a null of which the subgraph's errors speak has failed, any other is an answer; null never overwrites.

use std::collections::BTreeMap;

use federation::{Supergraph, TypeId, TypeSet};
use indexmap::IndexMap;
use planner::QueryPlan;
use planner::plan::{Fetch, FetchKind, KeyId, PathSegment, Representation, RepresentationMember, Selection, Target};
use serde_json::{Map, Value, json};

use super::monolith::Loss;
use super::reference_contexts::read;
use crate::support::router::Subgraphs;

/// A value that came, or why it didn't.
#[derive(Clone, Debug)]
pub enum Came {
    /// Nothing.
    Null(Loss, Asked),
    /// A leaf as it is.
    Leaf(Value),
    /// A list.
    List(Vec<Came>),
    /// An object.
    Object(Object),
}

/// What was asked below a null: it counts once another subgraph has something there.
type Asked = Vec<Selection>;

/// An object that came.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// Its type, once it is told.
    pub ty: Option<TypeId>,
    /// What came of it.
    pub members: BTreeMap<u32, Came>,
}

/// The run of a plan.
pub struct Run<'a> {
    /// The plan.
    pub plan: &'a QueryPlan,
    /// What it was made for.
    pub supergraph: &'a Supergraph,
    /// The variables' values.
    pub variables: &'a Value,
    /// Who is asked.
    pub subgraphs: &'a Subgraphs<'a>,
}

/// An answer with the paths of its errors.
struct Answer {
    data: Value,
    errors: Vec<Vec<Value>>,
}

impl Answer {
    /// Why what stands at a path is null.
    fn why(&self, path: &[Value]) -> Loss {
        if self.errors.iter().any(|error| error.starts_with(path)) { Loss::Error } else { Loss::Null }
    }
}

impl Run<'_> {
    /// All that comes.
    pub async fn run(&self) -> Came {
        let mut data = Came::Object(Object { ty: Some(self.plan.root), members: BTreeMap::new() });
        for fetch in &self.plan.fetches {
            match &fetch.kind {
                FetchKind::Root { path } => {
                    let answer = self.ask(fetch, None).await;
                    visit(&mut data, std::slice::from_ref(path), &mut |_, object| match &answer {
                        None => fill(object, &fetch.output, Loss::Error),
                        Some(answer) if answer.data.is_null() => fill(object, &fetch.output, answer.why(&[])),
                        Some(answer) => self.take(object, (answer, &answer.data), &fetch.output, &mut Vec::new()),
                    });
                }
                FetchKind::Entities(_) => self.entities(&mut data, fetch).await,
            }
        }
        data
    }

    /// Entities that lack what some fields require are asked the others apart.
    async fn entities(&self, data: &mut Came, fetch: &Fetch) {
        let lacking = self.ask_entities(data, fetch, None).await;
        if fetch.apart.is_empty() {
            self.leave_out(data, fetch, &lacking);
        }
        for part in &fetch.apart {
            let lacking = self.ask_entities(data, part, Some(&lacking)).await;
            self.leave_out(data, part, &lacking);
        }
    }

    /// Asks for the entities at a fetch's paths, or for some of them by their number, and takes what comes. Gives those
    /// that lack what has to be sent.
    async fn ask_entities(&self, data: &mut Came, fetch: &Fetch, only: Option<&Lacking>) -> Lacking {
        let mut lacking = Lacking::new();
        let FetchKind::Entities(entities) = &fetch.kind else { return lacking };
        let read = read(data, entities, self.supergraph);
        let mut groups: IndexMap<String, (Map<String, Value>, Vec<Value>)> = IndexMap::new();
        let mut places = BTreeMap::new();
        visit(data, &entities.paths, &mut |number, object| {
            if only.is_some_and(|only| !only.contains_key(&number)) {
                return;
            }
            let Some(by) = entities.representations.iter().find(|one| fits(&one.types, object)) else { return };
            let values = read.get(number).cloned().unwrap_or(Err(Loss::Error));
            match values.and_then(|values| Ok((values, self.representation(object, by)?))) {
                Ok((values, representation)) => {
                    let key = json!(values).to_string();
                    let (_, sent) = groups.entry(key.clone()).or_insert_with(|| (values, Vec::new()));
                    places.insert(number, (key, sent.len()));
                    sent.push(representation);
                }
                Err(why) => {
                    lacking.insert(number, why);
                }
            }
        });
        let mut answers = BTreeMap::new();
        for (key, (values, sent)) in groups {
            answers.insert(key, self.ask(fetch, Some((&entities.variable, sent, values))).await);
        }
        visit(data, &entities.paths, &mut |number, object| {
            let Some((key, index)) = places.get(&number) else { return };
            let mut path = vec![json!("_entities"), json!(index)];
            match answers.get(key).and_then(Option::as_ref) {
                None => fill(object, &fetch.output, Loss::Error),
                Some(answer) => match &answer.data["_entities"][*index] {
                    Value::Null => fill(object, &fetch.output, answer.why(&path)),
                    entity => self.take(object, (answer, entity), &fetch.output, &mut path),
                },
            }
        });
        lacking
    }

    /// Notes that nothing comes to those who lack something.
    fn leave_out(&self, data: &mut Came, fetch: &Fetch, lacking: &Lacking) {
        let FetchKind::Entities(entities) = &fetch.kind else { return };
        visit(data, &entities.paths, &mut |number, object| {
            if let Some(why) = lacking.get(&number) {
                fill(object, &fetch.output, *why);
            }
        });
    }

    fn representation(&self, object: &Object, by: &Representation) -> Result<Value, Loss> {
        let name = by.typename.clone().or_else(|| Some(self.supergraph.ty(object.ty?).name.to_string()));
        let mut members = self.members(object, &by.members)?;
        members.insert("__typename".to_owned(), json!(name.ok_or(Loss::Error)?));
        Ok(Value::Object(members))
    }

    async fn ask(&self, fetch: &Fetch, sent: Option<(&String, Vec<Value>, Map<String, Value>)>) -> Option<Answer> {
        let mut variables = Map::new();
        for name in &fetch.variables {
            variables.extend(self.variables.get(name).map(|value| (name.clone(), value.clone())));
        }
        if let Some((name, representations, read)) = sent {
            variables.insert(name.clone(), Value::Array(representations));
            variables.extend(read);
        }
        let body = json!({ "query": fetch.document, "variables": variables }).to_string();
        let name = &self.supergraph.subgraph(fetch.subgraph).name;
        let bytes = self.subgraphs.answer(name, body.as_bytes()).await.ok()?;
        let answer: Value = serde_json::from_slice(&bytes).ok()?;
        let paths = |error: &Value| error["path"].as_array().cloned().unwrap_or_default();
        let errors = answer["errors"].as_array().map(|errors| errors.iter().map(paths).collect()).unwrap_or_default();
        let errors: Vec<Vec<Value>> = errors;
        let refused = answer["data"].is_null() && !errors.is_empty();
        (!refused).then(|| Answer { data: answer["data"].clone(), errors })
    }

    /// Takes an answer's object into what is known of it.
    fn take(&self, object: &mut Object, (answer, given): (&Answer, &Value), output: &Selection, path: &mut Vec<Value>) {
        for field in &output.fields {
            let Some(value) = given.get(&field.response_key) else { continue };
            let key = match field.target {
                Target::Typename => {
                    let ty = value.as_str().and_then(|name| self.supergraph.type_by_name.get(name).copied());
                    let ty = ty.filter(|&ty| self.supergraph.ty(ty).kind == federation::supergraph::TypeKind::Object);
                    object.ty = object.ty.or(ty);
                    continue;
                }
                Target::Key(key) => key,
            };
            path.push(json!(field.response_key));
            let came = self.came((answer, value), field.selection.as_ref(), path);
            path.pop();
            match object.members.get_mut(&key.0) {
                Some(known) => merge(known, came),
                None => {
                    object.members.insert(key.0, came);
                }
            }
        }
    }

    fn came(&self, (answer, value): (&Answer, &Value), selection: Option<&Selection>, path: &mut Vec<Value>) -> Came {
        match (value, selection) {
            (Value::Null, _) => Came::Null(answer.why(path), selection.cloned().into_iter().collect()),
            (Value::Array(items), Some(_)) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    path.push(json!(index));
                    let came = self.came((answer, item), selection, path);
                    path.pop();
                    came
                });
                Came::List(items.collect())
            }
            (Value::Object(_), Some(selection)) => {
                let mut object = Object::default();
                self.take(&mut object, (answer, value), selection, path);
                Came::Object(object)
            }
            // Nulls within lists of leaves were told apart by nobody but their errors.
            (leaf, _) => Came::Leaf(leaf.clone()),
        }
    }

    fn members(&self, object: &Object, members: &[RepresentationMember]) -> Result<Map<String, Value>, Loss> {
        let mut sent = Map::new();
        for member in members {
            let value = match member.source {
                None => json!(self.supergraph.ty(object.ty.ok_or(Loss::Error)?).name.as_str()),
                Some(KeyId(key)) => match object.members.get(&key).ok_or(Loss::Error)? {
                    Came::Null(Loss::Null, _) if member.required => return Err(Loss::Null),
                    came => self.member(came, member)?,
                },
            };
            sent.insert(member.name.clone(), value);
        }
        Ok(sent)
    }

    fn member(&self, came: &Came, member: &RepresentationMember) -> Result<Value, Loss> {
        Ok(match came {
            Came::Null(Loss::Error, _) => return Err(Loss::Error),
            Came::Null(Loss::Null, _) => Value::Null,
            Came::Leaf(leaf) => leaf.clone(),
            Came::List(items) => items.iter().map(|item| self.member(item, member)).collect::<Result<_, _>>()?,
            Came::Object(object) => {
                let selection = match member.selection.as_slice() {
                    [only] if object.ty.is_none() => Some(only),
                    several => several.iter().find(|one| fits(&one.types, object)),
                };
                Value::Object(self.members(object, selection.map(|one| one.members.as_slice()).unwrap_or_default())?)
            }
        })
    }
}

/// The entities that lack what has to be sent of them, by their number, and why.
type Lacking = BTreeMap<usize, Loss>;

/// Whether an object is of one of some types; no types are any.
fn fits(types: &TypeSet, object: &Object) -> bool {
    types.is_empty() || object.ty.is_some_and(|ty| types.contains(ty))
}

/// Visits the objects at paths with their numbers, always in the same order.
fn visit(data: &mut Came, paths: &[Vec<PathSegment>], found: &mut impl FnMut(usize, &mut Object)) {
    let mut number = 0;
    for path in paths {
        descend(data, path, &mut |object| {
            found(number, object);
            number += 1;
        });
    }
}

fn descend(at: &mut Came, path: &[PathSegment], found: &mut impl FnMut(&mut Object)) {
    match (at, path.split_first()) {
        (Came::List(items), _) => items.iter_mut().for_each(|item| descend(item, path, found)),
        (Came::Object(object), None) => found(object),
        (Came::Object(object), Some((PathSegment::Key(key), rest))) => {
            if let Some(member) = object.members.get_mut(&key.0) {
                descend(member, rest, found);
            }
        }
        (Came::Object(object), Some((PathSegment::Type(types), rest))) => {
            if object.ty.is_some_and(|ty| types.contains(ty)) {
                // The same object, one segment further.
                let mut same = Came::Object(std::mem::take(object));
                descend(&mut same, rest, found);
                if let Came::Object(same) = same {
                    *object = same;
                }
            }
        }
        (Came::Null(..) | Came::Leaf(_), _) => {}
    }
}

/// Notes that a fetch's output did not come.
fn fill(object: &mut Object, output: &Selection, why: Loss) {
    for field in &output.fields {
        let Target::Key(KeyId(key)) = field.target else { continue };
        match object.members.get_mut(&key) {
            None => {
                object.members.insert(key, Came::Null(why, field.selection.iter().cloned().collect()));
            }
            Some(known) => fill_below(known, field.selection.as_ref(), why),
        }
    }
}

fn fill_below(known: &mut Came, selection: Option<&Selection>, why: Loss) {
    match (known, selection) {
        (Came::Null(known, asked), _) => {
            *known = worse(*known, why);
            asked.extend(selection.cloned());
        }
        (Came::List(items), _) => items.iter_mut().for_each(|item| fill_below(item, selection, why)),
        (Came::Object(object), Some(selection)) => fill(object, selection, why),
        _ => {}
    }
}

/// What failed has an error, even if somebody says that it is null.
fn worse(a: Loss, b: Loss) -> Loss {
    if a == Loss::Error { a } else { b }
}

fn merge(known: &mut Came, came: Came) {
    match (known, came) {
        (Came::Null(known, asked), Came::Null(why, more)) => {
            *known = worse(*known, why);
            asked.extend(more);
        }
        (known, Came::Null(why, asked)) => asked.iter().for_each(|asked| fill_below(known, Some(asked), why)),
        (known @ Came::Null(..), mut came) => {
            if let Came::Null(why, asked) = known {
                asked.iter().for_each(|asked| fill_below(&mut came, Some(asked), *why));
            }
            *known = came;
        }
        (Came::List(known), Came::List(came)) if known.len() == came.len() => {
            known.iter_mut().zip(came).for_each(|(known, came)| merge(known, came));
        }
        (Came::Object(known), Came::Object(came)) => {
            known.ty = known.ty.or(came.ty);
            for (key, came) in came.members {
                match known.members.get_mut(&key) {
                    Some(known) => merge(known, came),
                    None => {
                        known.members.insert(key, came);
                    }
                }
            }
        }
        _ => {}
    }
}
