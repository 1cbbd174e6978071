//! How entities are asked that lack what some of the fields require: those fields apart from the others.
//!
//! One representation holds what all fields of a request require. Where one such value has failed, the entity can't be
//! represented so; the fields that don't need it must come all the same, as they would if they were asked alone. It is
//! the same with values that are read from contexts.

use std::collections::BTreeSet;

use super::document::{self, Only};
use super::{Keys, Unnamed};
use crate::PlanError;
use crate::draft::{Draft, Reading, RequestId, Used};
use crate::operation::NodeId;

/// Fields of more different requirements than this fail together: each costs a document in the plan.
const PARTS_MAX: usize = 8;

/// What a field takes besides a key: what it requires, and what its arguments are read from.
type Needs<'d> = (BTreeSet<NodeId>, &'d [Reading]);

/// Writes a request in parts, one for each combination of requirements; none if all fields have the same.
pub fn write(draft: &Draft<'_>, used: &Used, keys: &mut Keys, id: RequestId) -> Result<Vec<Unnamed>, PlanError> {
    let request = draft.state.request(id);
    let entries = &draft.state.source(request.top).entries;
    let is_given_more = request.inputs.iter().any(|input| !input.requires.is_empty())
        || entries.iter().any(|entry| !entry.readings.is_empty());
    if !is_given_more {
        return Ok(Vec::new());
    }
    let mut parts: Vec<(Needs<'_>, Vec<usize>)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if used.entries.contains(&(request.top, index)) {
            let types = entry.types.iter().map(|ty| request.via.unwrap_or(ty));
            let requires = types.flat_map(|ty| draft.requirement(ty, &entry.call.name, request.subgraph));
            let needs = (requires.collect(), entry.readings.as_slice());
            match parts.iter_mut().find(|(known, _)| *known == needs) {
                Some((_, entries)) => entries.push(index),
                None => parts.push((needs, vec![index])),
            }
        }
    }
    if parts.len() < 2 || parts.len() > PARTS_MAX {
        return Ok(Vec::new());
    }
    let part = |((requires, _), entries): &(Needs<'_>, Vec<usize>)| {
        document::write(draft, used, keys, id, Some(Only { entries, requires }))
    };
    parts.iter().map(part).collect()
}
