//! The subgraphs' own directives are passed on with what they stand on; apollographql/federation#2961, #2984, #2986, #3166.

use super::small::supergraph;
use super::{Loaded, plan};

fn two() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        directive @field(n: Int) on FIELD
        directive @many(n: Int) repeatable on FIELD
        directive @operation(n: Int) on QUERY | MUTATION
        directive @mutation on MUTATION
        directive @elsewhere on FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) p: Int @join__field(graph: B) }
        type Mutation @join__type(graph: A) { m: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            a: Int @join__field(graph: A)
            w: Int @join__field(graph: A) @join__field(graph: B, external: true)
            b: Int @join__field(graph: B)
            c: Int @join__field(graph: B, requires: "w")
        }"#,
    )
}

fn documents(query: &str) -> Vec<String> {
    plan(&two(), query).unwrap().fetches.into_iter().map(|fetch| fetch.document).collect()
}

#[test]
fn passes_on_the_directives_of_fields() {
    assert_eq!(
        documents("{ o @field { a @field(n: 1) @skip(if: false) b @field(n: 2) } }"),
        [
            "query{o @field{a @field(n:1) id}}",
            "query($representations:[_Any!]!){_entities(representations:$representations){...on O{b @field(n:2)}}}"
        ]
    );
}

#[test]
fn passes_on_the_directives_of_operations_with_their_variables() {
    assert_eq!(
        documents("query Q($n: Int = 3, $m: Int) @operation(n: $n) { o { b @field(n: $m) } }"),
        [
            "query Q__a__0($n:Int=3) @operation(n:$n){o{id}}",
            "query Q__b__1($representations:[_Any!]!,$m:Int,$n:Int=3) @operation(n:$n){_entities(representations:$representations){...on O{b @field(n:$m)}}}"
        ]
    );
}

#[test]
fn a_directive_stands_only_on_operations_that_it_may_stand_on() {
    assert_eq!(
        documents("mutation @operation @mutation { m { b } }"),
        [
            "mutation @operation @mutation{m{id}}",
            "query($representations:[_Any!]!) @operation{_entities(representations:$representations){...on O{b}}}"
        ]
    );
}

#[test]
fn merges_the_directives_of_fields_that_are_merged() {
    assert_eq!(
        documents("{ o { a @field(n: 1) @many(n: 1) ... on O { a @field(n: 2) @many(n: 1) @many(n: 2) } } }"),
        ["query{o{a @field(n:1) @many(n:1) @many(n:2)}}"]
    );
}

#[test]
fn what_a_directive_may_change_is_neither_key_nor_requirement() {
    assert_eq!(
        documents("{ o { id @field w @field c } }"),
        [
            "query{o{id @field w @field _w_0:w _id_0:id}}",
            "query($representations:[_Any!]!){_entities(representations:$representations){...on O{c}}}"
        ]
    );
}

#[test]
fn keeps_the_directives_of_fragments_and_variables_to_itself() {
    assert_eq!(
        documents(
            "query($n: Int @elsewhere) { o @field(n: $n) { ...F @elsewhere ... @elsewhere { w } } } fragment F on O @elsewhere { a }"
        ),
        ["query($n:Int){o @field(n:$n){a w}}"]
    );
}
