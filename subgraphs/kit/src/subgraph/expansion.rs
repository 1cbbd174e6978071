//! How large and deep an operation is once its fragments are put in, and how
//! many fields it can make resolvers answer.
//!
//! Thirty fragments that each spread the next one twice stand for a billion
//! fields in a kilobyte. Everything behind this check walks the expanded
//! document, so each fragment is measured once here and the measures added up.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};

use super::{
    limits::NESTING_MAX,
    work::{Place, Work},
};

/// The size of a selection set with all its fragments put in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    /// Fields and spreads, each as often as it stands for one.
    pub selections: usize,
    /// Levels of selection sets.
    pub levels: usize,
    /// Fields to resolve, each as often as lists, pages and representations
    /// can make it be.
    pub fields: usize,
    /// Representations that are handed in.
    pub representations: usize,
}

/// The largest of the document's operations; `None` when fragments nest deeper
/// than is looked at, or in a circle.
pub(super) fn expanded(document: &ExecutableDocument, work: &Work<'_>) -> Option<Expanded> {
    let mut measure = Measure { document, work, fragments: HashMap::new() };
    let mut largest = Expanded::default();
    for (_, operation) in document.operations.iter() {
        let root = match operation.node.ty {
            OperationType::Mutation => &work.shape().mutation,
            _ => &work.shape().query,
        };
        let place = Place { parent: Some(root), page: None };
        let size = measure.selection_set(&operation.node.selection_set.node, place, 0)?;
        largest = largest.or_larger(size);
    }
    Some(largest)
}

impl Expanded {
    fn or_larger(self, other: Self) -> Self {
        Self {
            selections: self.selections.max(other.selections),
            levels: self.levels.max(other.levels),
            fields: self.fields.max(other.fields),
            representations: self.representations.max(other.representations),
        }
    }

    /// With a field or spread that stands above `below`.
    fn with(self, below: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(below.selections).saturating_add(1),
            levels: self.levels.max(below.levels.saturating_add(1)),
            fields: self.fields.saturating_add(below.fields),
            representations: self.representations.saturating_add(below.representations),
        }
    }
}

struct Measure<'d> {
    document: &'d ExecutableDocument,
    work: &'d Work<'d>,
    /// By name and by the length of the page that the fragment is of.
    fragments: HashMap<(&'d str, Option<usize>), Expanded>,
}

impl<'d> Measure<'d> {
    /// `depth` bounds this recursion, circles included.
    fn selection_set(&mut self, set: &'d SelectionSet, place: Place<'d>, depth: usize) -> Option<Expanded> {
        if depth > NESTING_MAX {
            return None;
        }
        let mut sum = Expanded::default();
        for selection in &set.items {
            sum = sum.with(self.selection(&selection.node, place, depth + 1)?);
        }
        Some(sum)
    }

