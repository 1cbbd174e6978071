//! Loading the audit's supergraphs, the benchmark's, and garbage.

use super::*;
use crate::supergraph::{FieldSetItem, TypeKind};
use crate::{LabelId, LabelSet};

fn fixtures() -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn load(sdl: &str) -> Supergraph {
    Supergraph::parse(sdl, Limits::default()).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

#[test]
fn loads_every_supergraph_of_the_audit() {
    let mut loaded = 0;
    for suite in std::fs::read_dir(fixtures().join("federation-cases")).unwrap() {
        let path = suite.unwrap().path().join("supergraph.graphql");
        if path.exists() {
            load(&read(&path));
            loaded += 1;
        }
    }
    assert_eq!(loaded, 46);
}

#[test]
fn binds_keys_requires_and_provides_of_the_benchmark() {
    let supergraph = load(&read(&fixtures().join("bench/supergraph.graphql")));
    let names: Vec<_> = supergraph.subgraphs.iter().map(|subgraph| subgraph.name.as_str()).collect();
    assert_eq!(names, ["accounts", "inventory", "products", "reviews"]);
    let product = supergraph.ty(supergraph.type_by_name["Product"]);
    assert_eq!(product.kind, TypeKind::Object);
    let estimate = supergraph.field(product.fields["shippingEstimate"]);
    assert_eq!(estimate.joins.len(), 1);
    assert_eq!(estimate.joins[0].requires.as_ref().map(Vec::len), Some(2));
    let review = supergraph.ty(supergraph.type_by_name["Review"]);
    let author = supergraph.field(review.fields["author"]);
    assert!(author.joins[0].provides.is_some());
    assert_eq!(supergraph.graph.entries(supergraph.type_by_name["Product"]).len(), 3);
    assert!(supergraph.api_schema.types.keys().all(|name| !name.starts_with("join__")));
}

const CONTEXTS: &str = r#"
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY) { query: Query }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: String) repeatable on OBJECT | INTERFACE | UNION | ENUM | SCALAR
directive @join__field(graph: join__Graph, override: String, overrideLabel: String, usedOverridden: Boolean, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION
input join__ContextArgument { name: String! type: String! context: String! selection: String }
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
type Query @join__type(graph: A) @join__type(graph: B) { t: T @join__field(graph: A) v: V @join__field(graph: A) }
type T @join__type(graph: A) @context(name: "a__locale") { language: String! u: U }
type V @join__type(graph: A) @context(name: "a__locale") @context(name: "a__other") { names: [String!] u: U }
type U @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
  id: ID!
  text: String @join__field(graph: A, contextArguments: [
    {context: "a__locale", name: "language", type: "[String!]", selection: " ... on T { language } ... on V { names }"}])
  moved: Int @join__field(graph: A, overrideLabel: "percent(5)") @join__field(graph: B, override: "a", overrideLabel: "percent(5)")
}
"#;

