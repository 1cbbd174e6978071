//! What a document's work depends on: which fields are lists or pages, of what.

use std::collections::HashMap;

use async_graphql::{
    ObjectType,
    registry::{MetaField, MetaTypeName, Registry},
};

/// The argument that makes a field a page of a list.
const PAGE_ARGUMENT: &str = "first";

/// How many values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// At most one.
    One,
    /// A plain list, which the schema bounds.
    List,
    /// A connection: as many as its arguments say.
    Page,
}

/// A field's part of a [`Shape`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldShape {
    /// How many values it has.
    pub count: Count,
    /// The type of each.
    pub of: String,
}

/// The types and fields of a schema, as far as work depends on them.
#[derive(Debug)]
pub(super) struct Shape {
    /// The query root's name.
    pub query: String,
    /// The mutation root's name.
    pub mutation: String,
    types: HashMap<String, HashMap<String, FieldShape>>,
}

impl Shape {
    /// The shape of the schema with these roots.
    pub(super) fn of<Q: ObjectType, M: ObjectType>() -> Self {
        let mut registry = Registry::default();
        Q::create_type_info(&mut registry);
        M::create_type_info(&mut registry);
        let types = registry.types.iter().filter_map(|(name, meta)| {
            let fields = meta.fields()?.iter().map(|(name, field)| (name.clone(), field_shape(field)));
            Some((name.clone(), fields.collect()))
        });
        Self { query: Q::type_name().into_owned(), mutation: M::type_name().into_owned(), types: types.collect() }
    }

    /// What is known of `field`, if anything.
    pub(super) fn field(&self, parent: Option<&str>, field: &str) -> Option<&FieldShape> {
        self.types.get(parent?)?.get(field)
    }
}

fn field_shape(field: &MetaField) -> FieldShape {
    let count = if field.args.contains_key(PAGE_ARGUMENT) {
        Count::Page
    } else if MetaTypeName::create(&field.ty).is_list() {
        Count::List
    } else {
        Count::One
    };
    FieldShape { count, of: MetaTypeName::concrete_typename(&field.ty).to_owned() }
}
