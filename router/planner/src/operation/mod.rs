//! The operation to be planned: bound on the supergraph's ids, fragments spread, conditions decided, and each
//! selection set split by concrete type.
//!
//! Selection sets are hash-consed: the same fields asked of the same types are one [`Node`], however many fragments
//! and aliases lead there. Nothing here knows of subgraphs.

mod bind;
mod collect;
mod conditions;
mod data_keys;
mod defer;
mod directives;
mod field_set;
mod introspection;
mod labels;

use std::sync::Arc;

use federation::supergraph::FieldType;
use federation::{FieldId, TypeId, TypeSet};
use graphql::ast::Value;
use graphql::executable::VariableDefinition;
use graphql::{ExecutableDocument, Name, Valid};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxHashSet;

use crate::plan::{IntrospectionId, OperationKind};

pub use bind::bind;
pub(crate) use conditions::stands;
pub use conditions::{condition_variables, may_defer};
pub use defer::{Deferral, Deferred, DeferredId, GroupId};
pub use directives::Applied;
pub use field_set::{FieldSets, Purpose};
pub use labels::override_labels;

/// An index into [`Operation::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// An index into [`Operation::arguments`]; 0 is no arguments at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArgumentsId(pub u32);

/// An index into [`Operation::directives`]; 0 is no directives at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DirectivesId(pub u32);

/// A field with its arguments and directives: what decides whether two values are the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// The field's name.
    pub name: Name,
    /// Its arguments.
    pub arguments: ArgumentsId,
    /// The subgraphs' own directives on it, which may change what it gives.
    pub directives: DirectivesId,
}

impl Call {
    /// A field without arguments and directives.
    fn plain(name: Name) -> Self {
        Self { name, arguments: ArgumentsId(0), directives: DirectivesId(0) }
    }
}

/// A bound operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// The root type.
    pub root: TypeId,
    /// All selection sets.
    pub nodes: Vec<Arc<Node>>,
    /// The operation's own selection set.
    pub top: NodeId,
    /// All argument lists, sorted by name.
    pub arguments: IndexSet<Vec<(Name, Value)>>,
    /// All lists of subgraphs' own directives.
    pub directives: IndexSet<Vec<Applied>>,
    /// Those on the operation itself.
    pub own_directives: DirectivesId,
    /// The operation's variables by name.
    pub variables: IndexMap<Name, VariableDefinition>,
    /// The client's introspection fields as an operation of their own.
    pub introspection: Option<Box<Valid<ExecutableDocument>>>,
    /// The deferred fragments, outer before inner.
    pub deferred: Vec<Deferred>,
    /// Sets of them; the first is empty.
    pub groups: IndexSet<Vec<DeferredId>>,
}

/// One selection set on values of some types.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// By concrete type, disjoint.
    pub variants: Vec<Variant>,
}

/// What is selected of some concrete types.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The types.
    pub types: TypeSet,
    /// In the client's order, each response key once.
    pub fields: Vec<Selected>,
    /// The deferred fragments that stand right here.
    pub begun: Vec<DeferredId>,
}

/// One selected field.
#[derive(Clone, Debug)]
pub struct Selected {
    /// The response key; `None` for what only a representation needs.
    pub response_key: Option<Name>,
    /// The key in the merged data: nearly always the response key.
    pub key: Option<Name>,
    /// What is selected.
    pub what: What,
    /// The field of one of the types, for messages.
    pub field: Option<FieldId>,
    /// Its type in the supergraph.
    pub ty: FieldType,
    /// What is selected below.
    pub child: Option<NodeId>,
    /// Line and column of each field node that asks for it.
    pub locations: Vec<(u32, u32)>,
    /// Whether a null of it may take away the object that has it, which is there for the client too.
    pub spreads: Spreads,
    /// The deferred fragments that ask for it; `None` is the response's first part.
    pub asked: Vec<Option<DeferredId>>,
    /// With which of them it is first delivered.
    pub group: GroupId,
}

