//! Mutations: one field after the other, whatever is below them.

use super::small::{fetches, supergraph};
use super::{Loaded, plan};
use crate::plan::{FetchKind, OperationKind};

fn mutations() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { q: Int @join__field(graph: A) }
        type Mutation @join__type(graph: A) @join__type(graph: B) {
            m1: O @join__field(graph: A)
            m2: O @join__field(graph: A)
            n: Int @join__field(graph: B)
            shared: Int
        }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            x: Int @join__field(graph: A)
            y: Int @join__field(graph: B)
        }"#,
    )
}

#[test]
fn joins_neighbouring_mutations_of_one_subgraph() {
    let supergraph = mutations();
    let plan = plan(&supergraph, "mutation { m1 { x } m2 { x } n }").unwrap();
    let documents: Vec<String> = fetches(&supergraph, &plan).into_iter().map(|(_, document)| document).collect();
    assert_eq!(documents, ["mutation{m1{x} m2{x}}", "mutation{n}"]);
    assert_eq!(plan.kind, OperationKind::Mutation);
    assert_eq!(plan.fetches[1].after.len(), 1);
}

#[test]
fn finishes_a_mutation_field_before_the_next() {
    let supergraph = mutations();
    let plan = plan(&supergraph, "mutation { m1 { y } m2 { y } }").unwrap();
    let kinds: Vec<bool> = plan.fetches.iter().map(|fetch| matches!(fetch.kind, FetchKind::Root { .. })).collect();
    assert_eq!(kinds, [true, false, true, false], "{}", crate::print(&plan, &supergraph));
    let after: Vec<u32> = plan.fetches[2].after.iter().map(|id| id.0).collect();
    assert_eq!(after, [0, 1]);
}

#[test]
fn runs_a_shared_mutation_once() {
    let supergraph = mutations();
    let plan = plan(&supergraph, "mutation { shared }").unwrap();
    assert_eq!(plan.fetches.len(), 1);
}

#[test]
fn lets_a_root_below_a_mutation_wait_for_what_leads_there_alone() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) n: Int @join__field(graph: B) }
        type Mutation @join__type(graph: A) { m: P }
        type P @join__type(graph: A) { query: Query t: T }
        type T @join__type(graph: A, key: "id") { id: ID! query: Query }"#,
    );
    let plan = plan(&supergraph, "mutation { m { t { __typename } } f0: m { t { query { n } } } }").unwrap();
    let after: Vec<Vec<u32>> = plan.fetches.iter().map(|fetch| fetch.after.iter().map(|id| id.0).collect()).collect();
    assert_eq!(after, [vec![], vec![0], vec![1]]);
}
