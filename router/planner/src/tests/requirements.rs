//! What fields require: read without a trace in what the client sees.

use super::small::supergraph;
use super::{fixtures, load, plan, read};
use crate::PlanError;

#[test]
fn reads_what_may_be_null_apart_from_the_clients_own_selection() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            part: P @join__field(graph: A) @join__field(graph: B, external: true)
            sure: Int @join__field(graph: B, requires: "part { sure }")
            perhaps: Int @join__field(graph: B, requires: "part { perhaps }")
        }
        type P @join__type(graph: A) @join__type(graph: B) { sure: Int! perhaps: Int size: Int }"#,
    );
    let text = |query: &str| crate::print(&plan(&supergraph, query).unwrap(), &supergraph);
    // A null of `sure` takes its object away: not the client's.
    let apart = text("{ o { part { size } sure } }");
    assert!(apart.contains("{o{part{size} _part_0:part{sure} id}}"), "{apart}");
    assert!(apart.contains("part=_part_0{sure}"), "{apart}");
    // Nothing happens to the client's object, or it happens anyway.
    let shared = text("{ o { part { size } perhaps } }");
    assert!(shared.contains("{o{part{perhaps size} id}}"), "{shared}");
    let shared = text("{ o { part { mine: sure } sure } }");
    assert!(shared.contains("{o{part{mine:sure} id}}"), "{shared}");
}

#[test]
fn never_asks_for_an_interface_where_nothing_implements_it() {
    let suite = fixtures().join("federation-cases/non-resolvable-interface-object");
    let supergraph = load(&read(&suite.join("supergraph.graphql")));
    let refused = plan(&supergraph, "{ b { __typename } }").unwrap_err();
    assert_eq!(refused, PlanError::Unreachable { coordinate: "Node.__typename".to_owned() });
}
