//! How entities are asked that lack what some of the fields require: those fields apart from the others.
//!
//! One representation holds what all fields of a request require. Where one such value has failed, the entity can't be
//! represented so; the fields that don't need it must come all the same, as they would if they were asked alone.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::document::{self, Only};
use super::{Keys, Unnamed};
use crate::PlanError;
use crate::draft::{Draft, RequestId, Used};
use crate::operation::NodeId;

/// Fields of more different requirements than this fail together: each costs a document in the plan.
const PARTS_MAX: usize = 8;

/// Writes a request in parts, one for each combination of requirements; none if all fields have the same.
pub fn write(draft: &Draft<'_>, used: &Used, keys: &mut Keys, id: RequestId) -> Result<Vec<Unnamed>, PlanError> {
    let request = draft.state.request(id);
    if request.inputs.iter().all(|input| input.requires.is_empty()) {
        return Ok(Vec::new());
    }
    let mut parts: IndexMap<BTreeSet<NodeId>, Vec<usize>> = IndexMap::new();
    for (index, entry) in draft.state.source(request.top).entries.iter().enumerate() {
        if used.entries.contains(&(request.top, index)) {
            let types = entry.types.iter().map(|ty| request.via.unwrap_or(ty));
            let requires = types.filter_map(|ty| draft.requirement(ty, &entry.call.name, request.subgraph));
            parts.entry(requires.collect()).or_default().push(index);
        }
    }
    if parts.len() < 2 || parts.len() > PARTS_MAX {
        return Ok(Vec::new());
    }
    let part = |(requires, entries): (&BTreeSet<NodeId>, &Vec<usize>)| {
        document::write(draft, used, keys, id, Some(Only { entries, requires }))
    };
    parts.iter().map(part).collect()
}
