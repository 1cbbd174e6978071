//! Small supergraphs: one behaviour each.

use super::{Loaded, load, plan, plan_with};
use crate::PlanError;
use crate::plan::{IntrospectionId, OperationKind, QueryPlan, Source};
use federation::Supergraph;

/// A supergraph of these subgraphs and types.
pub fn supergraph(subgraphs: &[&str], types: &str) -> Loaded {
    let graphs: Vec<String> = subgraphs
        .iter()
        .map(|name| format!("{} @join__graph(name: \"{name}\", url: \"\")", name.to_uppercase()))
        .collect();
    let roots = ["Mutation", "Subscription"].into_iter().filter(|root| types.contains(&format!("type {root} ")));
    let roots: String = roots.map(|root| format!("{}: {root} ", root.to_lowercase())).collect();
    load(&format!(
        r#"schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY) {{ query: Query {roots} }}
        directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
        directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
        directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
        directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
        directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
        input join__ContextArgument {{ name: String! type: String! context: String! selection: join__FieldValue! }}
        scalar join__FieldSet scalar join__FieldValue scalar link__Import enum link__Purpose {{ SECURITY EXECUTION }}
        enum join__Graph {{ {} }}
        {types}"#,
        graphs.join(" ")
    ))
}

/// A plan, printed.
pub fn text(supergraph: &Loaded, query: &str) -> String {
    crate::print(&plan(supergraph, query).unwrap(), supergraph)
}

/// Subgraph name and document of each fetch.
pub fn fetches(supergraph: &Supergraph, plan: &QueryPlan) -> Vec<(String, String)> {
    let fetches = plan.fetches.iter();
    fetches.map(|fetch| (supergraph.subgraph(fetch.subgraph).name.clone(), fetch.document.clone())).collect()
}

/// An entity in two subgraphs, with a requirement.
pub fn two() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o(n: Int): O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            legacyId: ID @join__field(graph: A)
            z: Int @join__field(graph: A)
            w: Int @join__field(graph: A) @join__field(graph: B, external: true)
            b(n: Int, representations: Int): Int @join__field(graph: B)
            c: Int @join__field(graph: B, requires: "w")
        }"#,
    )
}

#[test]
fn keeps_a_client_alias_called_typename() {
    let supergraph = two();
    let plan = plan(&supergraph, "{ o { __typename: z b } }").unwrap();
    let (_, document) = &fetches(&supergraph, &plan)[0];
    assert!(document.contains("_typename_0:z"), "{document}");
}

#[test]
fn renames_its_variable_when_the_client_has_one_of_that_name() {
    let supergraph = two();
    let plan =
        plan(&supergraph, "query($representations: Int) { o { b(representations: $representations) } }").unwrap();
    let (_, document) = &fetches(&supergraph, &plan)[1];
    assert!(document.contains("($_representations:[_Any!]!,$representations:Int)"), "{document}");
    assert_eq!(plan.fetches[1].variables, ["representations"]);
    assert!(plan.fetches[0].variables.is_empty());
}

#[test]
fn declares_a_variable_only_where_it_is_used() {
    let supergraph = two();
    let plan = plan(&supergraph, "query Q($n: Int = 3, $m: Int) { o(n: $n) { b(n: $m) } }").unwrap();
    let documents = fetches(&supergraph, &plan);
    assert_eq!(documents[0].1, "query Q__a__0($n:Int=3){o(n:$n){id}}");
    assert!(documents[1].1.starts_with("query Q__b__1($representations:[_Any!]!,$m:Int){"), "{}", documents[1].1);
}

#[test]
fn folds_skip_and_include() {
    let supergraph = two();
    let query = "query($x: Boolean!) { o { z b @include(if: $x) legacyId @skip(if: $x) } }";
    let yes = plan_with(&supergraph, query, &[("x", true)]).unwrap();
    let no = plan_with(&supergraph, query, &[("x", false)]).unwrap();
    assert_eq!((yes.fetches.len(), no.fetches.len()), (2, 1));
    assert!(fetches(&supergraph, &yes).iter().all(|(_, document)| !document.contains("legacyId")));
}

#[test]
fn answers_the_root_typename_and_introspection_without_fetches() {
    let supergraph = two();
    let plan = plan(&supergraph, "{ __typename t: __typename __schema { queryType { name } } }").unwrap();
    assert!(plan.fetches.is_empty());
    let sources: Vec<Source> = plan.response.variants[0].fields.iter().map(|field| field.source).collect();
    assert_eq!(sources, [Source::Typename, Source::Typename, Source::Introspection(IntrospectionId(0))]);
    assert!(plan.introspection.unwrap().to_string().contains("queryType"));
}

