//! Fragments in what subgraphs are sent: only where they make it shorter, and never another question.

use super::small::supergraph;
use super::{Loaded, plan};

fn shop() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) {
            p(filter: String): P @join__field(graph: A)
            all: [I] @join__field(graph: A)
        }
        interface I @join__type(graph: A) { id: ID! }
        type P implements I @join__implements(graph: A, interface: "I")
            @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            name: String @join__field(graph: A)
            maker: Maker @join__field(graph: A)
            owner: Maker @join__field(graph: A)
            reviews: [R] @join__field(graph: B)
            best: R @join__field(graph: B)
        }
        type Q implements I @join__implements(graph: A, interface: "I") @join__type(graph: A) {
            id: ID!
            maker: Maker
            owner: Other
        }
        type Maker @join__type(graph: A) { name: String country: String established: Int }
        type Other @join__type(graph: A) { name: String country: String established: Int }
        type R @join__type(graph: B) { text: String stars: Int author: String }"#,
    )
}

fn documents(query: &str) -> Vec<String> {
    plan(&shop(), query).unwrap().fetches.into_iter().map(|fetch| fetch.document).collect()
}

#[test]
fn what_a_document_repeats_is_sent_once() {
    let maker = "{ name country established }";
    assert_eq!(
        documents(&format!("{{ p {{ maker {maker} owner {maker} }} other: p {{ maker {maker} }} }}")),
        ["query{p{maker{...a} owner{...a}} other:p{maker{...a}}}fragment a on Maker{name country established}"],
    );
}

#[test]
fn a_fragment_that_would_make_it_longer_is_none() {
    let maker = "{ name established }";
    assert_eq!(
        documents(&format!("{{ p {{ maker {maker} owner {maker} }} other: p {{ name }} next: p {{ name }} }}")),
        ["query{p{maker{name established} owner{name established}} other:p{name} next:p{name}}"],
    );
}

#[test]
fn equal_selections_of_other_types_are_other_fragments() {
    let both = "{ name country established }";
    let query = format!("{{ all {{ ... on P {{ maker {both} }} ... on Q {{ maker {both} o: owner {both} }} }} }}");
    let documents = documents(&query);
    assert_eq!(documents.len(), 1);
    assert!(!documents[0].contains("on Other{") && !documents[0].contains("fragment b"), "{documents:?}");
}

#[test]
fn fragments_hold_fragments_and_stand_for_type_conditions() {
    let maker = "{ name country established n: name }";
    let p = format!("... on P {{ id name maker {maker} owner {maker} }}");
    let documents = documents(&format!("{{ x: all {{ {p} }} y: all {{ {p} }} z: all {{ {p} ... on Q {{ id }} }} }}"));
    let count = |text: &str| documents[0].matches(text).count();
    assert_eq!((documents.len(), count("name country established n:name")), (1, 1), "{documents:?}");
    // Once in the fragment of the first two, once in the third, which asks for something else as well.
    assert_eq!((count("maker{...a} owner{...a}"), count("fragment a on Maker{")), (2, 1), "{documents:?}");
    assert!(count("fragment ") > 1, "{documents:?}");
}

#[test]
fn strings_may_hold_anything() {
    let maker = "{ name country established }";
    let query = format!(
        r#"{{ p(filter: "a\"){{ }}(") {{ maker {maker} owner {maker} }} q: p(filter: "\\") {{ owner {maker} }} }}"#
    );
    let documents = documents(&query);
    assert!(documents[0].contains(r#"p(filter:"a\"){ }("){maker{...a}"#), "{documents:?}");
}

#[test]
fn requests_of_several_fetches_share_fragments() {
    let reviews = "reviews { text stars author t: text s: stars } best { text stars author t: text s: stars }";
    let supergraph = shop();
    let query = format!("{{ p {{ {reviews} }} all {{ ... on P {{ {reviews} name }} }} }}");
    let plan = plan(&supergraph, &query).unwrap();
    let texts = plan.fetches.iter().map(|fetch| &fetch.document).chain(plan.joint.iter().map(|joint| &joint.document));
    for text in texts.filter(|text| text.contains("_entities")) {
        assert!(text.contains("fragment a on R{"), "{text}");
    }
}
