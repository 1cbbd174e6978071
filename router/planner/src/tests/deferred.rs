//! Deferred fragments: what is asked by whom, and which part of the response waits for what.

use graphql::{ExecutableDocument, with_defer};

use super::small::supergraph;
use super::{Failure, Loaded, proved_under};
use crate::plan::{BlockId, FetchId, FetchKind, PathSegment, QueryPlan};
use crate::{Decided, Deferral};
use federation::LabelSet;

/// Products in two subgraphs, with a value type, a requirement, and something without a key.
pub fn shop() -> Loaded {
    supergraph(
        &["a", "b", "c"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
            p: P @join__field(graph: A)
            list: [P] @join__field(graph: A)
            any: I @join__field(graph: A)
            other: Int @join__field(graph: B)
        }
        type Mutation @join__type(graph: A) { change: P @join__field(graph: A) then: P @join__field(graph: A) }
        interface I @join__type(graph: A) { id: ID! }
        type P implements I @join__implements(graph: A, interface: "I")
            @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
            id: ID!
            name: String @join__field(graph: A)
            size: Size @join__field(graph: A)
            weight: Int @join__field(graph: A) @join__field(graph: C, external: true)
            reviews: [R] @join__field(graph: B)
            price: Int @join__field(graph: B)
            postage: Int @join__field(graph: C, requires: "weight")
            shared: Int @join__field(graph: A) @join__field(graph: B)
        }
        type Q implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id") {
            id: ID!
        }
        type Size @join__type(graph: A) { width: Int height: Int }
        type R @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
            id: ID!
            text: String @join__field(graph: B)
            author: String @join__field(graph: C)
        }"#,
    )
}

/// Operations whose responses come in several parts.
pub const QUERIES: &[&str] = &[
    r#"{ p { name ... @defer(label: "x") { price } } }"#,
    "{ p { id ... @defer { name } } }",
    "{ p { shared ... @defer { shared price } } }",
    "{ p { size { width } ... @defer { size { height } name } } }",
    "{ p { name ... @defer { postage } } }",
    "{ p { ... @defer { price reviews { text ... @defer { author } } } } }",
    "{ p { ... @defer { price } ... @defer { reviews { text } } } }",
    "{ x: p { ...F } y: p { ...F } } fragment F on P { ... @defer { price } }",
    "{ p { ... @defer { price reviews { text } } ... @defer { reviews { text author } } } }",
    "{ ... @defer { p { name } } other }",
    "mutation { change { ... @defer { price } } then { price } }",
    "{ p { ... @defer { shared ... @defer { reviews { text ... @defer { author } } } } } }",
    "{ ... @defer { list { id ... @defer { price ... @defer { postage } } } } }",
    r#"{ any { id ... on P @defer(label: "p") { price name } ... on Q @defer { id } } }"#,
    "{ list { ...F @defer } } fragment F on P { price postage reviews { text author } }",
    "{ a: p { price postage } b: list { postage reviews { author } } ... @defer { c: list { reviews { author } } } }",
    "{ p { __typename ... @defer { __typename any: shared } } any { __typename ... @defer { __typename id } } }",
];

/// The plan of an operation whose response may come in parts.
pub fn planned_on_shop(query: &str) -> (QueryPlan, Loaded) {
    let shop = shop();
    (planned_by(&shop, query, &|_| None), shop)
}

fn planned_when(query: &str, conditions: &dyn Fn(&str) -> Option<bool>) -> QueryPlan {
    planned_by(&shop(), query, conditions)
}

fn planned_by(shop: &Loaded, query: &str, conditions: &dyn Fn(&str) -> Option<bool>) -> QueryPlan {
    let schema = with_defer(&shop.api_schema);
    let document = ExecutableDocument::parse_and_validate(&schema, query, "").unwrap_or_else(|e| panic!("{e}"));
    let decided = Decided { conditions, labels: &LabelSet::default(), deferral: Deferral::On };
    match proved_under(shop, &document, decided) {
        Ok(plan) => plan,
        Err(Failure::None(error)) => panic!("{query}: {error}"),
        Err(Failure::Unsound(why)) => panic!("{query}: {why}"),
    }
}

fn planned(query: &str) -> QueryPlan {
    planned_when(query, &|_| None)
}

