//! The supergraph as the planner, the executor and the gateway see it: interned, and immutable once loaded.

use std::sync::Arc;

use graphql::ast::Value;
use graphql::{Name, Schema, Valid};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::ids::{ContextId, FieldId, LabelId, LabelSet, SubgraphId, TypeId};
use crate::query_graph::QueryGraph;
use crate::type_set::TypeSet;

/// A loaded supergraph. Everything in it is bound: no name has to be looked up while planning.
#[derive(Clone, Debug)]
pub struct Supergraph {
    /// What clients see: no join vocabulary, nothing inaccessible.
    pub api_schema: Arc<Valid<Schema>>,
    /// Subgraphs in name order; [`SubgraphId`] indexes it.
    pub subgraphs: Vec<SubgraphInfo>,
    /// [`TypeId`] indexes it. Order as in the supergraph SDL.
    pub types: Vec<Type>,
    /// [`FieldId`] indexes it.
    pub fields: Vec<Field>,
    /// Types by name.
    pub type_by_name: IndexMap<Name, TypeId>,
    /// The labels of progressive overrides; [`LabelId`] indexes it.
    pub override_labels: Vec<String>,
    /// The contexts that arguments may be read from; [`ContextId`] indexes it.
    pub contexts: Vec<Context>,
    /// The query root.
    pub query: TypeId,
    /// The mutation root.
    pub mutation: Option<TypeId>,
    /// The subscription root.
    pub subscription: Option<TypeId>,
    /// A hash of the supergraph SDL: part of every plan cache key. Zero in one that was loaded for proof alone.
    pub hash: u64,
    /// What can be resolved where, and how to get there.
    pub graph: QueryGraph,
    /// What answers to introspection take besides the API schema.
    pub introspection: graphql::Introspection,
}

/// A subgraph as its supergraph names it.
#[derive(Clone, Debug)]
pub struct SubgraphInfo {
    /// The name that people gave it, such as `products`.
    pub name: String,
    /// Its value in the enum `join__Graph`, such as `PRODUCTS`.
    pub graph: Name,
    /// Where it is served; may be empty.
    pub url: String,
}

/// The kind of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// An object type.
    Object,
    /// An interface.
    Interface,
    /// A union.
    Union,
    /// An enum.
    Enum,
    /// A scalar, built in or custom.
    Scalar(ScalarKind),
    /// An input object.
    InputObject,
}

/// How a scalar's values are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum ScalarKind {
    Int,
    Float,
    String,
    Boolean,
    Id,
    Custom,
}

/// A type of the supergraph.
#[derive(Clone, Debug)]
pub struct Type {
    /// Its name.
    pub name: Name,
    /// Its kind.
    pub kind: TypeKind,
    /// Fields of an object or interface, in the supergraph's order.
    pub fields: IndexMap<Name, FieldId, FxBuildHasher>,
    /// The object types that a value of this type may have; an object's own id alone, and so that of an interface
    /// that nothing implements.
    pub possible_types: TypeSet,
    /// Values of an enum that clients may see.
    pub enum_values: Vec<Name>,
    /// Hidden from clients.
    pub inaccessible: bool,
    /// The contexts that its values set for what is below them.
    pub contexts: Vec<ContextId>,
    /// What each subgraph knows of it, in subgraph order; absent where the subgraph lacks the type.
    pub joins: Vec<TypeJoin>,
}

/// A type in one subgraph.
#[derive(Clone, Debug)]
pub struct TypeJoin {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// Its keys there, in the order written.
    pub keys: Vec<EntityKey>,
    /// An interface that this subgraph knows as an object.
    pub is_interface_object: bool,
    /// The object types that this subgraph knows as possible ones of the type.
    pub possible_types: TypeSet,
}

/// One `@key`.
#[derive(Clone, Debug)]
pub struct EntityKey {
    /// The key's fields.
    pub fields: FieldSet,
    /// Whether the subgraph resolves an entity by it.
    pub resolvable: bool,
}

/// A field of an object or interface type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// The type that has it.
    pub parent: TypeId,
    /// Its type in the supergraph.
    pub ty: FieldType,
    /// Hidden from clients.
    pub inaccessible: bool,
    /// The subgraphs that have it, in subgraph order.
    pub joins: Vec<FieldJoin>,
}

/// A field in one subgraph.
#[derive(Clone, Debug)]
pub struct FieldJoin {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// Its type there, which may be narrower than the supergraph's.
    pub ty: FieldType,
    /// Known there but not resolved, unless on a path that provides it.
    pub external: bool,
    /// Left there for others' sake after an override: never resolved there.
    pub overridden: bool,
    /// What must be sent along to resolve it.
    pub requires: Option<FieldSet>,
    /// What the subgraph resolves below it although external elsewhere.
    pub provides: Option<FieldSet>,
    /// The label under which another subgraph overrides it (or, on the overriding side, is overridden).
    pub override_label: Option<LabelId>,
    /// The name of the subgraph that this one takes the field from.
    pub overrides: Option<String>,
    /// Arguments that clients don't give: they are read from contexts. The supergraph's field lacks them.
    pub context_arguments: Vec<ContextArgument>,
}

