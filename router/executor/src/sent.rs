//! What of the merged data is sent to subgraphs, as representations and as values from contexts alike.

use federation::Supergraph;
use planner::plan::{KeyId, RepresentationSelection};

use crate::store::{NodeId, Object, ObjectType, Store};

/// Why an object lacks what has to be sent of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// It is null, by the word of a subgraph.
    Null,
    /// Getting it failed.
    Failed,
}

/// The member of a key. What is absent although asked for is a fault.
pub fn member(store: &Store<'_>, object: &Object, key: KeyId) -> Result<NodeId, Lack> {
    store.member(object, key).ok_or(Lack::Failed)
}

/// The name of an object's concrete type.
pub fn type_name<'s>(supergraph: &'s Supergraph, object: &Object) -> Result<&'s str, Lack> {
    let ObjectType::Known(ty) = object.ty else { return Err(Lack::Failed) };
    supergraph.types.get(ty.0 as usize).map(|ty| ty.name.as_str()).ok_or(Lack::Failed)
}

/// Writes a name, which needs no escapes, as a JSON string.
pub fn write_name(name: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.push(b'"');
}

/// What is sent of a nested object, by its type.
pub fn selected<'r>(object: &Object, selection: &'r [RepresentationSelection]) -> Option<&'r RepresentationSelection> {
    selection.iter().find(|one| match object.ty {
        ObjectType::Known(ty) => one.types.is_empty() || one.types.contains(ty),
        _ => one.types.is_empty() || selection.len() == 1,
    })
}

/// Writes a list, each of its items by itself.
pub fn write_list(
    store: &Store<'_>,
    (start, len): (u32, u32),
    out: &mut Vec<u8>,
    mut write: impl FnMut(NodeId, &mut Vec<u8>) -> Result<(), Lack>,
) -> Result<(), Lack> {
    out.push(b'[');
    for (index, item) in store.items(start, len).iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(*item, out)?;
    }
    out.push(b']');
    Ok(())
}
