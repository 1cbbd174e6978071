//! Contexts as their readers see them: who sets one, and what is read of it there.
//!
//! Composition proves that every way to a reader passes someone who sets its context; the planner reads from the
//! nearest. Both mean the same by "sets": the object's own type, or an interface or union that it belongs to.

use crate::supergraph::{ContextArgument, ContextSelection, Supergraph};
use crate::{ContextId, TypeId};

impl Supergraph {
    /// Whether an object sets a context for what is below it.
    pub fn sets_context(&self, object: TypeId, context: ContextId) -> bool {
        let context = self.contexts.get(context.0 as usize);
        context.is_some_and(|context| context.types.iter().any(|&setter| self.is_of(object, setter)))
    }

    /// Whether an object is of a type: the type itself, or one of those that an interface or union stands for.
    pub fn is_of(&self, object: TypeId, ty: TypeId) -> bool {
        object == ty || self.ty(ty).possible_types.contains(object)
    }
}

impl ContextArgument {
    /// What is read of an object that sets the context: what is said of its own type comes first. `None` if nothing
    /// is said of it; then the argument is null.
    pub fn selection_of(&self, supergraph: &Supergraph, object: TypeId) -> Option<&ContextSelection> {
        let own = self.selections.iter().find(|selection| selection.on == object);
        own.or_else(|| self.selections.iter().find(|selection| supergraph.is_of(object, selection.on)))
    }
}
