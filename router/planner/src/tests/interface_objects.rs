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

const CHAIN: &str = r#"
    type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: D) {
        ab: I @join__field(graph: A) b: I @join__field(graph: B) d: I @join__field(graph: D) u: U @join__field(graph: D)
    }
    union U @join__type(graph: D) @join__unionMember(graph: D, member: "E") @join__unionMember(graph: D, member: "F") =
        E | F
    interface I @join__type(graph: A, key: "id", isInterfaceObject: true)
        @join__type(graph: B, key: "id", isInterfaceObject: true) @join__type(graph: D, key: "id") {
        id: ID! c: String @join__field(graph: A, external: true) @join__field(graph: D)
        n: I @join__field(graph: A) @join__field(graph: B) o: I @join__field(graph: A)
        x: Int @join__field(graph: A) y: Int @join__field(graph: A) z: Int @join__field(graph: B)
        r: String @join__field(graph: A, requires: "c")
    }
    type E implements I @join__implements(graph: D, interface: "I") @join__type(graph: D, key: "id") {
        id: ID! c: String @join__field(graph: D) n: I @join__field o: I @join__field x: Int @join__field y: Int @join__field
        z: Int @join__field r: String @join__field
    }
    type F implements I @join__implements(graph: D, interface: "I") @join__type(graph: D, key: "id") {
        id: ID! c: String @join__field(graph: D) n: I @join__field o: I @join__field x: Int @join__field y: Int @join__field
        z: Int @join__field r: String @join__field
    }"#;

#[test]
fn takes_a_value_for_those_types_only_that_have_it_of_a_subgraph() {
    let supergraph = supergraph(&["a", "b", "d"], CHAIN);
    for query in [
        "{ b { n { n { __typename } } ... on E { r n { n { x } } } } }",
        "{ b { n { z } ... on E { r n { n { x } } } } }",
        "{ b { n { n { z } } ... on E { r n { n { x } } } ... on F { n { n { x y } } } } }",
    ] {
        plan(&supergraph, query).unwrap();
    }
}

#[test]
fn keeps_apart_what_differs_below_a_value() {
    let supergraph = supergraph(&["a", "b", "d"], CHAIN);
    for query in [
        "{ u { ... on E { o { x: x } } ... on F { o { x: y } } } }",
        "{ u { ... on E { n { x: z } } ... on F { n { x: y } } } }",
        "{ b { ... on E { n { x: z } } ... on F { n { x: y } } } }",
        "{ b { ... on E { n { n { x } } } ... on F { n { n { x: y } } } } }",
        "{ b { ... on E { o { n { x } } } ... on F { o { n { x: y } } } } }",
        "{ u { ... on E { o { x } } ... on F { o { y: x } } } }",
    ] {
        plan(&supergraph, query).unwrap();
    }
}

#[test]
fn reads_keys_past_an_alias_that_is_below_a_value_of_other_types_only() {
    let supergraph = supergraph(&["a", "b", "d"], CHAIN);
    for query in [
        "{ d { ... on E { o { id: r } } o { r } } }",
        "{ u { ... on E { o { id: r } } ... on I { o { r } } } }",
        "{ u { ... on E { o { id: r } } ... on F { o { id: c } } } }",
    ] {
        plan(&supergraph, query).unwrap();
    }
}

#[test]
fn asks_only_those_objects_for_what_requires_that_are_sent_with_it() {
    let supergraph = supergraph(&["a", "b", "d"], CHAIN);
    for query in [
        "{ d { x ... on E { r } } }",
        "{ d { ... on E { r } x } }",
        "{ d { ... on F { x y } ... on E { r } } }",
        "{ b { x ... on E { r } } }",
        "{ b { n { ... on E { r } x } } }",
        "{ ab { n { x ... on E { r } } } }",
        "{ u { ... on E { r } ... on I { x } } }",
    ] {
        plan(&supergraph, query).unwrap();
    }
}
