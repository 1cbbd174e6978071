//! Plans that are proved before they are used.

use std::sync::Arc;

use federation::{Limits, Supergraph};
use graphql::{Schema, Valid};

use crate::testing::{Canned, Door, SUPERGRAPH, supergraph};
use crate::{Config, Edition};

const QUERY: &str = "{ user(id: 1) { name score } }";

/// A gateway that proves its plans by the subgraphs of some supergraph.
fn proving_by(sdl: &str) -> Door {
    let schemas: Vec<Valid<Schema>> = Supergraph::subgraph_schemas(sdl, Limits::default()).unwrap();
    let subgraphs = Arc::new(Canned::default());
    let edition = Edition::new(Config::default(), supergraph(), Arc::clone(&subgraphs) as _).proving(schemas);
    Door::serving(edition, subgraphs)
}

#[tokio::test]
async fn a_sound_plan_is_served() {
    let door = proving_by(SUPERGRAPH);
    assert_eq!(door.query(QUERY).await.json()["data"]["user"]["score"], 7);
}

#[tokio::test]
async fn a_plan_that_asks_for_what_a_subgraph_lacks_is_refused_before_anything_is_asked() {
    let door = proving_by(&SUPERGRAPH.replace("score: Int @join__field(graph: SCORES)", ""));
    let answer = door.query(QUERY).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (500, "PLAN_UNSOUND"));
    assert!(door.subgraphs.received().is_empty());
    assert_eq!(door.query("{ user(id: 1) { name } }").await.json()["data"]["user"]["name"], "Ada");
}
