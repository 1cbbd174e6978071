//! What implements what and which union has which members, over all subgraphs: a field's type in one subgraph may be
//! narrower than in another only by these facts.

use federation::subgraph::Composite;
use graphql::Name;
use graphql::ast::Type;
use graphql::collections::{IndexMap, IndexSet};
use graphql::schema::ExtendedType;

use super::kinds::TypeTable;

/// Subtypes of abstract types in the supergraph.
#[derive(Default)]
pub(crate) struct Subtypes {
    by_abstract: IndexMap<Name, IndexSet<Name>>,
}

impl Subtypes {
    /// Gathers the facts of all types.
    pub(crate) fn of(types: &TypeTable<'_>) -> Self {
        let mut subtypes = Self::default();
        for source in types.values().flat_map(|entry| &entry.sources) {
            if let Some(composite) = Composite::of(source.ty) {
                for interface in composite.implements {
                    let entry = subtypes.by_abstract.entry(interface.name.clone()).or_default();
                    entry.insert(composite.name.clone());
                }
            }
            if let ExtendedType::Union(union) = source.ty {
                let entry = subtypes.by_abstract.entry(union.name.clone()).or_default();
                entry.extend(union.members.iter().map(|member| member.name.clone()));
            }
        }
        subtypes
    }

    /// Whether each value of type `narrow` is one of type `wide`.
    pub(crate) fn is_subtype(&self, narrow: &Type, wide: &Type) -> bool {
        match (narrow, wide) {
            (Type::NonNullNamed(a) | Type::Named(a), Type::Named(b))
            | (Type::NonNullNamed(a), Type::NonNullNamed(b)) => {
                a == b || self.by_abstract.get(b).is_some_and(|subtypes| subtypes.contains(a))
            }
            (Type::NonNullList(a) | Type::List(a), Type::List(b)) | (Type::NonNullList(a), Type::NonNullList(b)) => {
                self.is_subtype(a, b)
            }
            _ => false,
        }
    }

    /// The types that implement an interface or are members of a union, in any subgraph.
    pub(crate) fn subtypes<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Name> + use<'a> {
        self.by_abstract.get(name).into_iter().flatten()
    }
}