/// Subgraph and document of fetches.
fn texts(plan: &QueryPlan, fetches: &[FetchId]) -> Vec<String> {
    let fetch = |id: &FetchId| {
        let fetch = &plan.fetches[id.0 as usize];
        let name = ["a", "b", "c"][usize::from(fetch.subgraph.0)];
        let text =
            fetch.document.replace("query($representations:[_Any!]!){_entities(representations:$representations)", "");
        format!("{name} {text}")
    };
    fetches.iter().map(fetch).collect()
}

/// What the first part needs, then each block.
fn needs(plan: &QueryPlan) -> Vec<Vec<String>> {
    let blocks = plan.blocks.iter().map(|block| texts(plan, &block.needs));
    std::iter::once(texts(plan, &plan.first)).chain(blocks).collect()
}

#[test]
fn a_field_of_another_subgraph_is_asked_by_a_fetch_that_the_first_part_does_not_need() {
    let plan = planned(r#"{ p { name ... @defer(label: "x") { price } } }"#);
    assert_eq!(needs(&plan), [["a query{p{name id}}"], ["b {...on P{price}}}"]]);
    assert_eq!(plan.blocks[0].label.as_deref(), Some("x"));
}

#[test]
fn a_field_of_the_same_subgraph_is_asked_by_its_key() {
    assert_eq!(needs(&planned("{ p { id ... @defer { name } } }")), [["a query{p{id}}"], ["a {...on P{name}}}"]]);
}

#[test]
fn fields_also_selected_outside_are_not_deferred() {
    let plan = planned("{ p { shared ... @defer { shared price } } }");
    assert_eq!(texts(&plan, &plan.first), ["a query{p{shared id}}"]);
    assert_eq!(texts(&plan, &plan.blocks[0].needs), ["a query{p{shared id}}", "b {...on P{price}}}"]);
    // A block of keys alone needs nothing more (apollographql/federation#2125, apollographql/router#10170).
    let plan = planned("{ p { id ... @defer { id } } }");
    assert_eq!(plan.fetches.len(), 1);
}

#[test]
fn what_has_no_key_comes_with_what_is_around_it_and_is_only_delivered_later() {
    let plan = planned("{ p { size { width ... @defer { height } } } }");
    assert_eq!(needs(&plan), [["a query{p{size{width height}}}"], ["a query{p{size{width height}}}"]]);
    let plan = planned("{ p { size { width } ... @defer { size { height } name } } }");
    assert_eq!(texts(&plan, &plan.first), ["a query{p{size{width height} id}}"]);
    assert_eq!(texts(&plan, &plan.blocks[0].needs)[1..], ["a {...on P{name}}}"]);
}

#[test]
fn what_a_deferred_field_requires_is_deferred() {
    let plan = planned("{ p { name ... @defer { postage } } }");
    assert_eq!(needs(&plan), [["a query{p{name id}}"], ["c {...on P{postage}}}"]]);
    assert_eq!(texts(&plan, &[FetchId(1)]), ["a {...on P{weight}}}"]);
    // Unless it is there anyway.
    assert_eq!(planned("{ p { weight ... @defer { postage } } }").fetches.len(), 2);
}

/// apollographql/federation#2312, apollographql/federation#2129
#[test]
fn nested_fragments_depend_on_the_outer_one() {
    let plan = planned("{ p { ... @defer { price reviews { text ... @defer { author } } } } }");
    let wanted = [["a query{p{id}}"], ["b {...on P{reviews{id text} price}}}"], ["c {...on R{author}}}"]];
    assert_eq!(needs(&plan), wanted);
    assert_eq!(plan.blocks[1].parent, Some(BlockId(0)));
}

/// apollographql/router#10153
#[test]
fn fetches_of_different_parts_are_never_merged() {
    let plan = planned("{ p { price ... @defer { reviews { text } } } }");
    assert_eq!(texts(&plan, &plan.first), ["a query{p{id}}", "b {...on P{price}}}"]);
    assert_eq!(texts(&plan, &plan.blocks[0].needs), ["b {...on P{reviews{text}}}}"]);
    let plan = planned("{ p { ... @defer { price } ... @defer { reviews { text } } } }");
    assert_eq!(needs(&plan)[1..], [["b {...on P{price}}}"], ["b {...on P{reviews{text}}}}"]]);
    let plan = planned("{ x: p { ...F } y: p { ...F } } fragment F on P { ... @defer { price } }");
    assert_eq!((plan.fetches.len(), plan.blocks.len()), (3, 2));
    assert_ne!(plan.blocks[0].needs, plan.blocks[1].needs);
}

#[test]
fn what_two_fragments_share_is_asked_once() {
    let plan = planned("{ p { ... @defer { price reviews { text } } ... @defer { reviews { text author } } } }");
    let shared = "b {...on P{reviews{id text}}}}";
    assert_eq!(texts(&plan, &plan.blocks[0].needs), ["b {...on P{price}}}", shared]);
    assert_eq!(texts(&plan, &plan.blocks[1].needs), [shared, "c {...on R{author}}}"]);
}

#[test]
fn one_fetch_gets_all_of_a_part_that_a_subgraph_has() {
    assert_eq!(needs(&planned("{ p { ... @defer { shared price } } }"))[1], ["b {...on P{price shared}}}"]);
}

#[test]
fn root_fields_are_deferred() {
    assert_eq!(needs(&planned("{ ... @defer { p { name } } other }")), [["b query{other}"], ["a query{p{name}}"]]);
    let plan = planned("{ ... @defer { p { name } other } }");
    assert!(plan.first.is_empty());
    assert_eq!(texts(&plan, &plan.blocks[0].needs), ["a query{p{name}}", "b query{other}"]);
}

#[test]
fn the_next_field_of_a_mutation_does_not_wait_for_what_is_deferred() {
    let plan = planned("mutation { change { ... @defer { price } } then { price } }");
    let then = plan.fetches.iter().find(|fetch| fetch.document.contains("then")).unwrap();
    assert_eq!(texts(&plan, &then.after), ["a mutation{change{id}}"]);
}

/// apollographql/federation#2281, apollographql/federation#2093, apollographql/federation#2126
#[test]
fn type_conditions_decide_where_a_block_begins() {
    for query in [
        "{ any { id ... on P @defer { price } } }",
        "{ any { id ...F @defer } } fragment F on P { price }",
        "{ any { id ...F } } fragment F on I { ... on P @defer { price } }",
    ] {
        let plan = planned(query);
        let FetchKind::Entities(entities) = &plan.fetches[1].kind else { panic!("{query}") };
        assert!(matches!(&*entities.paths[0], [PathSegment::Key(_)]), "{:?}", entities.paths);
        assert_eq!(entities.representations.len(), 1);
        let any = plan.response.variants[0].fields[0].selection.as_ref().unwrap();
        let begun: Vec<usize> = any.variants.iter().map(|variant| variant.begun.len()).collect();
        assert_eq!(begun.iter().sum::<usize>(), 1, "{query}: one type alone begins it");
    }
}

#[test]
fn lists_have_one_block_for_all_items() {
    assert_eq!(
        needs(&planned("{ list { ...F @defer } } fragment F on P { price }")),
        [["a query{list{id}}"], ["b {...on P{price}}}"]]
    );
}

/// apollographql/federation#2121
#[test]
fn conditions_decide_on_deferral() {
    let query = "query($if: Boolean! = true) { p { name ... @defer(if: $if) { price } } }";
    assert_eq!(planned_when(query, &|_| Some(true)).blocks.len(), 1);
    assert_eq!(planned_when(query, &|_| None).blocks.len(), 1);
    assert!(planned_when(query, &|_| Some(false)).blocks.is_empty());
    assert!(planned("{ p { name ... @defer(if: false) { price } } }").blocks.is_empty());
}

#[test]
fn a_clients_alias_in_a_deferred_fragment_is_not_taken_for_a_key() {
    let plan = planned("{ p { name ... @defer { id: name price } } }");
    assert_eq!(texts(&plan, &plan.first), ["a query{p{name _id_0:id}}"]);
}

#[test]
fn beyond_the_bound_fragments_are_not_deferred() {
    let fragments: String = (0..100).map(|number| format!(" ... @defer {{ n{number}: price }}")).collect();
    assert_eq!(planned(&format!("{{ p {{ {fragments} }} }}")).blocks.len(), 64);
}

#[test]
fn the_type_of_a_root_entered_again_needs_no_fetch_but_may_stand_beside_what_does() {
    let roots = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) {
            t: T @join__field(graph: A)
            n: Int @join__field(graph: B)
            ts: [T] @join__field(graph: B)
        }
        type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            query: Query @join__field(graph: A)
            z: Int @join__field(graph: B)
        }"#,
    );
    let plan = planned_by(&roots, "{ t { query { n ... @defer { __typename ts { z } } } } }", &|_| None);
    assert_eq!(plan.blocks.len(), 1);
}
