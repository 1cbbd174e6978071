//! Arguments that are read from contexts: of whom they are read, by which fetch, and that the proof holds it all.

use federation::LabelSet;
use graphql::ExecutableDocument;

use super::small::supergraph;
use super::{Loaded, plan};
use crate::plan::{ContextualArgument, Fetch, FetchKind};
use crate::{Asked, Decided, Deferral, PlanError, QueryPlan, Unsound};

fn text(supergraph: &Loaded, query: &str) -> String {
    crate::print(&plan(supergraph, query).unwrap(), supergraph)
}

/// `T` and `V` set the context that `U.y` reads; `T.name` is to be had of another subgraph, too.
fn shop() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @context(name: "a__q") {
            t: T @join__field(graph: A) ts: [T] @join__field(graph: A) x: X @join__field(graph: A)
            other: T @join__field(graph: B) locale: String @join__field(graph: B)
        }
        type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @context(name: "a__c") {
            id: ID! name: String @join__field(graph: B) us: [U] @join__field(graph: A) inner: X @join__field(graph: A)
            part: P @join__field(graph: A)
        }
        type P @join__type(graph: A) { names: [String!] u: U }
        type V @join__type(graph: A) @context(name: "a__c") { title: String u: U }
        type W @join__type(graph: A) { u: U }
        union X @join__type(graph: A) @join__unionMember(graph: A, member: "V") @join__unionMember(graph: A, member: "W") = V | W
        type U @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID! plain: Int @join__field(graph: A) far: Int @join__field(graph: B)
            y(n: Int): Int @join__field(graph: A, contextArguments: [{context: "a__c", name: "by", type: "String", selection: "... on T { name } ... on V { title }"}])
            z: Int @join__field(graph: A, contextArguments: [
                {context: "a__c", name: "by", type: "String", selection: "... on T { name } ... on V { title }"},
                {context: "a__q", name: "in", type: "String", selection: " { locale }"}])
            needy: Int @join__field(graph: A, requires: "far", contextArguments: [{context: "a__q", name: "in", type: "String!", selection: " { locale }"}])
        }"#,
    )
}

fn contexts(fetch: &Fetch) -> &[ContextualArgument] {
    match &fetch.kind {
        FetchKind::Entities(entities) => &entities.contexts,
        FetchKind::Root { .. } => &[],
    }
}

fn reader(plan: &QueryPlan) -> &Fetch {
    plan.fetches.iter().find(|fetch| !contexts(fetch).is_empty()).unwrap()
}

#[test]
fn reads_what_the_ancestor_gives_before_it_asks() {
    let shop = shop();
    let text = text(&shop, "query ($n: Int) { t { us { y(n: $n) plain } } }");
    assert!(text.contains("#1 b after #0, at t, given T(id)"), "{text}");
    assert!(text.contains("#2 a after #0 #1, at t.us, given U(id), $context0 from ../name"), "{text}");
    let asked = "($representations:[_Any!]!,$context0:String,$n:Int){_entities(representations:$representations){...on U{y(n:$n,by:$context0)}}}";
    assert!(text.contains(asked), "{text}");
    // The other fields come with their list: nothing about them waits for the context.
    assert!(text.contains("{t{us{plain id} id}}"), "{text}");
}

#[test]
fn reads_of_the_nearest_that_sets_the_context() {
    let shop = shop();
    // Of X some set it, and others leave it to the T around.
    let plain = text(&shop, "{ t { inner { ... on V { u { y } } ... on W { u { y } } } } }");
    assert!(plain.contains("t.inner.<V>.u, given U(id), $context0 from ../title"), "{plain}");
    assert!(plain.contains("t.inner.<W>.u, given U(id), $context0 from ../../name"), "{plain}");
    let shared = text(
        &shop,
        "{ t { inner { ...F } } } fragment F on X { ... on V { ...G } ... on W { u { y } } } fragment G on V { u { y } }",
    );
    assert!(shared.contains("$context0 from ../title"), "{shared}");
}

#[test]
fn reads_under_the_clients_own_key_where_that_is_the_same() {
    let shop = shop();
    let text = text(&shop, "{ other { name: id nom: name us { y } } }");
    assert!(text.contains("{other{name:id nom:name}}"), "{text}");
    assert!(text.contains("$context0 from ../name=nom"), "{text}");
}

#[test]
fn reads_several_contexts_of_one_field_and_shares_equal_ones() {
    let shop = shop();
    let text = text(&shop, "{ ts { us { y z needy } } }");
    assert!(text.contains("$context0 from ../name"), "{text}");
    assert!(text.contains("from ../../locale"), "{text}");
    let plan = plan(&shop, "{ ts { us { a: y b: y(n: 1) z } } }").unwrap();
    assert_eq!(contexts(reader(&plan)).len(), 2, "{}", crate::print(&plan, &shop));
}

