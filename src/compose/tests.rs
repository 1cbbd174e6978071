//! Compose files on disk: contracts, versions, and what is refused.

use super::*;

const SDL: &str = r#"
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@tag"])
type Query { a: Int b: Int @tag(name: "internal") }
"#;

/// A folder with one subgraph and a compose file that says so, and more.
fn folder(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.graphql"), SDL).unwrap();
    let manifest = format!("subgraphs: {{a: {{routing_url: 'http://a/', schema: {{file: a.graphql}}}}}}\n{more}");
    std::fs::write(folder.path().join("supergraph.yaml"), manifest).unwrap();
    folder
}

#[tokio::test]
async fn composes_every_contract_of_the_file_and_the_one_asked_for() {
    let folder = folder("contracts: {public: {exclude: [internal], output: public.graphql}}");
    let contract = Some(Contract { include: vec!["internal".to_owned()], ..Contract::default() });
    let choices = Choices { contract, ..Choices::default() };
    let composed = compose_file(&folder.path().join("supergraph.yaml"), &choices).await.unwrap();
    let api = |sdl: &str| supergraph(sdl, "test").unwrap().api_schema.to_string();
    assert_eq!(api(&composed.supergraph), "type Query {\n  b: Int\n}\n");
    let (file, public) = &composed.contracts[0];
    assert_eq!(*file, folder.path().join("public.graphql"));
    assert_eq!(api(public), "type Query {\n  a: Int\n}\n");
}

#[tokio::test]
async fn names_a_contract_that_is_refused() {
    let folder = folder("contracts: {nobody: {include: [x], output: nobody.graphql}}");
    let refused =
        compose_file(&folder.path().join("supergraph.yaml"), &Choices::default()).await.unwrap_err().to_string();
    assert!(refused.contains("contract nobody") && refused.contains("ONLY_INACCESSIBLE_CHILDREN"), "{refused}");
}

#[tokio::test]
async fn the_command_line_pins_in_place_of_the_file() {
    let folder = folder("federation_version: 2.4");
    let file = folder.path().join("supergraph.yaml");
    let refused = compose_file(&file, &Choices::default()).await.unwrap_err().to_string();
    assert!(refused.contains("UNKNOWN_FEDERATION_LINK_VERSION"), "{refused}");
    let choices = Choices { federation_version: Some("2.9".parse().unwrap()), ..Choices::default() };
    assert!(compose_file(&file, &choices).await.is_ok());
}

#[tokio::test]
async fn gives_up_after_as_many_paths_as_the_command_line_or_else_the_file_says() {
    const CODE: &str = "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED";
    let folder = folder("subgraph_paths_max: 1");
    let file = folder.path().join("supergraph.yaml");
    let refused = compose_file(&file, &Choices::default()).await.unwrap_err().to_string();
    assert!(refused.contains(CODE), "{refused}");
    let choices = Choices { subgraph_paths_max: NonZeroUsize::new(100), ..Choices::default() };
    assert!(compose_file(&file, &choices).await.is_ok());
}

#[tokio::test]
async fn tells_every_file_that_is_missing_and_every_contract_that_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("supergraph.yaml");
    std::fs::write(&file, "subgraphs: {a: {routing_url: 'http://a/', schema: {file: one}}, b: {routing_url: 'http://b/', schema: {file: two}}}").unwrap();
    let missing = compose_file(&file, &Choices::default()).await.unwrap_err().to_string();
    assert!(missing.contains("one") && missing.contains("two") && missing.lines().count() == 2, "{missing}");

    let folder = self::folder("contracts: {first: {include: [x], output: 1}, second: {include: [y], output: 2}}");
    let contract = Some(Contract { include: vec!["z".to_owned()], ..Contract::default() });
    let choices = Choices { contract, ..Choices::default() };
    let refused = compose_file(&folder.path().join("supergraph.yaml"), &choices).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(_)));
    let text = refused.to_string();
    for heading in ["the contract is refused", "contract first is refused", "contract second is refused"] {
        assert!(text.contains(heading), "{heading} in {text}");
    }
}
