//! What a subgraph's path means: a number in its answer, and steps from there in the merged data.

use graphql::json::Value;
use planner::plan::{Fetch, FetchKind, Selection, Target};

use super::Call;
use crate::path::Step;

/// The number of an object in the answer, and the steps from there.
pub type PlaceInAnswer = (usize, Vec<Step>);

/// The number of the object in the answer, and the steps from there, that a subgraph's path means. `None` if it
/// means nothing in particular.
pub fn place_in_answer(call: &Call, fetch: &Fetch, path: &[Value]) -> Option<PlaceInAnswer> {
    match &fetch.kind {
        FetchKind::Root { .. } => {
            let steps = steps_in(&fetch.output, path)?;
            (!steps.is_empty()).then_some((0, steps))
        }
        FetchKind::Entities(_) => match path {
            [Value::String(entities), Value::Number(number), rest @ ..] if entities == "_entities" => {
                let number = number.parse::<usize>().ok().filter(|number| *number < call.count)?;
                Some((number, steps_in(&fetch.output, rest)?))
            }
            _ => None,
        },
    }
}

/// A subgraph's path as steps in the merged data, as far as the fetch's output goes. `None` if a segment is
/// neither a string nor a position.
fn steps_in(selection: &Selection, path: &[Value]) -> Option<Vec<Step>> {
    let mut selection = Some(selection);
    let mut steps = Vec::with_capacity(path.len());
    let mut ended = false;
    for segment in path {
        match segment {
            Value::Number(number) => {
                let index = number.parse::<u32>().ok()?;
                if !ended {
                    steps.push(Step::Index(index));
                }
            }
            Value::String(name) => {
                let fields = selection.map(|selection| selection.fields.as_slice()).unwrap_or_default();
                match fields.iter().find(|field| field.response_key == *name).map(|field| (field.target, field)) {
                    Some((Target::Key(key), field)) if !ended => {
                        steps.push(Step::Key(key));
                        selection = field.selection.as_ref();
                    }
                    _ => ended = true,
                }
            }
            _ => return None,
        }
    }
    Some(steps)
}
