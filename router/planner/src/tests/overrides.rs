//! Progressive overrides: the labels in force decide who is asked, and only labels that matter are named.

use federation::{LabelSet, Supergraph};
use graphql::{ExecutableDocument, Valid};

use super::small::supergraph;
use super::{Loaded, proved_under};
use crate::{Decided, override_labels};

fn labelled() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) {
            f: Int @join__field(graph: A, override: "b", overrideLabel: "percent(5)") @join__field(graph: B, overrideLabel: "percent(5)")
            o: O @join__field(graph: A)
            u: U @join__field(graph: A, overrideLabel: "moving") @join__field(graph: B, override: "a", overrideLabel: "moving")
        }
        union U @join__type(graph: A) @join__unionMember(graph: A, member: "O") @join__type(graph: B)
            @join__unionMember(graph: B, member: "P") = O | P
        type P @join__type(graph: B) { id: ID! }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            plain: Int @join__field(graph: A)
            moved: Int @join__field(graph: A, overrideLabel: "moving") @join__field(graph: B, override: "a", overrideLabel: "moving")
            sum: Int @join__field(graph: B, requires: "weight")
            weight: Int @join__field(graph: A, overrideLabel: "weighing") @join__field(graph: B, override: "a", overrideLabel: "weighing")
        }"#,
    )
}

fn parse(supergraph: &Supergraph, query: &str) -> Valid<ExecutableDocument> {
    ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation").unwrap()
}

/// The subgraphs that are asked while these labels are in force.
fn asked(supergraph: &Loaded, query: &str, labels: &[&str]) -> Vec<String> {
    let all = (0..).map(federation::LabelId).zip(&supergraph.override_labels);
    let labels: LabelSet = all.filter(|(_, label)| labels.contains(&label.as_str())).map(|(id, _)| id).collect();
    let decided = Decided { conditions: &|_| None, labels: &labels, deferral: crate::Deferral::Off };
    let plan = proved_under(supergraph, &parse(supergraph, query), decided).ok().unwrap();
    plan.fetches.iter().map(|fetch| supergraph.subgraph(fetch.subgraph).name.clone()).collect()
}

#[test]
fn a_label_in_force_moves_a_field() {
    let supergraph = labelled();
    assert_eq!(asked(&supergraph, "{ f }", &[]), ["b"]);
    assert_eq!(asked(&supergraph, "{ f }", &["percent(5)"]), ["a"]);
    assert_eq!(asked(&supergraph, "{ o { moved } }", &["percent(5)"]), ["a"]);
    assert_eq!(asked(&supergraph, "{ o { moved } }", &["moving"]), ["a", "b"]);
    // What is required moves into the subgraph that requires it: it is asked twice.
    assert_eq!(asked(&supergraph, "{ o { sum } }", &[]), ["a", "b"]);
    assert_eq!(asked(&supergraph, "{ o { sum } }", &["weighing"]), ["a", "b", "b"]);
}

#[test]
fn a_value_is_what_the_subgraph_in_force_says() {
    let supergraph = labelled();
    for labels in [&[][..], &["moving"]] {
        assert_eq!(asked(&supergraph, "{ u { __typename ... on O { id } ... on P { id } } }", labels).len(), 1);
    }
}

#[test]
fn names_the_labels_of_what_is_selected_and_of_what_that_needs() {
    let supergraph = labelled();
    let touched = |query: &str| {
        let document = parse(&supergraph, query);
        let labels = override_labels(&supergraph, &document, document.operations.iter().next().unwrap());
        labels.iter().map(|id| supergraph.override_labels[id.0 as usize].clone()).collect::<Vec<_>>()
    };
    assert_eq!(touched("{ o { plain } }"), [""; 0]);
    assert_eq!(touched("{ f ...X } fragment X on Query { o { moved } }"), ["percent(5)", "moving"]);
    assert_eq!(touched("{ o { sum } }"), ["weighing"]);
}
