//! What is asked of an interface rather than of each of its implementations.

use std::sync::Arc;

use graphql::ExecutableDocument;

use super::small::supergraph;
use super::{Loaded, plan, plan_within};
use crate::{Budget, Decided, Deferral};

/// `Actor` is part of `Item` and of the union; `b` has an `Actor` of fewer types, and one that lacks a field.
fn supergraph_of_actors() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) {
            item: Item @join__field(graph: A) thing: Thing @join__field(graph: A) actor: Actor @join__field(graph: A)
        }
        interface Item @join__type(graph: A) @join__type(graph: B) { id: ID! }
        interface Actor @join__type(graph: A) @join__type(graph: B) {
            login: String @join__field(graph: A) at(n: Int): String @join__field(graph: A) friend: Item @join__field(graph: A)
            far: Int @join__field(graph: B)
        }
        interface Robot @join__type(graph: A) { model(by: Int): String }
        union Thing @join__type(graph: A) @join__unionMember(graph: A, member: "User") @join__unionMember(graph: A, member: "Bot") @join__unionMember(graph: A, member: "Repo") = User | Bot | Repo
        type User implements Item & Actor @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
            @join__implements(graph: A, interface: "Item") @join__implements(graph: A, interface: "Actor")
            @join__implements(graph: B, interface: "Item") @join__implements(graph: B, interface: "Actor") {
            id: ID! login: String @join__field(graph: A) at(n: Int, extra: Int): String @join__field(graph: A)
            friend: User @join__field(graph: A) far: Int @join__field(graph: B) wide: Int @join__field(graph: B)
        }
        type Bot implements Item & Actor & Robot @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
            @join__implements(graph: A, interface: "Item") @join__implements(graph: A, interface: "Actor")
            @join__implements(graph: A, interface: "Robot")
            @join__implements(graph: B, interface: "Item") @join__implements(graph: B, interface: "Actor") {
            id: ID! login: String @join__field(graph: A) at(n: Int, extra: Int): String @join__field(graph: A)
            friend: User @join__field(graph: A) model(by: Int, extra: Int): String @join__field(graph: A)
            far: Int @join__field(graph: B) wide: Int @join__field(graph: B)
        }
        type Repo implements Item @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
            @join__implements(graph: A, interface: "Item") @join__implements(graph: B, interface: "Item") {
            id: ID! wide: Int @join__field(graph: B)
        }"#,
    )
}

fn documents(query: &str) -> Vec<String> {
    plan(&supergraph_of_actors(), query).unwrap().fetches.into_iter().map(|fetch| fetch.document).collect()
}

#[test]
fn what_all_implementations_are_asked_is_asked_of_the_interface() {
    assert_eq!(
        documents("{ item { ... on Actor { login at(n: 1) } } }"),
        ["query{item{__typename ...on Actor{login at(n:1)}}}"]
    );
    assert_eq!(
        documents("{ thing { ... on User { login at } ... on Bot { login at id } ... on Repo { id } } }"),
        ["query{thing{__typename ...on Actor{login at} ...on Bot{id} ...on Repo{id}}}"]
    );
}

#[test]
fn nothing_is_asked_of_an_interface_that_is_shorter_without() {
    assert_eq!(
        documents("{ thing { ... on User { login id } ... on Bot { login a: id } } }"),
        ["query{thing{__typename ...on User{login id} ...on Bot{login a:id}}}"]
    );
}

#[test]
fn entities_are_asked_as_the_interface() {
    let asked = documents("{ item { ... on Actor { far } } }");
    assert!(asked[1].ends_with("{_entities(representations:$representations){...on Actor{far}}}"), "{asked:?}");
    // The interface has no such field there.
    let asked = documents("{ item { ... on User { wide } ... on Bot { wide } } }");
    assert!(asked[1].ends_with("{...on User{wide} ...on Bot{wide}}}"), "{asked:?}");
}

#[test]
fn what_not_all_implementations_are_asked_is_asked_of_each() {
    assert_eq!(documents("{ item { ... on User { login } } }"), ["query{item{__typename ...on User{login}}}"]);
    assert_eq!(
        documents("{ item { ... on User { a: id } ... on Repo { a: id } } }"),
        ["query{item{__typename ...on User{a:id} ...on Repo{a:id}}}"]
    );
}