/// An argument of a subgraph's field that is read from a context, `@fromContext`.
#[derive(Clone, Debug)]
pub struct ContextArgument {
    /// The argument's name in the subgraph.
    pub name: Name,
    /// Its type there.
    pub ty: FieldType,
    /// The context: the nearest ancestor that sets it counts.
    pub context: ContextId,
    /// What to read of the ancestor, by the type that sets the context; one leaf each for any one object type.
    pub selections: Vec<ContextSelection>,
}

/// What to read of the values of one type that sets a context.
#[derive(Clone, Debug)]
pub struct ContextSelection {
    /// The type that sets the context.
    pub on: TypeId,
    /// What to read of its values.
    pub fields: FieldSet,
}

/// A context: values set it for what is below them.
#[derive(Clone, Debug)]
pub struct Context {
    /// Its name in the supergraph, such as `products__currency`.
    pub name: String,
    /// The types whose values set it, in type order.
    pub types: Vec<TypeId>,
}

/// A field's type: a named type within lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// A named type.
    Named {
        /// The type.
        id: TypeId,
        /// Whether null is a fault.
        non_null: bool,
    },
    /// A list.
    List {
        /// The items' type.
        item: Box<FieldType>,
        /// Whether null is a fault.
        non_null: bool,
    },
}

/// A bound selection as `@key`, `@requires` and `@provides` write it, normalised: equal sets compare equal.
pub type FieldSet = Vec<FieldSetItem>;

/// One item of a [`FieldSet`].
#[derive(Clone, Debug, PartialEq)]
pub enum FieldSetItem {
    /// A field with what is asked below it.
    Field {
        /// The field; `None` is `__typename`.
        field: Option<FieldId>,
        /// Constant arguments, by name.
        arguments: Vec<(Name, Value)>,
        /// What is asked below; empty for a leaf.
        selection: FieldSet,
    },
    /// Only for values of this type.
    Fragment {
        /// The type condition.
        on: TypeId,
        /// What is asked of such values.
        selection: FieldSet,
    },
}

impl Supergraph {
    /// The type of an id. Ids come from this supergraph alone; another's may panic.
    #[expect(clippy::indexing_slicing, reason = "ids are made while loading, for this very list")]
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[id.0 as usize]
    }

    /// The field of an id. Ids come from this supergraph alone; another's may panic.
    #[expect(clippy::indexing_slicing, reason = "ids are made while loading, for this very list")]
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.0 as usize]
    }

    /// The subgraph of an id. Ids come from this supergraph alone; another's may panic.
    #[expect(clippy::indexing_slicing, reason = "ids are made while loading, for this very list")]
    pub fn subgraph(&self, id: SubgraphId) -> &SubgraphInfo {
        &self.subgraphs[usize::from(id.0)]
    }
}

impl Type {
    /// What a subgraph knows of the type, if it has it.
    pub fn join(&self, subgraph: SubgraphId) -> Option<&TypeJoin> {
        of_subgraph(&self.joins, subgraph, |join| join.subgraph)
    }

    /// Whether values of the type have fields.
    pub fn is_composite(&self) -> bool {
        matches!(self.kind, TypeKind::Object | TypeKind::Interface | TypeKind::Union)
    }

    /// Whether the type is an interface or union.
    pub fn is_abstract(&self) -> bool {
        matches!(self.kind, TypeKind::Interface | TypeKind::Union)
    }
}

impl Field {
    /// What a subgraph knows of the field, if it has it.
    pub fn join(&self, subgraph: SubgraphId) -> Option<&FieldJoin> {
        of_subgraph(&self.joins, subgraph, |join| join.subgraph)
    }
}

/// The first of some joins that is of a subgraph. They stand in subgraph order; shared types have one in every subgraph, so
/// that looking at each would cost as much as there are subgraphs.
fn of_subgraph<J>(joins: &[J], subgraph: SubgraphId, of: impl Fn(&J) -> SubgraphId) -> Option<&J> {
    let first = joins.partition_point(|join| of(join) < subgraph);
    joins.get(first).filter(|join| of(join) == subgraph)
}

impl FieldJoin {
    /// Whether the subgraph never resolves the field while just these labels are in force.
    pub fn is_disabled_under(&self, labels: &LabelSet) -> bool {
        self.overridden || self.override_label.is_some_and(|label| labels.contains(label) != self.overrides.is_some())
    }
}

impl FieldType {
    /// The innermost type.
    pub fn named(&self) -> TypeId {
        match self {
            Self::Named { id, .. } => *id,
            Self::List { item, .. } => item.named(),
        }
    }

    /// Whether null is a fault.
    pub fn is_non_null(&self) -> bool {
        match self {
            Self::Named { non_null, .. } | Self::List { non_null, .. } => *non_null,
        }
    }
}