    fn selection(&mut self, selection: &'d Selection, place: Place<'d>, depth: usize) -> Option<Expanded> {
        match selection {
            Selection::Field(field) => {
                let below = self.work.below(&field.node, place);
                let mut size = self.selection_set(&field.node.selection_set.node, below.place, depth)?;
                size.fields = size.fields.saturating_mul(below.times).saturating_add(1);
                size.representations = size.representations.saturating_add(below.representations);
                Some(size)
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                let place = Place { parent: condition.or(place.parent), ..place };
                self.selection_set(&fragment.node.selection_set.node, place, depth)
            }
            Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str(), place, depth),
        }
    }

    fn fragment(&mut self, name: &'d str, place: Place<'d>, depth: usize) -> Option<Expanded> {
        if let Some(known) = self.fragments.get(&(name, place.page)) {
            return Some(*known);
        }
        // Validation reports a fragment that doesn't exist.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Some(Expanded::default());
        };
        let place = Place { parent: Some(fragment.node.type_condition.node.on.node.as_str()), ..place };
        let size = self.selection_set(&fragment.node.selection_set.node, place, depth)?;
        self.fragments.insert((name, place.page), size);
        Some(size)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Context, EmptyMutation, ID, Object, SimpleObject, Variables, parser::parse_query};
    use serde_json::{Value, json};

    use super::{super::shape::Shape, *};
    use crate::{Connection, Entity, Result};

    struct Query;

    struct Shelf;

    #[derive(SimpleObject)]
    struct Page {
        number: i32,
    }

    #[Object]
    impl Shelf {
        async fn books(&self, first: Option<i32>, last: Option<i32>) -> Result<Option<Connection<Book>>> {
            Ok(first.or(last).map(|_| Connection { edges: Vec::new(), page_info: page_info() }))
        }
    }

    struct Book;

    #[Object]
    impl Book {
        async fn shelf(&self) -> Shelf {
            Shelf
        }

        async fn pages(&self) -> Vec<Page> {
            Vec::new()
        }
    }

    #[Object]
    impl Query {
        async fn shelf(&self) -> Shelf {
            Shelf
        }

        #[graphql(entity)]
        async fn shelf_by_id(&self, _context: &Context<'_>, id: ID) -> Entity<Shelf> {
            Entity::find(async { Ok((id.as_str() == "1").then_some(Shelf)) }).await
        }
    }

    fn page_info() -> crate::PageInfo {
        crate::PageInfo { has_previous_page: false, has_next_page: false, start_cursor: None, end_cursor: None }
    }

    fn with(query: &str, variables: Value) -> Option<Expanded> {
        let shape = Shape::of::<Query, EmptyMutation>();
        let variables = Variables::from_json(variables);
        let document = parse_query(query).unwrap();
        let work = Work::new(&document, &shape, &variables);
        expanded(&document, &work)
    }

    fn of(query: &str) -> Option<Expanded> {
        with(query, json!({}))
    }

    fn fields(query: &str, variables: Value) -> usize {
        with(query, variables).unwrap().fields
    }

    #[test]
    fn pages_and_lists_count_with_their_length() {
        for (query, fields_expected) in [
            ("{ shelf { __typename } }", 2),
            // shelf, books, pageInfo with one below, edges and two below each of 20.
            ("{ shelf { books { pageInfo { hasNextPage } edges { cursor node { __typename } } } } }", 5 + 20 * 3),
            ("{ shelf { books(first: 3) { edges { cursor } } } }", 3 + 3),
            ("{ shelf { books(last: 4) { edges { cursor } } } }", 3 + 4),
            ("{ shelf { books(first: 1000000) { edges { cursor } } } }", 3 + 100),
            ("{ shelf { books(first: -1) { edges { cursor } } } }", 3),
            ("{ shelf { books(first: 2) { edges { node { pages { number } } } } } }", 3 + 2 * (2 + 10)),
            ("{ shelf { books(first: 2) { ...C } } } fragment C on BookConnection { edges { cursor } }", 3 + 2),
            ("{ shelf { ... { books(first: 5) { ... on BookConnection { edges { cursor } } } } } }", 3 + 5),
        ] {
            assert_eq!(fields(query, json!({})), fields_expected, "{query}");
        }
    }

    #[test]
    fn pages_count_as_their_variables_say() {
        let query = "query ($n: Int = 7) { shelf { books(first: $n) { edges { cursor } } } }";
        assert_eq!(fields(query, json!({ "n": 9 })), 3 + 9);
        assert_eq!(fields(query, json!({})), 3 + 7);
        assert_eq!(fields(query, json!({ "n": null })), 3 + 20);
        assert_eq!(fields(query, json!({ "n": "many" })), 3 + 20);
    }

    #[test]
    fn entities_count_with_their_representations() {
        let query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shelf { books(first: 2) { \
                     edges { cursor } } } } }";
        let size = with(query, json!({ "r": vec![json!({ "__typename": "Shelf", "id": "1" }); 50] })).unwrap();
        assert_eq!((size.fields, size.representations), (1 + 50 * (2 + 2), 50));
        let literal = r#"{ _entities(representations: [{__typename: "Shelf", id: "1"}, 7]) { __typename } }"#;
        assert_eq!(fields(literal, json!({})), 1 + 2);
    }

    #[test]
    fn pages_of_pages_multiply_without_an_overflow() {
        let level = "books(first: 100) { edges { node { shelf { ";
        let query = format!("{{ shelf {{ {} __typename {} }} }}", level.repeat(14), "} } } }".repeat(14));
        assert!(fields(&query, json!({})) > 1 << 60);
    }

    #[test]
    fn counts_fragments_as_often_as_they_are_spread() {
        let size = of("{ a { b } ...F ...F } fragment F on Q { c { d } }").unwrap();
        assert_eq!((size.selections, size.levels), (8, 3));
    }

    #[test]
    fn measures_doubling_fragments_without_walking_them() {
        let fragments: String =
            (0..60).map(|n| format!("fragment F{n} on Q {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
        let size = of(&format!("{{ ...F0 }} {fragments} fragment F60 on Q {{ a }}")).unwrap();
        assert!(size.selections > 1 << 60);
    }

    #[test]
    fn gives_up_on_circles_and_long_chains() {
        assert_eq!(of("{ ...F } fragment F on Q { ...G } fragment G on Q { ...F }"), None);
        let chain: String = (0..5_000).map(|n| format!("fragment F{n} on Q {{ ...F{} }} ", n + 1)).collect();
        assert_eq!(of(&format!("{{ ...F0 }} {chain} fragment F5000 on Q {{ a }}")), None);
    }
}