#[test]
fn binds_arguments_from_contexts_by_the_type_that_sets_them() {
    let supergraph = load(CONTEXTS);
    let id = |name: &str| supergraph.type_by_name[name];
    let names: Vec<_> = supergraph.contexts.iter().map(|context| context.name.as_str()).collect();
    assert_eq!(names, ["a__locale", "a__other"]);
    assert_eq!(supergraph.contexts[0].types, [id("T"), id("V")]);
    assert_eq!(supergraph.ty(id("V")).contexts, [crate::ContextId(0), crate::ContextId(1)]);
    let text = supergraph.field(supergraph.ty(id("U")).fields["text"]);
    let [argument] = text.joins[0].context_arguments.as_slice() else { panic!("{:?}", text.joins) };
    assert_eq!((argument.name.as_str(), argument.context.0), ("language", 0));
    let leaf = |name: &str, field: &str| (id(name), supergraph.ty(id(name)).fields[field]);
    let read: Vec<_> = argument
        .selections
        .iter()
        .map(|selection| match selection.fields.as_slice() {
            [FieldSetItem::Field { field: Some(field), .. }] => (selection.on, *field),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(read, [leaf("T", "language"), leaf("V", "names")]);
}

const OWNERS: &str = r#"
schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
directive @core(feature: String!) repeatable on SCHEMA
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: String) repeatable on OBJECT | INTERFACE
directive @join__field(graph: join__Graph, requires: String, provides: String) on FIELD_DEFINITION
enum join__Graph { PRODUCTS @join__graph(name: "products", url: "") REVIEWS @join__graph(name: "reviews", url: "") }
type Query { top: Product @join__field(graph: PRODUCTS) review: Review @join__field(graph: REVIEWS) }
type Product @join__owner(graph: PRODUCTS) @join__type(graph: PRODUCTS, key: "upc") @join__type(graph: REVIEWS, key: "upc") {
  upc: String! @join__field(graph: PRODUCTS)
  name: String
  reviews: [Review] @join__field(graph: REVIEWS)
}
type Review { body: String product: Product }
"#;

#[test]
fn federation_1_gives_fields_to_owners_and_keys_to_all_who_refer_by_them() {
    let supergraph = load(OWNERS);
    let product = supergraph.ty(supergraph.type_by_name["Product"]);
    let subgraphs = |name: &str| {
        let joins = supergraph.field(product.fields[name]).joins.iter();
        joins.map(|join| supergraph.subgraph(join.subgraph).name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(subgraphs("upc"), ["products", "reviews"]);
    assert_eq!(subgraphs("name"), ["products"]);
    assert_eq!(subgraphs("reviews"), ["reviews"]);
}

#[test]
fn a_label_decides_which_side_of_an_override_resolves() {
    // However the overridden side is used, its label decides.
    let used = CONTEXTS.replace("(graph: A, overrideLabel", "(graph: A, usedOverridden: true, overrideLabel");
    for sdl in [CONTEXTS, &used] {
        let supergraph = load(sdl);
        assert_eq!(supergraph.override_labels, ["percent(5)"]);
        let moved = supergraph.field(supergraph.ty(supergraph.type_by_name["U"]).fields["moved"]);
        let disabled =
            |labels: &LabelSet| moved.joins.iter().map(|join| join.is_disabled_under(labels)).collect::<Vec<_>>();
        assert_eq!(disabled(&LabelSet::default()), [false, true]);
        assert_eq!(disabled(&[LabelId(0)].into_iter().collect()), [true, false]);
    }
}

#[test]
fn subgraphs_of_one_name_are_refused() {
    let findings = Supergraph::parse(&CONTEXTS.replace("name: \"b\"", "name: \"a\""), Limits::default()).unwrap_err();
    let messages: Vec<_> = findings.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["join__Graph has more than one subgraph named \"a\": A, B"]);
}

#[test]
fn hides_the_inaccessible_from_the_api() {
    let path = fixtures().join("federation-cases/simple-inaccessible/supergraph.graphql");
    let supergraph = load(&read(&path));
    let values = &supergraph.ty(supergraph.type_by_name["FriendType"]).enum_values;
    assert_eq!(values.iter().map(|value| value.as_str()).collect::<Vec<_>>(), ["FRIEND"]);
    assert!(!supergraph.api_schema.to_string().contains("@inaccessible"));
}

#[test]
fn knows_interface_objects_as_resolvers_of_implementations() {
    let path = fixtures().join("federation-cases/interface-object-with-requires/supergraph.graphql");
    let supergraph = load(&read(&path));
    let user = supergraph.ty(supergraph.type_by_name["User"]);
    let resolvers = supergraph.graph.resolvers(user.fields["username"]);
    assert_eq!(resolvers.len(), 1);
    assert_eq!(resolvers[0].via, supergraph.type_by_name["NodeWithName"]);
}

#[test]
fn answers_garbage_with_findings() {
    let bench = read(&fixtures().join("bench/supergraph.graphql"));
    let cases = [
        String::new(),
        "type Query { a: Int }".to_owned(),
        "}{ ]".to_owned(),
        bench.replace("\"price weight\"", "\"price wei\""),
        bench.replace("\"price weight\"", "\"{{{{\""),
        bench.replace("graph: INVENTORY", "graph: NOWHERE"),
        bench.replace("join/v0.3", "join/v9.3"),
        bench.replace("type Query", "type Kweri"),
        CONTEXTS.replace("{ names }", "{ nothing }"),
        CONTEXTS.replace("\"[String!]\"", "\"[String\""),
        CONTEXTS.replace("context: \"a__locale\"", "context: \"a__unknown\""),
    ];
    for case in cases {
        let findings = Supergraph::parse(&case, Limits::default()).expect_err("should be refused");
        assert!(findings.iter().all(|finding| {
            matches!(finding.code, "INVALID_GRAPHQL" | "INVALID_FEDERATION_SUPERGRAPH" | "UNSUPPORTED_LINKED_FEATURE")
        }));
    }
}

#[test]
fn refuses_keys_that_are_no_field_sets() {
    load(CONTEXTS);
    for text in ["é", "\\\"", "é id", "id }", "{ id", "...", "1"] {
        let sdl = CONTEXTS.replacen("key: \"id\"", &format!("key: \"{text}\""), 1);
        assert!(Supergraph::parse(&sdl, Limits::default()).is_err(), "{text}");
    }
}

#[test]
fn never_panics_on_damaged_supergraphs() {
    let sdl = read(&fixtures().join("federation-cases/simple-interface-object/supergraph.graphql"));
    let mut state = 7_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % bound
    };
    let mut refused = 0;
    for _ in 0..400 {
        let mut damaged: Vec<u8> = sdl.bytes().collect();
        for _ in 0..=below(3) {
            let at = below(damaged.len());
            let length = below(40).min(damaged.len() - at);
            match below(3) {
                0 => drop(damaged.drain(at..at + length)),
                1 => {
                    let copied: Vec<u8> = damaged[at..at + length].to_vec();
                    let to = below(damaged.len());
                    damaged.splice(to..to, copied);
                }
                _ => damaged[at] = b"{}()[]\"@!:|&A1 "[below(15)],
            }
        }
        refused += usize::from(Supergraph::parse(&String::from_utf8_lossy(&damaged), Limits::default()).is_err());
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn defaults_that_hold_themselves_are_refused() {
    let sdl =
        format!("{CONTEXTS} extend type Query {{ f(x: I): Int }} input I {{ a: J = {{}} }} input J {{ i: I = {{}} }}");
    let findings = Supergraph::parse(&sdl, Limits::default()).unwrap_err();
    let messages: Vec<_> = findings.iter().map(|found| (found.code, found.message.as_str())).collect();
    assert_eq!(messages, [("INVALID_GRAPHQL", "The defaults of \"I.a\", \"J.i\" hold themselves without end")]);
}

#[test]
fn a_specification_of_the_same_name_hides_nothing_and_lifts_nothing() {
    let sdl = CONTEXTS
        .replace(
            "{ query: Query }",
            "@link(url: \"https://specs.apollo.dev/inaccessible/v0.2\", for: SECURITY) @link(url: \"https://acme.dev/inaccessible/v1.0\", \
             as: \"acme\", import: [{name: \"@inaccessible\", as: \"@hide\"}]) { query: Query }
            directive @inaccessible on FIELD_DEFINITION directive @hide on FIELD_DEFINITION",
        )
        .replace("language: String!", "language: String! secret: Int @inaccessible other: Int @hide");
    let api = load(&sdl).api_schema.to_string();
    assert!(api.contains("other: Int\n") && !api.contains("secret"), "{api}");
}
