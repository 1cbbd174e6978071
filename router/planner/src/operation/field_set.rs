//! Field sets of keys and requirements as nodes: what planning adds is planned like what the client asked.

use federation::supergraph::{FieldSet, FieldSetItem, FieldType};
use federation::{Supergraph, TypeId, TypeSet};
use indexmap::IndexMap;

use super::{Call, DirectivesId, GroupId, Node, NodeId, Operation, Selected, Spreads, Variant, What};

/// Field sets by the type that they are asked of; each is made once.
#[derive(Clone, Debug, Default)]
pub struct FieldSets {
    known: Vec<(FieldSet, TypeId, Purpose, NodeId)>,
}

/// What a field set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To tell which entity it is: without it there is nothing to ask for.
    Key,
    /// To compute a field: what fails in it costs that field alone.
    Requirement,
    /// Either, never read from objects of the client's own: something that goes along with it can't be.
    Apart,
}

impl FieldSets {
    /// The node of a field set that has been made already.
    pub fn find(&self, (set, purpose): (&FieldSet, Purpose), on: TypeId) -> Option<NodeId> {
        let mut known = self.known.iter();
        known.find(|(known, ty, of, _)| *ty == on && *of == purpose && known == set).map(|(_, _, _, node)| *node)
    }

    /// The node of a field set on a type: an object, or an interface whose concrete type may be unknown.
    pub fn node(
        &mut self,
        supergraph: &Supergraph,
        operation: &mut Operation,
        (set, purpose): (&FieldSet, Purpose),
        on: TypeId,
    ) -> NodeId {
        if let Some(node) = self.find((set, purpose), on) {
            return node;
        }
        let types = &supergraph.ty(on).possible_types;
        let node = make(supergraph, operation, (&[set], purpose), types);
        self.known.push((set.clone(), on, purpose, node));
        node
    }
}

/// What tells the objects apart for which a field set means different things.
type Signature = Vec<(Option<Call>, TypeId, Vec<*const FieldSet>)>;

/// Recursion is bounded by the depth that field sets may have.
fn make(
    supergraph: &Supergraph,
    operation: &mut Operation,
    (sets, purpose): (&[&FieldSet], Purpose),
    types: &TypeSet,
) -> NodeId {
    let mut by_signature: IndexMap<Signature, (TypeSet, Vec<Selected>)> = IndexMap::new();
    for id in types.iter() {
        let mut items: IndexMap<Option<Call>, Vec<&FieldSet>> = IndexMap::new();
        for set in sets {
            flatten(supergraph, operation, set, id, &mut items);
        }
        let mut signature = Signature::new();
        for (call, below) in &items {
            let below = below.iter().filter(|set| !set.is_empty()).map(|set| std::ptr::from_ref(*set)).collect();
            let field = call.as_ref().and_then(|call| supergraph.ty(id).fields.get(&call.name));
            let ty = field.map(|&field| supergraph.field(field).ty.named()).unwrap_or(id);
            signature.push((call.clone(), if call.is_some() { ty } else { supergraph.query }, below));
        }
        if let Some((types, _)) = by_signature.get_mut(&signature) {
            types.insert(id);
            continue;
        }
        let fields = items.into_iter().filter_map(|item| select(supergraph, operation, id, item, purpose));
        let fields = fields.collect();
        by_signature.insert(signature, (TypeSet::one(id), fields));
    }
    let variants =
        by_signature.into_values().map(|(types, fields)| Variant { types, fields, begun: Vec::new() }).collect();
    operation.push(Node { variants })
}

fn select(
    supergraph: &Supergraph,
    operation: &mut Operation,
    object: TypeId,
    (call, below): (Option<Call>, Vec<&FieldSet>),
    purpose: Purpose,
) -> Option<Selected> {
    let typename = Selected {
        response_key: None,
        key: None,
        what: What::Typename,
        field: None,
        ty: FieldType::Named { id: object, non_null: true },
        child: None,
        locations: Vec::new(),
        spreads: if purpose == Purpose::Apart { Spreads::Apart } else { Spreads::No },
        asked: Vec::new(),
        group: GroupId::default(),
    };
    let Some(call) = call else { return Some(typename) };
    let field = *supergraph.ty(object).fields.get(&call.name)?;
    let ty = supergraph.field(field).ty.clone();
    let named = supergraph.ty(ty.named());
    let child = named.is_composite().then(|| make(supergraph, operation, (&below, purpose), &named.possible_types));
    let mut resolvers = supergraph.graph.resolvers(field).iter().filter_map(|resolver| supergraph.join_of(resolver));
    let spreads = match purpose {
        Purpose::Requirement if resolvers.any(|join| join.ty.is_non_null()) => Spreads::Yes,
        Purpose::Apart => Spreads::Apart,
        _ => Spreads::No,
    };
    Some(Selected { what: What::Field(call), field: Some(field), ty, child, spreads, ..typename })
}

/// The items that apply to an object, by what they call.
fn flatten<'s>(
    supergraph: &Supergraph,
    operation: &mut Operation,
    set: &'s FieldSet,
    object: TypeId,
    items: &mut IndexMap<Option<Call>, Vec<&'s FieldSet>>,
) {
    for item in set {
        match item {
            FieldSetItem::Field { field, arguments, selection } => {
                let call = field.map(|field| Call {
                    name: supergraph.field(field).name.clone(),
                    arguments: operation.intern_arguments(arguments.clone()),
                    directives: DirectivesId::default(),
                });
                items.entry(call).or_default().push(selection);
            }
            FieldSetItem::Fragment { on, selection } => {
                if *on == object || supergraph.ty(*on).possible_types.contains(object) {
                    flatten(supergraph, operation, selection, object, items);
                }
            }
        }
    }
}
