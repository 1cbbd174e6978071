//! Keys and requirements: read where they are, whatever the client calls its own fields.

use super::plan;
use super::small::{fetches, supergraph, text, two};
use crate::plan::FetchKind;

#[test]
fn reads_the_key_past_a_client_alias_of_the_same_name() {
    let supergraph = two();
    let text = text(&supergraph, "{ o { id: legacyId b } }");
    assert!(text.contains("{o{id:legacyId _id_0:id}}"), "{text}");
    assert!(text.contains("given O(id=_id_0)"), "{text}");
}

#[test]
fn reads_what_is_required_past_a_client_alias_of_the_same_name() {
    let supergraph = two();
    let text = text(&supergraph, "{ o { w: z c } }");
    assert!(text.contains("w:z"), "{text}");
    assert!(text.contains("w=_w_0"), "{text}");
}

#[test]
fn gets_parts_of_a_compound_key_from_a_third_subgraph() {
    let supergraph = supergraph(
        &["a", "b", "c"],
        r#"
        type Query @join__type(graph: A) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id code") {
            id: ID!
            code: Int @join__field(graph: B) @join__field(graph: C)
            last: Int @join__field(graph: C)
        }"#,
    );
    let text = text(&supergraph, "{ o { last } }");
    assert!(text.contains("#1 b after #0, at o, given O(id)"), "{text}");
    assert!(text.contains("#2 c after #0 #1, at o, given O(id code)"), "{text}");
}

#[test]
fn finds_the_two_subgraphs_that_together_have_everything() {
    let supergraph = supergraph(
        &["a", "b", "c", "d", "e", "f"],
        r#"
        type Query @join__type(graph: A) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "id")
            @join__type(graph: D, key: "id") @join__type(graph: E, key: "id") @join__type(graph: F, key: "id") {
            id: ID!
            f1: Int @join__field(graph: B) @join__field(graph: C)
            f2: Int @join__field(graph: B) @join__field(graph: D)
            f3: Int @join__field(graph: C) @join__field(graph: E)
            f4: Int @join__field(graph: D) @join__field(graph: E)
            f5: Int @join__field(graph: C) @join__field(graph: F)
            f6: Int @join__field(graph: D) @join__field(graph: F)
        }"#,
    );
    let plan = plan(&supergraph, "{ o { f1 f2 f3 f4 f5 f6 } }").unwrap();
    let names: Vec<String> = fetches(&supergraph, &plan).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "c", "d"]);
}

#[test]
fn sends_the_whole_key_where_the_client_selects_its_field_twice() {
    let suites = super::audit::suites();
    let suite = suites.iter().find(|(name, _)| name == "complex-entity-call");
    let (_, supergraph) = suite.unwrap();
    for query in [
        "{ topProducts { a1: selected { price { price } } selected { pid } } }",
        "{ topProducts { selected { pid } a1: selected { price { price } } } }",
        "{ topProducts { selected { category { id } __typename } a3: selected { __typename } } }",
        "{ topProducts { a3: selected { __typename } selected { category { id } __typename } } }",
    ] {
        plan(supergraph, query).unwrap();
    }
}

#[test]
fn reads_a_key_under_the_alias_that_has_what_is_needed_below() {
    let supergraph = supergraph(
        &["a", "b", "c"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) { list: L @join__field(graph: A) }
        type L @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: C, key: "one { id }") {
            id: ID! @join__field(graph: A) @join__field(graph: B)
            one: P @join__field(graph: B) @join__field(graph: C)
        }
        type P @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) {
            id: ID! @join__field(graph: B) @join__field(graph: C)
            size: Int @join__field(graph: C)
        }"#,
    );
    let text = text(&supergraph, "{ list { first: one { size } second: one { __typename } } }");
    assert!(text.contains("given L(one=first{id})"), "{text}");
    assert!(text.contains("first:one{id}"), "{text}");
}

#[test]
fn sends_of_each_type_all_that_several_requirements_need() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) }
        interface I @join__type(graph: A) @join__type(graph: B) { x: Int y: Int }
        type M implements I @join__implements(graph: A, interface: "I") @join__implements(graph: B, interface: "I")
            @join__type(graph: A) @join__type(graph: B) { x: Int y: Int }
        type N implements I @join__implements(graph: A, interface: "I") @join__implements(graph: B, interface: "I")
            @join__type(graph: A) @join__type(graph: B) { x: Int y: Int }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            i: I @join__field(graph: A) @join__field(graph: B, external: true)
            p: Int @join__field(graph: B, requires: "i { ... on M { x } }")
            q: Int @join__field(graph: B, requires: "i { y }")
        }"#,
    );
    for query in ["{ o { p q } }", "{ o { q p } }"] {
        let plan = plan(&supergraph, query).unwrap();
        let kinds = plan.fetches.iter().filter_map(|fetch| match &fetch.kind {
            FetchKind::Entities(entities) => entities.representations.first(),
            FetchKind::Root { .. } => None,
        });
        let members = kinds.flat_map(|representation| &representation.members);
        let i = members.into_iter().find(|member| member.name == "i").unwrap();
        let names = |of: &str| {
            let ty = supergraph.type_by_name[of];
            let mut fitting = i.selection.iter().filter(|selection| selection.types.contains(ty));
            let mut names: Vec<&str> = fitting.next().unwrap().members.iter().map(|member| &*member.name).collect();
            assert!(fitting.next().is_none(), "two selections for {of}");
            names.sort_unstable();
            names
        };
        assert_eq!(names("M"), ["__typename", "x", "y"]);
        assert_eq!(names("N"), ["__typename", "y"]);
    }
}
