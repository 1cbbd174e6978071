//! What documents measure.

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
    let fragments: String = (0..60).map(|n| format!("fragment F{n} on Q {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
    let size = of(&format!("{{ ...F0 }} {fragments} fragment F60 on Q {{ a }}")).unwrap();
    assert!(size.selections > 1 << 60);
}

#[test]
fn gives_up_on_circles_and_long_chains() {
    assert_eq!(of("{ ...F } fragment F on Q { ...G } fragment G on Q { ...F }"), None);
    let chain: String = (0..5_000).map(|n| format!("fragment F{n} on Q {{ ...F{} }} ", n + 1)).collect();
    assert_eq!(of(&format!("{{ ...F0 }} {chain} fragment F5000 on Q {{ a }}")), None);
}
