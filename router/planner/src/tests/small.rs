//! Small supergraphs: one behaviour each.

use super::{Loaded, load, plan, plan_with};
use crate::plan::{FetchKind, IntrospectionId, OperationKind, QueryPlan, Source};
use crate::{Budget, PlanError};
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

fn text(supergraph: &Loaded, query: &str) -> String {
    crate::print(&plan(supergraph, query).unwrap(), supergraph)
}

/// Subgraph name and document of each fetch.
fn fetches(supergraph: &Supergraph, plan: &QueryPlan) -> Vec<(String, String)> {
    let fetches = plan.fetches.iter();
    fetches.map(|fetch| (supergraph.subgraph(fetch.subgraph).name.clone(), fetch.document.clone())).collect()
}

fn two() -> Loaded {
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

fn mutations() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { q: Int @join__field(graph: A) }
        type Mutation @join__type(graph: A) @join__type(graph: B) {
            m1: O @join__field(graph: A)
            m2: O @join__field(graph: A)
            n: Int @join__field(graph: B)
            shared: Int
        }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            x: Int @join__field(graph: A)
            y: Int @join__field(graph: B)
        }"#,
    )
}

#[test]
fn joins_neighbouring_mutations_of_one_subgraph() {
    let supergraph = mutations();
    let plan = plan(&supergraph, "mutation { m1 { x } m2 { x } n }").unwrap();
    let documents: Vec<String> = fetches(&supergraph, &plan).into_iter().map(|(_, document)| document).collect();
    assert_eq!(documents, ["mutation{m1{x} m2{x}}", "mutation{n}"]);
    assert_eq!(plan.kind, OperationKind::Mutation);
    assert_eq!(plan.fetches[1].after.len(), 1);
}

#[test]
fn finishes_a_mutation_field_before_the_next() {
    let supergraph = mutations();
    let plan = plan(&supergraph, "mutation { m1 { y } m2 { y } }").unwrap();
    let kinds: Vec<bool> = plan.fetches.iter().map(|fetch| matches!(fetch.kind, FetchKind::Root { .. })).collect();
    assert_eq!(kinds, [true, false, true, false], "{}", crate::print(&plan, &supergraph));
    let after: Vec<u32> = plan.fetches[2].after.iter().map(|id| id.0).collect();
    assert_eq!(after, [0, 1]);
}