#[test]
fn introspection_is_answered_wherever_the_query_root_is_reached_again() {
    let supergraph = supergraph(
        &["a"],
        r#"
        type Query @join__type(graph: A) { self: Query list: [Query] }
        type Mutation @join__type(graph: A) { m: Payload }
        type Payload @join__type(graph: A) { query: Query }"#,
    );
    for (query, answers) in [
        ("{ self { __schema { queryType { name } } } }", &[r#"{"queryType":{"name":"Query"}}"#] as &[_]),
        (
            r#"{ __schema { queryType { name } } self { __schema { mutationType { name } } ... on Query { __schema { types: subscriptionType { x: name @skip(if: true) } } } }
              list { __schema: __type(name: "Payload") { kind } } }"#,
            &[
                r#"{"queryType":{"name":"Query"}}"#,
                r#"{"mutationType":{"name":"Mutation"},"types":null}"#,
                r#"{"kind":"OBJECT"}"#,
            ],
        ),
        (
            "mutation { m { query { ...F } } n: m { query { ...F } } } fragment F on Query { __schema { queryType { name } } }",
            &[r#"{"queryType":{"name":"Query"}}"#],
        ),
    ] {
        let plan = plan(&supergraph, query).unwrap();
        let document = plan.introspection.unwrap();
        let answer = supergraph.introspection.answer(&supergraph.api_schema, &document, &Default::default()).unwrap();
        let keys: Vec<String> = (0..answers.len() as u32).map(|id| IntrospectionId(id).key()).collect();
        assert!(answer.keys().eq(&keys), "{query}");
        let texts = answer.values().map(|text| String::from_utf8_lossy(text));
        assert_eq!(texts.collect::<Vec<_>>(), answers, "{query}");
    }
}

#[test]
fn asks_nothing_when_all_is_skipped() {
    let supergraph = two();
    let plan = plan(&supergraph, "{ o @skip(if: true) { z } }").unwrap();
    assert!(plan.fetches.is_empty());
    assert!(plan.response.variants[0].fields.is_empty());
}

#[test]
fn tells_what_cannot_be_reached() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "other") {
            id: ID! @join__field(graph: A)
            other: ID! @join__field(graph: B)
        }"#,
    );
    let error = plan(&supergraph, "{ o { other } }").unwrap_err();
    assert_eq!(error, PlanError::Unreachable { coordinate: "O.other".to_owned() });
    assert_eq!(error.code(), "PLANNING_FAILED");
}

#[test]
fn names_the_variables_of_conditions() {
    let supergraph = two();
    let query = "query($a: Boolean!, $b: Boolean!, $n: Int) { o(n: $n) { ...F z @skip(if: $a) } } fragment F on O { w @include(if: $b) }";
    let document = graphql::ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation").unwrap();
    let operation = document.operations.iter().next().unwrap();
    let mut names: Vec<_> = crate::condition_variables(&document, operation).iter().map(ToString::to_string).collect();
    names.sort();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn enters_a_root_type_again_without_a_key() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) x: Int @join__field(graph: B) }
        type O @join__type(graph: A) { query: Query }"#,
    );
    let plan = plan(&supergraph, "{ o { query { x o { query { x } } } } }").unwrap();
    let text = crate::print(&plan, &supergraph);
    assert!(text.contains("b after #0, at o.query\n     query{x}"), "{text}");
    assert!(plan.fetches.len() == 3, "{text}");
}

#[test]
fn plans_a_subscription_as_one_root_fetch_and_what_follows_each_event() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { q: Int @join__field(graph: A) }
        type Subscription @join__type(graph: A) { changed(id: ID): O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            b: Int @join__field(graph: B)
        }"#,
    );
    let plan = plan(&supergraph, "subscription { changed(id: 1) { b } }").unwrap();
    let documents = fetches(&supergraph, &plan);
    assert_eq!(plan.kind, OperationKind::Subscription);
    assert_eq!(documents[0], ("a".to_owned(), "subscription{changed(id:1){id}}".to_owned()));
    assert_eq!(documents.len(), 2);
}

#[test]
fn asks_what_a_value_is_where_a_subgraph_may_give_a_hidden_type() {
    let supergraph = supergraph(
        &["a"],
        r#"
        directive @inaccessible on OBJECT
        type Query @join__type(graph: A) { i: I }
        interface I @join__type(graph: A) { id: ID! }
        type Seen implements I @join__implements(graph: A, interface: "I") @join__type(graph: A) { id: ID! }
        type Hidden implements I @inaccessible @join__implements(graph: A, interface: "I") @join__type(graph: A) { id: ID! }"#,
    );
    let text = text(&supergraph, "{ i { id } }");
    assert!(text.contains("__typename"), "{text}");
}

#[test]
fn knows_that_nothing_but_null_comes_where_a_subgraph_knows_no_type() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) {
            i: I @join__field(graph: A) e: E @join__field(graph: B)
        }
        interface I @join__type(graph: A) @join__type(graph: B) { id: ID! }
        type E implements I @join__implements(graph: B, interface: "I") @join__type(graph: B) { id: ID! }"#,
    );
    let plan = plan(&supergraph, "{ i { __typename id } }").unwrap();
    assert_eq!(plan.requests(), 1);
}

#[test]
fn lets_wait_for_what_is_never_sent() {
    // What both subgraphs say `u` may be is no E: of the union's E nothing is ever asked.
    let three = supergraph(
        &["a", "b", "c", "d"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @join__type(graph: C) @join__type(graph: D) {
            o: O @join__field(graph: A)
        }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            all: [I] @join__field(graph: A)
            u: U @join__field(graph: A) @join__field(graph: B)
        }
        interface I @join__type(graph: A) @join__type(graph: C) { id: ID! }
        union U @join__type(graph: A) @join__unionMember(graph: A, member: "O") @join__unionMember(graph: A, member: "E")
            @join__type(graph: B) @join__unionMember(graph: B, member: "O") = O | E
        type E implements I @join__implements(graph: A, interface: "I") @join__implements(graph: C, interface: "I")
            @join__type(graph: A, key: "id") @join__type(graph: C, key: "id") {
            id: ID!
            v: V @join__field(graph: C)
        }
        type V @join__type(graph: C, key: "id") @join__type(graph: D, key: "id") {
            id: ID!
            w: Int @join__field(graph: D)
        }"#,
    );
    let plan = plan(&three, "{ o { all { ... on E { v { w } } } u { ... on E { v { w } } } } }").unwrap();
    assert_eq!(plan.steps(), 3);
}
