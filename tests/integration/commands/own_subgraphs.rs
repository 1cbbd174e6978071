//! `supergraph dev --config`: what is served follows the files.

use std::time::Duration;

use kit::testing::wait_to_see;
use serde_json::Value;

use crate::support::client;
use crate::support::process::{self, Process};

const FILE: &str = "subgraphs:\n  goods: { routing_url: http://127.0.0.1:1/, schema: { file: goods.graphql } }\n";
const FIELDS: &str = "{ __type(name: \"Query\") { fields { name } } }";
/// Files are looked at each second; the rest is for a loaded machine.
const LOOK_MAX: Duration = Duration::from_secs(60);

/// Asks until the answer is as wanted.
async fn until(dev: &Process, wanted: impl Fn(&Value) -> bool) -> Value {
    wait_to_see(LOOK_MAX, "the answer", async || {
        let answer = client::query(&dev.graphql(), None, FIELDS).await.json();
        if wanted(&answer) { Ok(answer) } else { Err(answer) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn dev_serves_the_last_version_that_composes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("supergraph.yaml"), FILE).unwrap();
    std::fs::write(path("goods.graphql"), "type Query { a: Nope }").unwrap();
    let arguments = ["dev", "--listen", "127.0.0.1:0", "--config", &path("supergraph.yaml")];
    let mut dev = Process::start(process::command(&arguments)).await;
    let waiting = client::query(&dev.graphql(), None, FIELDS).await;
    assert_eq!((waiting.status, waiting.code().as_str()), (503, "SUPERGRAPH_NOT_READY"), "{waiting:?}");

    std::fs::write(path("goods.graphql"), "type Query { a: Int }").unwrap();
    until(&dev, |answer| answer["data"]["__type"]["fields"][0]["name"] == "a").await;
    std::fs::write(path("goods.graphql"), "type Query { a: Nope }").unwrap();
    wait_to_see(LOOK_MAX, "the page to tell what is wrong", async || {
        let page = client::send(reqwest::Client::new().get(format!("{}/graphiql/state", dev.url))).await;
        if page.text.contains("Nope") { Ok(()) } else { Err(page) }
    })
    .await;
    until(&dev, |answer| answer["data"]["__type"]["fields"][0]["name"] == "a").await;
    std::fs::write(path("goods.graphql"), "type Query { b: Int }").unwrap();
    until(&dev, |answer| answer["data"]["__type"]["fields"][0]["name"] == "b").await;
    dev.signal("TERM").await;
    assert_eq!(dev.wait().await, Some(0));
}
