//! Finding the record that a representation names, by any resolvable key of its type.

use graphql::executable::{Selection, SelectionSet};
use serde_json::{Map, Value};

use super::dataset::{Dataset, Record, key_text};
use super::subgraph_schema::SubgraphSchema;

/// The record; `None` if the subgraph has none.
///
/// # Errors
/// What is wrong with the representation: no such entity type here, or not one whole key.
pub fn find<'a>(
    schema: &SubgraphSchema,
    dataset: &'a Dataset,
    representation: &Value,
) -> Result<Option<Record<'a>>, String> {
    let ty = representation["__typename"].as_str().ok_or_else(|| format!("{representation} has no __typename"))?;
    let keys = schema.keys.get(ty).ok_or_else(|| format!("{ty} has no resolvable key here"))?;
    let mut whole = keys.iter().filter(|key| is_whole(&key.selection_set, representation)).peekable();
    if whole.peek().is_none() {
        return Err(format!("{representation} has no whole key of {ty}"));
    }
    let found = whole.find_map(|key| {
        let types = dataset.records.iter().filter(|(candidate, _)| schema.is_of(candidate, ty));
        let mut records =
            types.flat_map(|(ty, records)| records.iter().map(move |(name, members)| (ty, name, members)));
        records.find(|(_, _, members)| matches(dataset, &key.selection_set, members, representation))
    });
    Ok(found.map(|(ty, name, members)| (ty.as_str(), name.as_str(), members)))
}

/// Whether a representation has all members of a key, none of them null.
fn is_whole(key: &SelectionSet, representation: &Value) -> bool {
    match representation {
        Value::Array(items) => items.iter().all(|item| is_whole(key, item)),
        Value::Null => false,
        _ => key.selections.iter().all(|selection| match selection {
            Selection::Field(field) => {
                representation.get(field.name.as_str()).is_some_and(|value| is_whole(&field.selection_set, value))
            }
            Selection::InlineFragment(fragment) => is_whole(&fragment.selection_set, representation),
            Selection::FragmentSpread(_) => false,
        }),
    }
}

fn matches(dataset: &Dataset, key: &SelectionSet, members: &Map<String, Value>, representation: &Value) -> bool {
    key.selections.iter().all(|selection| match selection {
        // The type is the right one by now.
        Selection::Field(field) if field.name == "__typename" => true,
        Selection::Field(field) => {
            let (own, given) = (members.get(field.name.as_str()), &representation[field.name.as_str()]);
            own.is_some_and(|own| value_matches(dataset, &field.selection_set, own, given))
        }
        Selection::InlineFragment(fragment) => matches(dataset, &fragment.selection_set, members, representation),
        Selection::FragmentSpread(_) => false,
    })
}

fn value_matches(dataset: &Dataset, key: &SelectionSet, own: &Value, given: &Value) -> bool {
    match (own, given) {
        (Value::Array(own), Value::Array(given)) => {
            own.len() == given.len()
                && own.iter().zip(given).all(|(own, given)| value_matches(dataset, key, own, given))
        }
        (Value::Object(_), Value::Object(_)) => {
            dataset.members(own).is_some_and(|members| matches(dataset, key, members, given))
        }
        (own, given) => !own.is_null() && key_text(own) == key_text(given),
    }
}
