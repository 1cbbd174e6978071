//! What is asked of an interface rather than of each of its implementations.

use super::small::supergraph;
use super::{Loaded, plan};

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
