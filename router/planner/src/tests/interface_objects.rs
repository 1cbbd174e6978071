//! Interface objects: whichever implementation an object is, the subgraph that knows none is asked for it.

use super::plan;
use super::small::supergraph;

const TYPES: &str = r#"
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
        q: I @join__field(graph: A) p: I @join__field(graph: C)
    }
    interface I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true)
        @join__type(graph: C) { id: ID! i: Int @join__field(graph: B) }
    type E implements I @join__implements(graph: A, interface: "I") @join__implements(graph: C, interface: "I")
        @join__type(graph: A, key: "id") @join__type(graph: C, key: "id") { id: ID! i: Int @join__field }
    type F implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id") {
        id: ID! i: Int @join__field f: Int @join__field(graph: A)
    }"#;

#[test]
fn asks_for_every_implementation_by_its_key() {
    let supergraph = supergraph(&["a", "b", "c"], TYPES);
    plan(&supergraph, "{ q { i } }").unwrap();
    plan(&supergraph, "{ q { __typename i } }").unwrap();
    plan(&supergraph, "{ q { i ... on F { f } } }").unwrap();
    plan(&supergraph, "{ q { ... on E { id i } i } }").unwrap();
}

#[test]
fn sends_an_object_of_the_only_implementation_that_its_subgraph_knows() {
    let supergraph = supergraph(&["a", "b", "c"], TYPES);
    plan(&supergraph, "{ p { i } }").unwrap();
    plan(&supergraph, "{ p { id i } }").unwrap();
    plan(&supergraph, "{ p { i ... on F { f } ... on E { id } } }").unwrap();
}

#[test]
fn asks_an_interface_objects_field_beside_learning_the_types() {
    let supergraph = supergraph(
        &["a", "b", "c"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { q: [I] @join__field(graph: B) }
        interface I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true)
            @join__type(graph: C, key: "id", isInterfaceObject: true) { id: ID! i: Int @join__field(graph: C) }
        type E implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id") {
            id: ID! i: Int @join__field
        }
        type F implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id") {
            id: ID! i: Int @join__field f: Int @join__field(graph: A)
        }"#,
    );
    for query in
        ["{ q { __typename i } }", "{ q { i ... on F { f } } }", "{ q { id ... on F { f i } ... on E { i } } }"]
    {
        let made = plan(&supergraph, query).unwrap();
        assert_eq!((made.steps(), made.requests()), (2, 3), "{}", crate::print(&made, &supergraph));
    }
}

#[test]
fn keeps_objects_apart_that_differ_under_one_key() {
    let supergraph = supergraph(
        &["a", "b", "d"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: D) { is: [I] @join__field(graph: A) }
        interface I @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {
            id: ID! x: Int @join__field(graph: B)
        }
        type E implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id")
            @join__type(graph: D, key: "id") {
            id: ID! e: Int @join__field(graph: A) x: Int @join__field @join__field(graph: D, external: true)
            q: Int @join__field(graph: D, requires: "x")
        }
        type F implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id") {
            id: ID! x: Int @join__field
        }"#,
    );
    plan(&supergraph, "{ is { ... on E { q x: e } ... on F { x } } }").unwrap();
    plan(&supergraph, "{ is { ... on F { x } ... on E { x: e q } } }").unwrap();
}
