//! Loading the audit's supergraphs, the benchmark's, and garbage.

use super::*;
use crate::supergraph::TypeKind;

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
    ];
    for case in cases {
        let findings = Supergraph::parse(&case, Limits::default()).expect_err("should be refused");
        assert!(findings.iter().all(|finding| {
            matches!(finding.code, "INVALID_GRAPHQL" | "INVALID_FEDERATION_SUPERGRAPH" | "UNSUPPORTED_LINKED_FEATURE")
        }));
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
