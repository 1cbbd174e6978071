//! Progressive overrides, from a client's request to the subgraph that is called.

use std::sync::Arc;

use federation::Supergraph;

use crate::testing::{Canned, Door, Nothing, SUPERGRAPH};
use crate::{Config, Gateway};

/// The small supergraph, whose names move from `users` to `scores` under a label.
fn moving(label: &str) -> Arc<Supergraph> {
    let field = format!(
        "name: String @join__field(graph: USERS, overrideLabel: \"{label}\") @join__field(graph: SCORES, override: \"users\", overrideLabel: \"{label}\")"
    );
    let sdl = SUPERGRAPH
        .replace("name: String @join__field(graph: USERS)\n", &format!("{field}\n"))
        .replace("join/v0.3", "join/v0.4")
        .replace("usedOverridden: Boolean)", "usedOverridden: Boolean, overrideLabel: String)");
    Arc::new(Supergraph::parse(&sdl, federation::Limits::default()).unwrap())
}

fn door(label: &str) -> Door {
    let scores = r#"{"data":{"_entities":[{"__typename":"User","name":"of scores"}]}}"#;
    let subgraphs =
        Arc::new(Canned { answers: [Ok(scores), Canned::default().answers[1].clone()], ..Canned::default() });
    let gateway = Gateway::new(Config::default(), moving(label), Arc::clone(&subgraphs) as _, Arc::new(Nothing));
    let gateway = gateway.unwrap();
    Door { router: gateway.router(), gateway, subgraphs }
}

/// Of so many requests, those whose name came from `scores`.
async fn moved(door: &Door, requests: usize) -> usize {
    let mut moved = 0;
    for _ in 0..requests {
        let name = door.query("{ user(id: 1) { name } }").await.json()["data"]["user"]["name"].clone();
        assert!(name == "Ada" || name == "of scores", "{name}");
        moved += usize::from(name == "of scores");
    }
    moved
}

#[tokio::test]
async fn a_field_moves_for_its_share_of_the_requests() {
    assert_eq!(moved(&door("percent(0)"), 20).await, 0);
    assert_eq!(moved(&door("percent(100)"), 20).await, 20);
    let half = moved(&door("percent(50)"), 200).await;
    // Ten standard deviations: chance alone never fails this.
    assert!((30..170).contains(&half), "{half}");
}

#[tokio::test]
async fn other_labels_are_never_in_force() {
    assert_eq!(moved(&door("beta"), 20).await, 0);
}

#[tokio::test]
async fn each_side_of_a_label_has_a_plan_of_its_own() {
    let door = door("percent(50)");
    let requests = 100;
    moved(&door, requests).await;
    let metrics = door.get("/metrics", &[]).await.text;
    assert!(metrics.contains("graphql_plan_cache_lookups_total{result=\"miss\"} 2"), "{metrics}");
    // Whoever asks for none of the label's fields has one plan.
    for _ in 0..20 {
        door.query("{ user(id: 1) { id } }").await;
    }
    let metrics = door.get("/metrics", &[]).await.text;
    assert!(metrics.contains("graphql_plan_cache_lookups_total{result=\"miss\"} 3"), "{metrics}");
}
