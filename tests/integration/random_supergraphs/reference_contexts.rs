//! What a fetch reads from contexts, by the book: for each of its objects, of the nearest ancestor that the plan names.

use federation::Supergraph;
use federation::supergraph::FieldType;
use planner::plan::{ContextualArgument, Entities, KeyId, PathSegment, RepresentationMember};
use serde_json::{Map, Value, json};

use super::monolith::Loss;
use super::reference_run::{Came, Object};

/// The variables for one object, or why it has none.
pub type Read = Result<Map<String, Value>, Loss>;

/// The variables for the objects at a fetch's paths, in their order.
pub fn read(data: &Came, entities: &Entities, supergraph: &Supergraph) -> Vec<Read> {
    let mut all = Vec::new();
    for path in &entities.paths {
        descend(data, path, &mut Vec::new(), &mut |above| {
            let variables = entities
                .contexts
                .iter()
                .map(|argument| Ok((argument.variable.clone(), value(argument, above, supergraph)?)));
            all.push(variables.collect());
        });
    }
    all
}

fn descend<'c>(at: &'c Came, path: &[PathSegment], above: &mut Vec<&'c Object>, found: &mut impl FnMut(&[&'c Object])) {
    match (at, path.split_first()) {
        (Came::List(items), _) => items.iter().for_each(|item| descend(item, path, above, found)),
        (Came::Object(_), None) => found(above),
        (Came::Object(object), Some((PathSegment::Key(key), rest))) => {
            above.push(object);
            if let Some(member) = object.members.get(&key.0) {
                descend(member, rest, above, found);
            }
            above.pop();
        }
        (Came::Object(object), Some((PathSegment::Type(types), rest))) => {
            if object.ty.is_some_and(|ty| types.contains(ty)) {
                descend(at, rest, above, found);
            }
        }
        (Came::Null(..) | Came::Leaf(_), _) => {}
    }
}

fn value(argument: &ContextualArgument, above: &[&Object], supergraph: &Supergraph) -> Result<Value, Loss> {
    for (up, object) in (1..).zip(above.iter().rev()) {
        let fits = |types: &federation::TypeSet| types.is_empty() || object.ty.is_some_and(|ty| types.contains(ty));
        if let Some(source) = argument.sources.iter().find(|source| source.up == up && fits(&source.types)) {
            let value = match &source.value {
                Some(member) => member_value(object, member, supergraph)?,
                None => Value::Null,
            };
            return if is_allowed(&value, &argument.ty) { Ok(value) } else { Err(Loss::Error) };
        }
    }
    if argument.ty.is_non_null() { Err(Loss::Error) } else { Ok(Value::Null) }
}

fn is_allowed(value: &Value, ty: &FieldType) -> bool {
    match (value, ty) {
        (Value::Null, ty) => !ty.is_non_null(),
        (Value::Array(items), FieldType::List { item, .. }) => items.iter().all(|value| is_allowed(value, item)),
        _ => true,
    }
}

fn member_value(object: &Object, member: &RepresentationMember, supergraph: &Supergraph) -> Result<Value, Loss> {
    match member.source {
        None => Ok(json!(supergraph.ty(object.ty.ok_or(Loss::Error)?).name.as_str())),
        Some(KeyId(key)) => leaf(object.members.get(&key).ok_or(Loss::Error)?, member, supergraph),
    }
}

fn leaf(came: &Came, member: &RepresentationMember, supergraph: &Supergraph) -> Result<Value, Loss> {
    Ok(match came {
        Came::Null(Loss::Error, _) => return Err(Loss::Error),
        Came::Null(Loss::Null, _) => Value::Null,
        Came::Leaf(leaf) => leaf.clone(),
        Came::List(items) => items.iter().map(|item| leaf(item, member, supergraph)).collect::<Result<_, _>>()?,
        Came::Object(object) => {
            let fits = |types: &federation::TypeSet| types.is_empty() || object.ty.is_some_and(|ty| types.contains(ty));
            let below = member.selection.iter().find(|one| fits(&one.types)).and_then(|one| one.members.first());
            below.map_or(Ok(Value::Null), |below| member_value(object, below, supergraph))?
        }
    })
}