#[test]
fn an_interface_is_not_asked_with_arguments_that_only_its_implementations_take() {
    for place in ["item", "actor"] {
        let query = format!("{{ {place} {{ ... on User {{ at(extra: 1) }} ... on Bot {{ at(extra: 1) }} }} }}");
        assert_eq!(
            documents(&query),
            [format!("query{{{place}{{__typename ...on User{{at(extra:1)}} ...on Bot{{at(extra:1)}}}}}}")]
        );
    }
}

#[test]
fn an_interface_whose_field_is_wider_is_not_asked_for_what_is_below() {
    assert_eq!(
        documents("{ item { ... on User { friend { login } } ... on Bot { friend { login } } } }"),
        ["query{item{__typename ...on User{friend{login}} ...on Bot{friend{login}}}}"]
    );
}

/// An interface of so many types, each with a field of its own.
fn many(types: usize) -> Loaded {
    let types: Vec<String> = (0..types)
        .map(|n| {
            format!(
                "type T{n} implements I @join__type(graph: A) @join__implements(graph: A, interface: \"I\") {{ a{n}: Int next: I }}"
            )
        })
        .collect();
    supergraph(
        &["a"],
        &format!(
            "type Query @join__type(graph: A) {{ i: I }} interface I @join__type(graph: A) {{ next: I }} {}",
            types.join(" ")
        ),
    )
}

/// Fragments on all types, each with what is below in the next one.
fn nested(types: usize, levels: usize) -> String {
    let of_type = |n: usize, level: usize| format!("... on T{n} {{ a{n} next {{ ...F{} }} }}", level + 1);
    let fragment = |level: usize| {
        let all: Vec<String> = (0..types).map(|n| of_type(n, level)).collect();
        format!("fragment F{level} on I {{ {} }}", all.join(" "))
    };
    let fragments: Vec<String> = (0..levels).map(fragment).collect();
    format!("{{ i {{ ...F0 }} }} {} fragment F{levels} on I {{ __typename }}", fragments.join(" "))
}

#[test]
fn what_is_below_each_of_many_types_alike_is_one_place() {
    let supergraph = many(70);
    let query = nested(70, 3);
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, &query, "operation.graphql").unwrap();
    let plan = plan_within(&supergraph, &document, &Budget { selections_max: 4_000, ..Budget::default() }).unwrap();
    assert_eq!(plan.fetches.len(), 1);
    assert!(plan.fetches[0].document.len() < 4_000, "{}", plan.fetches[0].document);
    let [i] = plan.response.variants[0].fields.as_slice() else { panic!() };
    let variants = &i.selection.as_ref().unwrap().variants;
    assert_eq!(variants.len(), 70);
    let below = |n: usize| variants[n].fields[1].selection.as_ref().unwrap();
    assert!((1..70).all(|n| Arc::ptr_eq(below(0), below(n))));
}

#[test]
fn the_places_of_many_types_are_proved_and_answered_each() {
    let supergraph = many(3);
    let plan = plan(&supergraph, &nested(3, 2)).unwrap();
    assert_eq!(plan.fetches.len(), 1);
    // A type asked for something else has a place of its own.
    let other =
        nested(3, 2).replace("... on T1 { a1 next { ...F2 } }", "... on T1 { a1 next { ...F2 next { __typename } } }");
    super::plan(&supergraph, &other).unwrap();
}

#[test]
fn what_is_deferred_counts_at_each_type() {
    let supergraph = many(70);
    let query = nested(70, 3).replace("...F0 }", "...F0 ... @defer { next { __typename } } }");
    let schema = graphql::with_defer(&supergraph.api_schema);
    let document = ExecutableDocument::parse_and_validate(&schema, &query, "operation.graphql").unwrap();
    let labels = federation::LabelSet::default();
    let decided = Decided { conditions: &|_| None, labels: &labels, deferral: Deferral::On };
    let refused = crate::plan(&supergraph, &document, None, decided, &Budget::default()).unwrap_err();
    assert_eq!(refused.to_string(), "the operation is too complex: more than 50000 selected fields");
}
