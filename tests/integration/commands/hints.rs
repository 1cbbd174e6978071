//! What `supergraph compose` tells of supergraphs that compose: hints of each weight, and URLs that nobody could call.

use crate::support::process;

/// One hint of each weight: an override from nobody, one that can go since nobody else has the field, and an enum that
/// nothing uses.
const FILE: &str = r#"
subgraphs:
  a:
    routing_url: http://127.0.0.1:1/
    schema:
      sdl: |
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@override"])
        type Query { a: Int @override(from: "nobody") b: Int @override(from: "b") }
        enum Unused { U }
  b:
    routing_url: not a url
    schema:
      sdl: |
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
        type Query { c: Int }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn hints_are_told_from_the_weight_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("supergraph.yaml").display().to_string();
    std::fs::write(&path, FILE).unwrap();
    let told = async |arguments: &[&str]| {
        let composed = process::run(&[&["compose", "--config", path.as_str()], arguments].concat()).await;
        assert_eq!(composed.code, 0, "{composed:?}");
        [
            "warning[FROM_SUBGRAPH_DOES_NOT_EXIST]",
            "info[OVERRIDE_DIRECTIVE_CAN_BE_REMOVED]",
            "debug[UNUSED_ENUM_TYPE]",
            "subgraphs.b.routing_url",
        ]
        .map(|hint| composed.stderr.contains(hint))
    };
    assert_eq!(told(&[]).await, [true, false, false, true]);
    for (least, shown) in [
        ("none", [false, false, false, false]),
        ("warn", [true, false, false, true]),
        ("info", [true, true, false, true]),
        ("debug", [true, true, true, true]),
    ] {
        assert_eq!(told(&["--hints", least]).await, shown, "{least}");
    }
}
