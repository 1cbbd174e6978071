//! Reading contexts: the values that ancestors of entities give for arguments, and who has the same ones.
//!
//! Entities with equal values are asked together, whatever ancestors they have them from. Null is never sent for what
//! the subgraph types as non-null: such an entity can't be asked, like one without all that is required.

use std::hash::RandomState;
use std::ops::ControlFlow;

use federation::Supergraph;
use federation::supergraph::FieldType;
use indexmap::IndexMap;
use planner::plan::{ContextSource, ContextualArgument, Entities, RepresentationMember, RepresentationSelection};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::null::{Null, Reason};
use crate::path::{Step, visit_places};
use crate::sent::{self, Lack, selected, type_name, write_list, write_name};
use crate::store::{Node, NodeId, Object, ObjectType, Store};

/// Entities that are given the same values.
#[derive(Debug, Default)]
pub struct Group {
    /// By contextual argument: its value in JSON.
    pub values: Vec<Vec<u8>>,
    /// The entities, in the order of the data.
    pub objects: Vec<NodeId>,
}

/// All entities that one fetch may ask for.
#[derive(Debug, Default)]
pub struct Groups {
    /// In the order of the data.
    pub groups: Vec<Group>,
    /// Entities that lack a value.
    pub incomplete: Vec<(NodeId, Lack)>,
}

/// Groups some of the objects that a fetch is for by what is read from contexts for them. The values take of the room that
/// there is in bytes; who finds none lacks its values.
pub fn groups(
    (store, supergraph): (&Store<'_>, &Supergraph),
    entities: &Entities,
    objects: &[NodeId],
    room: &mut usize,
) -> Groups {
    let mut reader = Reader { store, supergraph, room };
    let mut wanted: FxHashSet<NodeId> = objects.iter().copied().collect();
    // Ancestors give many entities the same: they are read once.
    let mut by_setters: FxHashMap<Vec<Setter>, Result<usize, Lack>> = FxHashMap::default();
    // Subgraphs choose the values, so their hash is keyed.
    let mut by_values: IndexMap<Vec<Vec<u8>>, Vec<NodeId>, RandomState> = IndexMap::default();
    let mut incomplete = Vec::new();
    let mut found = |node, steps: &[Step]| {
        if !wanted.remove(&node) {
            return ControlFlow::Continue(());
        }
        let above = above(store, steps);
        let setters = entities.contexts.iter().map(|argument| setter(store, argument, &above)).collect();
        let group = *by_setters.entry(setters).or_insert_with_key(|setters| {
            let values = entities.contexts.iter().zip(setters).map(|(argument, setter)| reader.value(argument, setter));
            let values = values.collect::<Result<Vec<Vec<u8>>, Lack>>()?;
            let entry = by_values.entry(values);
            let index = entry.index();
            entry.or_default();
            Ok(index)
        });
        match group.map(|group| by_values.get_index_mut(group)) {
            Ok(group) => group.into_iter().for_each(|(_, objects)| objects.push(node)),
            Err(reason) => incomplete.push((node, reason)),
        }
        ControlFlow::Continue(())
    };
    for path in &entities.paths {
        visit_places(store, path, 1, &mut found);
    }
    let groups = by_values.into_iter().map(|(values, objects)| Group { values, objects }).collect();
    Groups { groups, incomplete }
}

/// Who sets an argument's context, and how far up it stands; `None` if nobody does.
type Setter = Option<(NodeId, u32)>;

/// The objects on the way to an entity, nearest first.
fn above(store: &Store<'_>, steps: &[Step]) -> Vec<NodeId> {
    let mut above = Vec::with_capacity(steps.len());
    let mut at = store.root();
    for step in steps {
        if store.object(at).is_some() {
            above.push(at);
        }
        let Some(next) = store.below(at, *step) else { break };
        at = next;
    }
    above.reverse();
    above
}

struct Reader<'s> {
    store: &'s Store<'s>,
    supergraph: &'s Supergraph,
    /// Bytes that values may still take.
    room: &'s mut usize,
}

impl Reader<'_> {
    /// The value of an argument that an object sets.
    fn value(&mut self, argument: &ContextualArgument, setter: &Setter) -> Result<Vec<u8>, Lack> {
        let mut out = Vec::new();
        let set = setter.and_then(|(node, up)| {
            let object = self.store.object(node)?;
            Some((object, source(argument, up, object)?))
        });
        match set.and_then(|(object, source)| Some((object, source.value.as_ref()?))) {
            Some((object, member)) => self.member(object, member, &argument.ty, &mut out)?,
            None => null(&argument.ty, &mut out)?,
        }
        *self.room = self.room.checked_sub(out.len()).ok_or(Lack::Failed)?;
        Ok(out)
    }

    fn member(
        &self,
        object: &Object,
        member: &RepresentationMember,
        ty: &FieldType,
        out: &mut Vec<u8>,
    ) -> Result<(), Lack> {
        let Some(source) = member.source else {
            write_name(type_name(self.supergraph, object)?, out);
            return Ok(());
        };
        self.leaf(sent::member(self.store, object, source)?, &member.selection, ty, out)
    }

    /// The leaf below a value: what is read has one member on each level. Recursion is bounded by the depth of answers.
    fn leaf(
        &self,
        node: NodeId,
        selection: &[RepresentationSelection],
        ty: &FieldType,
        out: &mut Vec<u8>,
    ) -> Result<(), Lack> {
        match self.store.node(node) {
            Node::Null(Null { reason: Reason::Failed(_), .. }) => Err(Lack::Failed),
            Node::Null(Null { reason: Reason::Answered, .. }) => null(ty, out),
            Node::Leaf(leaf) => {
                out.extend_from_slice(self.store.text(*leaf));
                Ok(())
            }
            &Node::Array { start, len, .. } => {
                let item = match ty {
                    FieldType::List { item, .. } => item,
                    FieldType::Named { .. } => ty,
                };
                write_list(self.store, (start, len), out, |node, out| self.leaf(node, selection, item, out))
            }
            Node::Object(object) => match selected(object, selection).and_then(|one| one.members.first()) {
                Some(member) => self.member(object, member, ty, out),
                None => null(ty, out),
            },
        }
    }
}

/// The nearest object that sets an argument's context.
fn setter(store: &Store<'_>, argument: &ContextualArgument, above: &[NodeId]) -> Setter {
    let mut above = (1..).zip(above.iter().copied());
    let found =
        above.find(|(up, node)| store.object(*node).is_some_and(|object| source(argument, *up, object).is_some()));
    found.map(|(up, node)| (node, up))
}

/// Where an argument is read of an object so far up, if that sets its context.
fn source<'a>(argument: &'a ContextualArgument, up: u32, object: &Object) -> Option<&'a ContextSource> {
    let fits = |source: &&ContextSource| match object.ty {
        _ if source.up != up => false,
        ObjectType::Known(ty) => source.types.is_empty() || source.types.contains(ty),
        _ => source.types.is_empty(),
    };
    argument.sources.iter().find(fits)
}

fn null(ty: &FieldType, out: &mut Vec<u8>) -> Result<(), Lack> {
    if ty.is_non_null() {
        // Nothing says why the field that needs it is not asked, unless an error does.
        return Err(Lack::Failed);
    }
    out.extend_from_slice(b"null");
    Ok(())
}