/// What a null of a field does to the object around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spreads {
    /// Nothing that the client didn't ask for.
    No,
    /// It may become null, since some subgraph types the field as non-null.
    Yes,
    /// It isn't the client's object at all.
    Apart,
}

/// What a selected field is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A field of the type.
    Field(Call),
    /// `__typename`
    Typename,
    /// `__schema` or `__type`
    Introspection(IntrospectionId),
}

impl Node {
    /// Whether the client selected this; else it is there for representations.
    pub fn is_client(&self) -> bool {
        self.variants.iter().flat_map(|variant| &variant.fields).all(|field| field.key.is_some())
    }
}

impl Node {
    /// Whether the response depends on what objects of these types really are.
    pub fn tells(&self, types: &TypeSet) -> bool {
        match self.variants.as_slice() {
            [only] => !types.is_subset(&only.types),
            variants => !variants.is_empty() || !types.is_empty(),
        }
    }
}

impl Operation {
    /// The node of an id of this very operation.
    pub fn node(&self, id: NodeId) -> Arc<Node> {
        self.nodes.get(id.0 as usize).cloned().unwrap_or_default()
    }

    /// The client's keys that mean anything but the leaf of that name somewhere. Places may be shared by objects of which
    /// the client asks different things, so what planning adds anywhere has none of these names.
    pub fn aliases(&self) -> FxHashSet<Name> {
        let fields = self.nodes.iter().flat_map(|node| &node.variants).flat_map(|variant| &variant.fields);
        let aliases = fields.filter(|field| match (&field.what, &field.key) {
            (What::Field(call), Some(key)) => field.child.is_some() || *call != Call::plain(key.clone()),
            _ => false,
        });
        aliases.filter_map(|field| field.key.clone()).collect()
    }

    /// Whether what is wanted below a value may be read from the client's own selection there: nothing that is added
    /// to it may make null what the client sees. Recursion is bounded by the depth of field sets.
    pub fn may_share(&self, client: NodeId, wanted: NodeId) -> bool {
        let (client, wanted) = (self.node(client), self.node(wanted));
        wanted.variants.iter().all(|wanted| {
            wanted.types.iter().all(|ty| {
                let own = client.variants.iter().find(|variant| variant.types.contains(ty));
                wanted.fields.iter().filter(|field| field.spreads != Spreads::No || field.child.is_some()).all(
                    |field| {
                        if field.spreads == Spreads::Apart {
                            return false;
                        }
                        let mut same = own.into_iter().flat_map(|own| &own.fields).filter(|own| own.what == field.what);
                        match (same.next(), field.child) {
                            (Some(own), Some(child)) => own.child.is_some_and(|own| self.may_share(own, child)),
                            (Some(_), None) => true,
                            (None, _) => field.spreads == Spreads::No,
                        }
                    },
                )
            })
        })
    }

    /// The arguments of an id of this very operation.
    pub fn arguments(&self, id: ArgumentsId) -> &[(Name, Value)] {
        self.arguments.get_index(id.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The directives of an id of this very operation.
    pub fn directives(&self, id: DirectivesId) -> &[Applied] {
        self.directives.get_index(id.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Interns a list of directives.
    pub(crate) fn intern_directives(&mut self, list: Vec<Applied>) -> DirectivesId {
        DirectivesId(self.directives.insert_full(list).0 as u32)
    }

    /// Interns an argument list.
    pub(crate) fn intern_arguments(&mut self, mut list: Vec<(Name, Value)>) -> ArgumentsId {
        list.sort_by(|a, b| a.0.cmp(&b.0));
        let position = self.arguments.insert_full(list).0;
        ArgumentsId(position as u32)
    }

    /// Adds a node.
    pub(crate) fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(Arc::new(node));
        NodeId((self.nodes.len() - 1) as u32)
    }
}
