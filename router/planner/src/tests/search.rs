//! What is best for all places together, and what planning may cost.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use graphql::ExecutableDocument;

use super::small::supergraph;
use super::{Loaded, plan, plan_within};
use crate::{Budget, PlanError};

/// Six entities in `a`, each with a value that two of `b` to `f` have: `c` and `d` together have all.
fn pairs() -> Loaded {
    let pairs = ["B C", "B D", "C E", "D E", "C F", "D F"];
    let mut types = String::new();
    let mut roots = String::new();
    for (number, pair) in pairs.iter().enumerate() {
        let graphs: Vec<&str> = pair.split(' ').collect();
        let joins: String = graphs.iter().map(|graph| format!(" @join__type(graph: {graph}, key: \"id\")")).collect();
        let fields: String = graphs.iter().map(|graph| format!(" @join__field(graph: {graph})")).collect();
        let _ = write!(types, " type P{number} @join__type(graph: A, key: \"id\"){joins} {{ id: ID! v: Int{fields} }}");
        let _ = write!(roots, " p{number}: P{number} @join__field(graph: A)");
    }
    let all: String = "ABCDEF".chars().map(|graph| format!(" @join__type(graph: {graph})")).collect();
    supergraph(&["a", "b", "c", "d", "e", "f"], &format!("type Query{all} {{{roots} }} {types}"))
}

#[test]
fn finds_the_subgraphs_that_suit_all_places_together() {
    let supergraph = pairs();
    let places: String = (0..6).map(|number| format!(" p{number} {{ v }}")).collect();
    let plan = plan(&supergraph, &format!("{{{places} }}")).unwrap();
    let text = crate::print(&plan, &supergraph);
    assert_eq!((plan.steps(), plan.requests()), (2, 3), "{text}");
}

#[test]
fn asks_the_field_above_of_another_subgraph_where_that_is_a_step_less() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            x: Int @join__field(graph: A)
            y: Int @join__field(graph: B)
        }"#,
    );
    let plan = plan(&supergraph, "{ o { x y } }").unwrap();
    let text = crate::print(&plan, &supergraph);
    assert_eq!((plan.steps(), plan.requests()), (1, 2), "{text}");
}

#[test]
fn asks_a_shared_abstract_field_of_two_subgraphs_where_that_is_a_step_less() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { media: Media }
        union Media @join__type(graph: A) @join__type(graph: B)
            @join__unionMember(graph: A, member: "Book") @join__unionMember(graph: A, member: "Song")
            @join__unionMember(graph: B, member: "Book") @join__unionMember(graph: B, member: "Movie")
            = Book | Song | Movie
        type Book @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            x: Int @join__field(graph: A)
            y: Int @join__field(graph: B)
        }
        type Song @join__type(graph: A) { z: Int }
        type Movie @join__type(graph: B) { z: Int }"#,
    );
    let plan = plan(&supergraph, "{ media { ... on Book { x y } } }").unwrap();
    let text = crate::print(&plan, &supergraph);
    assert_eq!((plan.steps(), plan.requests()), (1, 2), "{text}");
    // What it is, one subgraph says alone.
    assert_eq!(text.matches("__typename").count(), 1, "{text}");
}

/// Ten subgraphs that share every field of values nested in one another.
fn shared() -> (Loaded, String) {
    let names: Vec<String> = (0..10).map(|number| format!("s{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let all: String = names.iter().map(|name| format!(" @join__type(graph: {})", name.to_uppercase())).collect();
    let mut types = format!("type Query{all} {{ v0: V0 }}");
    for level in 0..12 {
        let _ = write!(types, " type V{level}{all} {{ a: V{0} b: V{0} x: Int }}", level + 1);
        for own in 0..10 {
            let _ = write!(types, " extend type V{level} {{ own{own}: Int @join__field(graph: S{own}) }}");
        }
    }
    let _ = write!(types, " type V12{all} {{ x: Int }}");
    let mut query = "{ x }".to_owned();
    for level in (0..12).rev() {
        query = format!("{{ a {query} b {{ x }} x own{} own{} }}", level % 10, (level + 3) % 10);
    }
    (supergraph(&names, &types), format!("{{ v0 {query} }}"))
}

fn parse(supergraph: &Loaded, query: &str) -> graphql::Valid<ExecutableDocument> {
    ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation").unwrap()
}

#[test]
fn plans_values_that_ten_subgraphs_share_in_few_steps() {
    let (supergraph, query) = shared();
    let budget = Budget { steps_max: 50_000, ..Budget::default() };
    let plan = plan_within(&supergraph, &parse(&supergraph, &query), &budget).unwrap();
    assert_eq!((plan.steps(), plan.requests()), (1, 10), "{}", crate::print(&plan, &supergraph));
}

#[test]
fn stops_when_told_with_the_best_plan_so_far() {
    let (supergraph, query) = shared();
    let document = parse(&supergraph, &query);
    let at_once = Budget { stop: Some(&|| true), ..Budget::default() };
    assert_eq!(plan_within(&supergraph, &document, &at_once).unwrap_err(), PlanError::Stopped);
    let one = Budget { plans_max: 1, ..Budget::default() };
    let asked = AtomicU32::new(0);
    let count = || {
        asked.fetch_add(1, Relaxed);
        false
    };
    plan_within(&supergraph, &document, &Budget { stop: Some(&count), ..one }).unwrap();
    // One more question than the first plan has: it is there, and the search for a better one ends.
    let left = AtomicU32::new(asked.load(Relaxed));
    let stop = || left.fetch_sub(1, Relaxed) <= 1;
    plan_within(&supergraph, &document, &Budget { stop: Some(&stop), ..Budget::default() }).unwrap_err();
    left.store(asked.load(Relaxed) + 1, Relaxed);
    plan_within(&supergraph, &document, &Budget { stop: Some(&stop), ..Budget::default() }).unwrap();
}

#[test]
fn holds_no_more_places_than_it_may() {
    let (supergraph, query) = shared();
    let budget = Budget { places_max: 50, ..Budget::default() };
    let refused = plan_within(&supergraph, &parse(&supergraph, &query), &budget).unwrap_err();
    assert_eq!(refused, PlanError::TooComplex { what: "places to plan for", max: 50 });
}

/// Wherever planning is stopped, there is no plan, or one that holds.
#[test]
fn keeps_what_is_merged_when_it_is_stopped() {
    let supergraph = supergraph(
        &["a", "b", "c"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { o(n: Int): O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id") {
            id: ID!
            p: Int @join__field(graph: B) @join__field(graph: C, external: true)
            r: Int @join__field(graph: C, requires: "p") @join__field(graph: B, external: true)
            q: Int @join__field(graph: B, requires: "r")
            l: Int @join__field(graph: B)
        }"#,
    );
    let places: String = (0..4).map(|number| format!(" o{number}: o(n: {number}) {{ q l }}")).collect();
    let document =
        ExecutableDocument::parse_and_validate(&supergraph.api_schema, format!("{{{places} }}"), "").unwrap();
    let mut planned = 0;
    for asks in 0..200 {
        let left = AtomicU32::new(asks);
        let stop = || left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_err();
        match plan_within(&supergraph, &document, &Budget { stop: Some(&stop), ..Budget::default() }) {
            Err(error) => assert_eq!((error, planned), (PlanError::Stopped, 0), "{asks}"),
            Ok(plan) => {
                super::prove(&supergraph, &document, &plan);
                planned += 1;
            }
        }
    }
    assert!(planned > 0);
}
