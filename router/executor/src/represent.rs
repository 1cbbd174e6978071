//! Writing representations straight into request bodies.
//!
//! Equal representations are sent once; which object gets which answer is remembered. An object whose key (or
//! required value) is missing gets none, and no request is made when none is left.

use std::ops::Range;

use ahash::RandomState;
use federation::Supergraph;
use hashbrown::HashTable;
use planner::plan::{Representation, RepresentationMember, RepresentationSelection};

use crate::null::{Null, Reason};
use crate::sent::{self, Lack, selected, type_name, write_list, write_name};
use crate::store::{Node, NodeId, Object, ObjectType, Store};

/// The representations of one request.
#[derive(Debug, Default)]
pub struct Batch {
    /// The representations, with commas between them and no brackets.
    pub text: Vec<u8>,
    /// How many they are.
    pub count: usize,
    /// The objects that get an answer, each with its representation's number.
    pub positions: Vec<(NodeId, usize)>,
}

/// All that is asked for by one fetch.
#[derive(Debug, Default)]
pub struct Represented {
    /// None if nothing is to be asked.
    pub batches: Vec<Batch>,
    /// Objects that are of a listed type but lack what a representation needs, and why they lack it.
    pub incomplete: Vec<(NodeId, Lack)>,
}

/// So many bytes are written at a time, those included that turn out to be sent already or to be too long: a second's work.
/// What was brought once can stand in the text of many objects, and several times in each.
const WRITTEN_MAX: usize = 1 << 30;

/// Writes the representations of objects, in batches of so many at most. They take of the room that there is in bytes, as
/// values that came once can be asked for at many objects. Who finds none counts as incomplete.
pub fn represent(
    (store, supergraph): (&Store<'_>, &Supergraph),
    representations: &[Representation],
    objects: &[NodeId],
    batch_max: usize,
    room: &mut usize,
) -> Represented {
    let (mut longest, mut unwritten) = (0, WRITTEN_MAX);
    let mut known = Known::default();
    let mut represented = Represented::default();
    let mut text = Vec::new();
    for &id in objects {
        let Some(object) = store.object(id) else { continue };
        let fits = |representation: &&Representation| match object.ty {
            ObjectType::Known(ty) => representation.types.is_empty() || representation.types.contains(ty),
            _ => representation.types.is_empty(),
        };
        let Some(representation) = representations.iter().find(fits) else { continue };
        text.clear();
        // One that was sent already takes no room.
        let bytes_max = longest.max(*room).min(unwritten);
        let written = Writer { store, supergraph, bytes_max }.representation(object, representation, &mut text);
        unwritten = unwritten.saturating_sub(text.len());
        if let Err(reason) = written {
            represented.incomplete.push((id, reason));
            continue;
        }
        let hash = known.hasher.hash_one(&text);
        let (batch, number) = match known.find(&represented.batches, (hash, &text)) {
            Some(place) => place,
            None if text.len() > *room => {
                represented.incomplete.push((id, Lack::Failed));
                continue;
            }
            None => {
                *room -= text.len();
                longest = longest.max(text.len());
                let place = append(&mut represented.batches, &text, batch_max.max(1));
                let found = (place.batch, place.number);
                known.places.insert_unique(hash, (hash, place), |(hash, _)| *hash);
                found
            }
        };
        if let Some(batch) = represented.batches.get_mut(batch) {
            batch.positions.push((id, number));
        }
    }
    represented
}

#[derive(Debug)]
struct Place {
    batch: usize,
    number: usize,
    span: Range<usize>,
}

/// Representations already written, each with the hash of its text. Subgraphs choose the texts, so the hash is keyed.
#[derive(Default)]
struct Known {
    hasher: RandomState,
    places: HashTable<(u64, Place)>,
}

impl Known {
    fn find(&self, batches: &[Batch], (hash, text): (u64, &[u8])) -> Option<(usize, usize)> {
        let text_of = |place: &Place| batches.get(place.batch)?.text.get(place.span.clone());
        let found = self.places.find(hash, |(_, place)| text_of(place) == Some(text));
        found.map(|(_, place)| (place.batch, place.number))
    }
}

fn append(batches: &mut Vec<Batch>, text: &[u8], batch_max: usize) -> Place {
    if batches.last().is_none_or(|batch| batch.count >= batch_max) {
        batches.push(Batch::default());
    }
    let index = batches.len() - 1;
    let Some(batch) = batches.last_mut() else { return Place { batch: index, number: 0, span: 0..0 } };
    if batch.count > 0 {
        batch.text.push(b',');
    }
    let start = batch.text.len();
    batch.text.extend_from_slice(text);
    batch.count += 1;
    Place { batch: index, number: batch.count - 1, span: start..batch.text.len() }
}

struct Writer<'a> {
    store: &'a Store<'a>,
    supergraph: &'a Supergraph,
    /// Beyond so many bytes lists are not gone on with.
    bytes_max: usize,
}

/// An error from any of these: something that is needed is null or missing, or there is too much of it.
impl Writer<'_> {
    fn representation(&self, object: &Object, by: &Representation, out: &mut Vec<u8>) -> Result<(), Lack> {
        out.extend_from_slice(b"{\"__typename\":");
        match &by.typename {
            Some(name) => write_name(name, out),
            None => write_name(type_name(self.supergraph, object)?, out),
        }
        for member in &by.members {
            // The type name stands first already.
            if member.name == "__typename" {
                continue;
            }
            out.push(b',');
            self.member(object, member, out)?;
        }
        out.push(b'}');
        Ok(())
    }

    fn members(&self, object: &Object, members: &[RepresentationMember], out: &mut Vec<u8>) -> Result<(), Lack> {
        out.push(b'{');
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            self.member(object, member, out)?;
        }
        out.push(b'}');
        Ok(())
    }

    fn member(&self, object: &Object, member: &RepresentationMember, out: &mut Vec<u8>) -> Result<(), Lack> {
        write_name(&member.name, out);
        out.push(b':');
        let Some(source) = member.source else {
            write_name(type_name(self.supergraph, object)?, out);
            return Ok(());
        };
        let value = sent::member(self.store, object, source)?;
        match self.store.node(value) {
            Node::Null(Null { reason: Reason::Failed(_), .. }) => return Err(Lack::Failed),
            Node::Null(Null { reason: Reason::Answered, .. }) if member.required => return Err(Lack::Null),
            _ => {}
        }
        self.value(value, &member.selection, out)
    }

    fn value(&self, node: NodeId, selection: &[RepresentationSelection], out: &mut Vec<u8>) -> Result<(), Lack> {
        match self.store.node(node) {
            Node::Null(Null { reason: Reason::Failed(_), .. }) => return Err(Lack::Failed),
            Node::Null(Null { reason: Reason::Answered, .. }) => out.extend_from_slice(b"null"),
            Node::Leaf(leaf) => out.extend_from_slice(self.store.text(*leaf)),
            &Node::Array { start, len, .. } => {
                write_list(self.store, (start, len), out, |item, out| {
                    if out.len() > self.bytes_max { Err(Lack::Failed) } else { self.value(item, selection, out) }
                })?;
            }
            Node::Object(object) => {
                let members = selected(object, selection).map(|selection| selection.members.as_slice());
                self.members(object, members.unwrap_or_default(), out)?;
            }
        }
        Ok(())
    }
}