#[test]
fn runs_a_shared_mutation_once() {
    let supergraph = mutations();
    let plan = plan(&supergraph, "mutation { shared }").unwrap();
    assert_eq!(plan.fetches.len(), 1);
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
fn refuses_fragments_that_double_thirty_times() {
    let supergraph =
        supergraph(&["a"], "type Query @join__type(graph: A) { o: O } type O @join__type(graph: A) { o: O x: Int }");
    let mut query = "{ o { ...F0 } }".to_owned();
    for level in 0..30 {
        query.push_str(&format!(" fragment F{level} on O {{ a: o {{ ...F{0} }} b: o {{ ...F{0} }} }}", level + 1));
    }
    query.push_str(" fragment F30 on O { x }");
    let error = plan(&supergraph, &query).unwrap_err();
    assert_eq!(error.code(), "OPERATION_TOO_COMPLEX");
}

#[test]
fn plans_seventy_implementations_with_little_work() {
    let mut types = "interface I @join__type(graph: A) { id: ID! next: I }".to_owned();
    for number in 0..70 {
        types.push_str(&format!(
            r#" type T{number} implements I @join__implements(graph: A, interface: "I") @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")
            {{ id: ID! next: I @join__field(graph: A) b{number}: Int @join__field(graph: B) }}"#
        ));
    }
    types.push_str(" type Query @join__type(graph: A) @join__type(graph: B) { i: I @join__field(graph: A) }");
    let supergraph = supergraph(&["a", "b"], &types);
    let document = "{ i { next { next { id next { id ... on T3 { b3 } ... on T4 { b4 next { id } } } } } } }";
    let document =
        graphql::ExecutableDocument::parse_and_validate(&supergraph.api_schema, document, "operation").unwrap();
    let budget = Budget { steps_max: 20_000, ..Budget::default() };
    let plan = super::plan_within(&supergraph, &document, &budget).unwrap();
    assert_eq!(plan.fetches.len(), 2, "{}", crate::print(&plan, &supergraph));
    assert!(plan.fetches.iter().all(|fetch| fetch.document.len() < 1000), "{}", crate::print(&plan, &supergraph));
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
fn plans_ten_thousand_aliases_of_fields_and_entities() {
    let supergraph = two();
    let mut fields = String::new();
    for number in 0..5_000 {
        fields.push_str(&format!(" z{number}: z b{number}: b(n: {number})"));
    }
    let budget = Budget { steps_max: 200_000, ..Budget::default() };
    let parse = |query: &str| {
        graphql::ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "operation").unwrap()
    };
    let document = parse(&format!("{{ o {{ {fields} }} }}"));
    let plan = super::plan_within(&supergraph, &document, &budget).unwrap();
    assert_eq!(plan.fetches.len(), 2);
    let mut places = String::new();
    for number in 0..1_500 {
        places.push_str(&format!(" o{number}: o(n: {number}) {{ b c }}"));
    }
    let document = parse(&format!("{{ {places} }}"));
    let plan = super::plan_within(&supergraph, &document, &budget).unwrap();
    assert_eq!(plan.fetches.len(), 2);
}

#[test]
fn plans_an_operation_a_hundred_levels_deep() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            a: O @join__field(graph: A)
            b: O @join__field(graph: B)
        }"#,
    );
    let below: String = (0..48).map(|_| "a { b { ").collect();
    let query = format!("{{ o {{ {below} id {} }} }}", "} }".repeat(48));
    let planned = plan(&supergraph, &query).unwrap();
    assert_eq!(planned.fetches.len(), 96);
}

#[test]
fn counts_the_levels_of_what_is_selected_below_several_fields() {
    let supergraph = supergraph(&["a"], "type Query @join__type(graph: A) { self: Query n: Int }");
    // What each fragment selects has been seen at a lesser depth.
    let nested = |fragments: usize| {
        let fields: String = (0..fragments).map(|n| format!(" p{n}: self {{ ...F{n} }}")).collect();
        let fragments =
            (1..fragments).map(|n| format!(" fragment F{n} on Query {{ self {{ self {{ ...F{} }} }} }}", n - 1));
        plan(&supergraph, &format!("{{{fields} }} fragment F0 on Query {{ n }}{}", fragments.collect::<String>()))
    };
    nested(50).unwrap();
    let refused = nested(51).unwrap_err();
    assert_eq!(refused, PlanError::TooComplex { what: "levels of nesting", max: 100 });
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
fn lets_an_early_request_join_a_later_one_at_a_thousand_places() {
    let supergraph = supergraph(
        &["a", "b", "d"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o(n: Int): O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") @join__type(graph: D, key: "id") {
            id: ID!
            w: Int @join__field(graph: D) @join__field(graph: B, external: true)
            b: Int @join__field(graph: B)
            c: Int @join__field(graph: B, requires: "w")
        }"#,
    );
    let places: String = (0..1_000).map(|number| format!(" o{number}: o(n: {number}) {{ b c }}")).collect();
    let plan = plan(&supergraph, &format!("{{ {places} }}")).unwrap();
    let names: Vec<String> = fetches(&supergraph, &plan).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "d", "b"]);
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
fn lets_a_root_below_a_mutation_wait_for_what_leads_there_alone() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) n: Int @join__field(graph: B) }
        type Mutation @join__type(graph: A) { m: P }
        type P @join__type(graph: A) { query: Query t: T }
        type T @join__type(graph: A, key: "id") { id: ID! query: Query }"#,
    );
    let plan = plan(&supergraph, "mutation { m { t { __typename } } f0: m { t { query { n } } } }").unwrap();
    let after: Vec<Vec<u32>> = plan.fetches.iter().map(|fetch| fetch.after.iter().map(|id| id.0).collect()).collect();
    assert_eq!(after, [vec![], vec![0], vec![1]]);
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