#[test]
fn what_is_required_and_what_is_read_are_both_known_by_then() {
    let shop = shop();
    let text = text(&shop, "{ t { us { needy } } }");
    assert!(text.contains("given U(id far), $context0 from ../../locale"), "{text}");
    assert!(text.contains("$context0:String!"), "{text}");
}

#[test]
fn names_no_variable_that_a_client_has() {
    let shop = shop();
    let query =
        "query ($context0: Int, $representations: Int) { t { us { a: y(n: $context0) b: y(n: $representations) } } }";
    let plan = plan(&shop, query).unwrap();
    let fetch = reader(&plan);
    assert!(fetch.document.contains("_entities(representations:$_representations)"), "{}", fetch.document);
    assert!(fetch.document.contains("y(n:$context0,by:$_context0)"), "{}", fetch.document);
    assert_eq!(fetch.variables, ["context0", "representations"]);
}

#[test]
fn asks_fields_apart_that_lack_a_value() {
    let shop = shop();
    let plan = plan(&shop, "{ t { us { y needy far } } }").unwrap();
    let fetch = plan.fetches.iter().find(|fetch| contexts(fetch).len() == 2).unwrap();
    let read = fetch.apart.iter().map(|part| contexts(part).len());
    assert_eq!(read.collect::<Vec<_>>(), [1, 1], "{}", crate::print(&plan, &shop));
}

#[test]
fn never_runs_a_mutation_to_read_it() {
    let supergraph = supergraph(
        &["a"],
        r#"
        type Query @join__type(graph: A) { q: Int }
        type Mutation @join__type(graph: A) @context(name: "a__m") { u: U count: Int }
        type U @join__type(graph: A, key: "id") {
            id: ID! y: Int @join__field(graph: A, contextArguments: [{context: "a__m", name: "n", type: "Int", selection: " { count }"}])
        }"#,
    );
    let refused = plan(&supergraph, "mutation { u { y } }").unwrap_err();
    assert!(matches!(refused, PlanError::Unsupported(_)), "{refused}");
}

#[test]
fn tells_where_a_context_is_read_in_json_and_mermaid() {
    let shop = shop();
    let plan = plan(&shop, "{ t { us { y } } }").unwrap();
    let mut bytes = Vec::new();
    graphql::json::write(&crate::print_json(&plan, &shop), &mut bytes);
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let read = value["fetches"].as_array().unwrap().iter().map(|fetch| fetch["contexts"].clone());
    let read: Vec<_> = read.filter(|read| !read.as_array().unwrap().is_empty()).collect();
    assert_eq!(read, [serde_json::json!([{ "variable": "context0", "from": ["../name"] }])]);
    assert!(crate::print_mermaid(&plan, &shop).contains("from ../name"));
}

fn found(supergraph: &Loaded, query: &str, plan: &QueryPlan) -> Vec<Unsound> {
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query").unwrap();
    let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: Deferral::Off };
    let asked = Asked { document: &document, operation_name: None, decided };
    crate::sound(plan, (supergraph, &supergraph.schemas), asked).err().unwrap_or_default()
}

/// A way to spoil what is read from contexts.
type Spoil = fn(&mut ContextualArgument);

#[test]
fn finds_whatever_is_spoilt_in_what_is_read() {
    const SPOILS: &[(&str, Spoil)] = &[
        ("reads of another place", |argument| argument.sources[0].up += 1),
        ("reads nothing", |argument| argument.sources[0].value = None),
        ("reads nowhere", |argument| argument.sources.clear()),
        ("reads another value", |argument| {
            let value = argument.sources[0].value.as_mut().unwrap();
            value.source = value.source.map(|key| crate::plan::KeyId(key.0 + 1));
        }),
        ("declares another type", |argument| {
            if let federation::supergraph::FieldType::Named { non_null, .. } = &mut argument.ty {
                *non_null = !*non_null;
            }
        }),
        ("has another variable", |argument| argument.variable.push('x')),
    ];
    let shop = shop();
    let query = "{ t { name us { y } } }";
    let good = plan(&shop, query).unwrap();
    for (what, spoil) in SPOILS {
        let mut bent = good.clone();
        let fetch = bent.fetches.iter_mut().rev().find_map(|fetch| match &mut fetch.kind {
            FetchKind::Entities(entities) if !entities.contexts.is_empty() => Some(entities),
            _ => None,
        });
        spoil(&mut fetch.unwrap().contexts[0]);
        assert!(!found(&shop, query, &bent).is_empty(), "a plan that {what} is sound");
    }
    let mut bent = good.clone();
    for fetch in &mut bent.fetches {
        if let FetchKind::Entities(entities) = &mut fetch.kind {
            entities.grouped = None;
        }
    }
    assert!(!found(&shop, query, &bent).is_empty(), "a plan that asks no groups is sound");
}
