//! Makes a response's data what the GraphQL specification says.
//!
//! async-graphql 7.2 writes an object's fields in the order in which they
//! complete, leaves a failed field out, and an object without any field is
//! null. Here failed fields become null again, objects that have nothing else
//! stay objects, and all get the document's order, so that the same call has
//! the same bytes every time. Nulls in non-null places don't spread upwards here:
//! that is the router's work, which it does for every subgraph. A field that is
//! asked of an interface is beyond help: its errors tell no path. No subgraph has any.

use std::collections::HashSet;

use async_graphql::{
    Name, PathSegment, Response, Value,
    indexmap::{IndexMap, map::Entry},
    parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet},
};

pub(super) fn normalise(response: &mut Response, document: &ExecutableDocument, operation_name: Option<&str>) {
    for error in &response.errors {
        put_null(&mut response.data, &error.path);
    }
    let operation = match (&document.operations, operation_name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => all.values().next(),
    };
    if let (Some(operation), Value::Object(root)) = (operation, &mut response.data) {
        let selection_set = &operation.node.selection_set.node;
        order(vec![root], &[selection_set], document);
    }
}

/// Puts null where an error says that a field failed and nothing is: at its path's end, or above, where the failed field took its parents
/// along. What stands above a failed field and is null is an object all of whose fields failed, and becomes one again.
fn put_null(data: &mut Value, path: &[PathSegment]) {
    let mut at = data;
    for segment in path {
        at = match segment {
            PathSegment::Field(name) => {
                if *at == Value::Null {
                    *at = Value::Object(IndexMap::new());
                }
                let Value::Object(object) = at else { return };
                match object.entry(Name::new(name)) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(lost) => {
                        lost.insert(Value::Null);
                        return;
                    }
                }
            }
            PathSegment::Index(index) => {
                let Value::List(list) = at else { return };
                let Some(item) = list.get_mut(*index) else { return };
                item
            }
        };
    }
}

type Object = IndexMap<Name, Value>;

/// Orders objects that share their selection sets, and what is below them: one
/// look at the document for all rows of a list. Recursion is as deep as the
/// data, which the depth limit bounds.
fn order(objects: Vec<&mut Object>, sets: &[&SelectionSet], document: &ExecutableDocument) {
    let mut fields = IndexMap::new();
    collect(sets, document, &mut HashSet::new(), &mut fields);
    let mut children: IndexMap<&str, Vec<&mut Object>> = IndexMap::new();
    for object in objects {
        let in_order =
            object.keys().map(Name::as_str).is_sorted_by_key(|name| fields.get_index_of(name).unwrap_or(usize::MAX));
        if !in_order {
            object.sort_by_cached_key(|name, _| fields.get_index_of(name.as_str()).unwrap_or(usize::MAX));
        }
        for (name, value) in object {
            if let Some((_, name, below)) = fields.get_full(name.as_str())
                && !below.is_empty()
            {
                objects_in(value, children.entry(*name).or_default());
            }
        }
    }
    for (name, objects) in children {
        if let Some(below) = fields.get(name)
            && !objects.is_empty()
        {
            order(objects, below, document);
        }
    }
}

fn objects_in<'a>(value: &'a mut Value, objects: &mut Vec<&'a mut Object>) {
    match value {
        Value::Object(object) => objects.push(object),
        Value::List(list) => {
            for item in list {
                objects_in(item, objects);
            }
        }
        _ => {}
    }
}

/// The response keys that `sets` can select, in the document's order, each
/// with the selection sets below it. Type conditions don't matter for order.
fn collect<'d>(
    sets: &[&'d SelectionSet],
    document: &'d ExecutableDocument,
    visited: &mut HashSet<&'d str>,
    fields: &mut IndexMap<&'d str, Vec<&'d SelectionSet>>,
) {
    for selection in sets.iter().flat_map(|set| &set.items) {
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key().node.as_str();
                let below = fields.entry(key).or_default();
                if !field.node.selection_set.node.items.is_empty() {
                    below.push(&field.node.selection_set.node);
                }
            }
            Selection::InlineFragment(fragment) => {
                collect(&[&fragment.node.selection_set.node], document, visited, fields);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if visited.insert(name)
                    && let Some(fragment) = document.fragments.get(name)
                {
                    collect(&[&fragment.node.selection_set.node], document, visited, fields);
                }
            }
        }
    }
}
