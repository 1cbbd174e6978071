//! The shape of the response: the operation by concrete type, each member with its key in the merged data, and the
//! parts in which it comes.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use super::Keys;
use crate::draft::{Draft, PlaceId, RequestId};
use crate::operation::{self, DeferredId, NodeId, Selected, What};
use crate::plan::{Block, BlockId, Deferred, GroupId, ResponseKey, Shape, ShapeField, Source, Variant};

/// The shape with its parts.
#[derive(Debug, Default)]
pub struct Response {
    /// The shape.
    pub shape: Shape,
    /// The later parts; what they need is yet to be numbered.
    pub blocks: Vec<Block>,
    /// Sets of blocks.
    pub groups: Vec<Vec<BlockId>>,
    /// What the first part needs.
    pub first: BTreeSet<RequestId>,
    /// What each later part needs.
    pub needs: Vec<BTreeSet<RequestId>>,
}

/// Writes the response's shape.
pub fn write(draft: &Draft<'_>, keys: &mut Keys) -> Response {
    let mut writer = Writer {
        draft,
        keys,
        blocks: Vec::new(),
        groups: std::iter::once(Vec::new()).collect(),
        first: BTreeSet::new(),
        needs: Vec::new(),
        known: FxHashMap::default(),
    };
    let operation = &draft.operation;
    let places: &[PlaceId] = if operation.deferred.is_empty() { &[] } else { &[PlaceId(0)] };
    let shape = writer.shape(operation.top, places, &FxHashMap::default());
    let Writer { blocks, groups, first, needs, .. } = writer;
    Response { shape, blocks, groups: groups.into_iter().collect(), first, needs }
}

/// The blocks that the deferred fragments around a place have become.
type Scope = FxHashMap<DeferredId, BlockId>;

struct Writer<'d, 'a> {
    draft: &'d Draft<'a>,
    keys: &'d mut Keys,
    blocks: Vec<Block>,
    groups: IndexSet<Vec<BlockId>>,
    first: BTreeSet<RequestId>,
    needs: Vec<BTreeSet<RequestId>>,
    /// What has been written, where nothing is deferred: there it is the same at each place.
    known: FxHashMap<NodeId, Arc<Shape>>,
}

impl Writer<'_, '_> {
    fn below(&mut self, node: NodeId, places: &[PlaceId], scope: &Scope) -> Arc<Shape> {
        if let Some(known) = self.known.get(&node) {
            return Arc::clone(known);
        }
        let shape = Arc::new(self.shape(node, places, scope));
        if self.draft.operation.deferred.is_empty() {
            self.known.insert(node, Arc::clone(&shape));
        }
        shape
    }

    /// Recursion is bounded by the operation's depth, its size by the operation's. No places are given where nothing
    /// is deferred: then nobody asks what a part needs.
    fn shape(&mut self, node: NodeId, places: &[PlaceId], scope: &Scope) -> Shape {
        let node = self.draft.operation.node(node);
        let mut shape = Shape::default();
        for variant in &node.variants {
            let mut own = None;
            let begun: Vec<BlockId> =
                variant.begun.iter().map(|id| self.begin(*id, own.get_or_insert_with(|| scope.clone()))).collect();
            let scope = own.as_ref().unwrap_or(scope);
            let mut fields = Vec::with_capacity(variant.fields.len());
            for selected in &variant.fields {
                let (Some(key), Some(response_key)) = (&selected.key, &selected.response_key) else { continue };
                let below = self.need(places, (&node, variant, selected), scope);
                let deferred = self.deferred(selected, scope);
                let source = match selected.what {
                    What::Field(_) => Source::Data(self.keys.id(key)),
                    What::Typename => Source::Typename,
                    What::Introspection(id) => Source::Introspection(id),
                };
                fields.push(ShapeField {
                    response_key: ResponseKey::new(response_key),
                    source,
                    field: selected.field,
                    ty: selected.ty.clone(),
                    selection: selected.child.map(|child| self.below(child, &below, scope)),
                    locations: selected.locations.clone(),
                    deferred,
                });
            }
            shape.variants.push(Variant { types: variant.types.clone(), fields, begun });
        }
        shape
    }

    fn begin(&mut self, id: DeferredId, scope: &mut Scope) -> BlockId {
        let fragment = self.draft.operation.deferred.get(id.0 as usize);
        let parent = fragment.and_then(|fragment| fragment.parent).and_then(|parent| scope.get(&parent).copied());
        let label = fragment.and_then(|fragment| fragment.label.clone());
        let block = BlockId(self.blocks.len() as u32);
        self.blocks.push(Block { label, parent, needs: Vec::new() });
        self.needs.push(BTreeSet::new());
        scope.insert(id, block);
        block
    }

    fn deferred(&mut self, selected: &Selected, scope: &Scope) -> Option<Deferred> {
        let asked: Vec<BlockId> = selected.asked.iter().flatten().filter_map(|id| scope.get(id).copied()).collect();
        if asked.is_empty() {
            return None;
        }
        let group = self.draft.operation.groups.get_index(selected.group.0 as usize);
        let mut group: Vec<BlockId> = group.into_iter().flatten().filter_map(|id| scope.get(id).copied()).collect();
        group.sort();
        Some(Deferred { group: GroupId(self.groups.insert_full(group).0 as u32), asked })
    }

    /// Notes what the parts that ask for a field need for it, and gives the places below.
    fn need(
        &mut self,
        places: &[PlaceId],
        (node, variant, selected): (&operation::Node, &operation::Variant, &Selected),
        scope: &Scope,
    ) -> Vec<PlaceId> {
        let state = &self.draft.state;
        let mut below = IndexSet::new();
        let mut sources = BTreeSet::new();
        for &place in places {
            // Nothing is written, and nothing begins, for types that nothing here is of.
            let types = variant.types.intersection(&state.place(place).types);
            if types.is_empty() {
                continue;
            }
            if selected.what == What::Typename || node.tells(&state.place(place).types) {
                sources.extend(state.place(place).typename);
            }
            let What::Field(call) = &selected.what else { continue };
            for ty in types.iter() {
                let Some(value) = state.place(place).values.find(call, selected.key.as_ref(), ty) else { continue };
                sources.extend(value.producer(ty));
                let Some(child) = value.child(ty) else { continue };
                below.insert(child);
                // An object is written, and the parts that begin in it are told, once its type is known.
                let tells = |node| self.draft.operation.node(node).tells(&state.place(child).types);
                if selected.child.is_some_and(tells) {
                    sources.extend(state.place(child).typename);
                }
            }
        }
        let requests = sources.into_iter().map(|source| state.source(source).request);
        let requests: BTreeSet<RequestId> = requests.collect();
        for context in &selected.asked {
            let needs = match context.map(|id| scope.get(&id)) {
                None => Some(&mut self.first),
                Some(block) => block.and_then(|block| self.needs.get_mut(block.0 as usize)),
            };
            if let Some(needs) = needs {
                needs.extend(&requests);
            }
        }
        below.into_iter().collect()
    }
}
