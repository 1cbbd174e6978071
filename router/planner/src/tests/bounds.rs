//! Large and deep operations: planned within bounds, or refused by them.

use super::plan;
use super::small::{fetches, supergraph, two};
use crate::{Budget, PlanError};

#[test]
fn refuses_fragments_that_double_thirty_times() {
    let supergraph =
        supergraph(&["a"], "type Query @join__type(graph: A) { o: O } type O @join__type(graph: A) { o: O x: Int }");
    let mut query = "{ o { ...F0 } }".to_owned();
    for level in 0..30 {
        query.push_str(&format!(" fragment F{level} on O {{ a: o {{ ...F{0} }} b: o {{ ...F{0} }} }}", level + 1));
    }
    query.push_str(" fragment F30 on O { x }");
    let error = plan(&supergraph, &query).unwrap_err();
    assert_eq!(error.code(), "OPERATION_TOO_COMPLEX");
}

#[test]
fn plans_seventy_implementations_with_little_work() {
    let mut types = "interface I @join__type(graph: A) { id: ID! next: I }".to_owned();
    for number in 0..70 {
        types.push_str(&format!(
            r#" type T{number} implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
            {{ id: ID! next: I @join__field(graph: A) b{number}: Int @join__field(graph: B) }}"#
        ));
    }
    types.push_str(" type Query @join__type(graph: A) @join__type(graph: B) { i: I @join__field(graph: A) }");
    let supergraph = supergraph(&["a", "b"], &types);
    let document = "{ i { next { next { id next { id ... on T3 { b3 } ... on T4 { b4 next { id } } } } } } }";
    let document =
        graphql::ExecutableDocument::parse_and_validate(&supergraph.api_schema, document, "operation").unwrap();
    let budget = Budget { steps_max: 20_000, ..Budget::default() };
    let plan = super::plan_within(&supergraph, &document, &budget).unwrap();
    assert_eq!(plan.fetches.len(), 2, "{}", crate::print(&plan, &supergraph));
    assert!(plan.fetches.iter().all(|fetch| fetch.document.len() < 1000), "{}", crate::print(&plan, &supergraph));
}

#[test]
fn plans_ten_thousand_aliases_of_fields_and_entities() {
    let supergraph = two();
    let mut fields = String::new();
    for number in 0..5_000 {
        fields.push_str(&format!(" z{number}: z b{number}: b(n: {number})"));
    }
    let budget = Budget { steps_max: 200_000, ..Budget::default() };
    let parse = |query: &str| {
        graphql::ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation").unwrap()
    };
    let document = parse(&format!("{{ o {{ {fields} }} }}"));
    let plan = super::plan_within(&supergraph, &document, &budget).unwrap();
    assert_eq!(plan.fetches.len(), 2);
    let mut places = String::new();
    for number in 0..1_500 {
        places.push_str(&format!(" o{number}: o(n: {number}) {{ b c }}"));
    }
    let document = parse(&format!("{{ {places} }}"));
    let plan = super::plan_within(&supergraph, &document, &budget).unwrap();
    assert_eq!(plan.fetches.len(), 2);
}

#[test]
fn plans_an_operation_a_hundred_levels_deep() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            a: O @join__field(graph: A)
            b: O @join__field(graph: B)
        }"#,
    );
    let below: String = (0..48).map(|_| "a { b { ").collect();
    let query = format!("{{ o {{ {below} id {} }} }}", "} }".repeat(48));
    let planned = plan(&supergraph, &query).unwrap();
    assert_eq!(planned.fetches.len(), 96);
}

#[test]
fn counts_the_levels_of_what_is_selected_below_several_fields() {
    let supergraph = supergraph(&["a"], "type Query @join__type(graph: A) { self: Query n: Int }");
    // What each fragment selects has been seen at a lesser depth.
    let nested = |fragments: usize| {
        let fields: String = (0..fragments).map(|n| format!(" p{n}: self {{ ...F{n} }}")).collect();
        let fragments =
            (1..fragments).map(|n| format!(" fragment F{n} on Query {{ self {{ self {{ ...F{} }} }} }}", n - 1));
        plan(&supergraph, &format!("{{{fields} }} fragment F0 on Query {{ n }}{}", fragments.collect::<String>()))
    };
    nested(50).unwrap();
    let refused = nested(51).unwrap_err();
    assert_eq!(refused, PlanError::TooComplex { what: "levels of nesting", max: 100 });
}

#[test]
fn lets_an_early_request_join_a_later_one_at_a_thousand_places() {
    let supergraph = supergraph(
        &["a", "b", "d"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o(n: Int): O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: D, key: "id") {
            id: ID!
            w: Int @join__field(graph: D) @join__field(graph: B, external: true)
            b: Int @join__field(graph: B)
            c: Int @join__field(graph: B, requires: "w")
        }"#,
    );
    let places: String = (0..1_000).map(|number| format!(" o{number}: o(n: {number}) {{ b c }}")).collect();
    let plan = plan(&supergraph, &format!("{{ {places} }}")).unwrap();
    let names: Vec<String> = fetches(&supergraph, &plan).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "d", "b"]);
}
