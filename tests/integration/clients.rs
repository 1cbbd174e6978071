//! Public clients from npm, unchanged, against the running platform; and another gateway on what we compose.

use std::process::Output;

use tokio::process::Command;

use crate::benchmark_workload::{Workload, request_and_answer};
use crate::support::group;
use crate::support::shop::Shop;

/// A command of npm's in a folder of `tests/`.
async fn node(folder: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let folder = format!("{}/tests/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::from(group::command("node"));
    command.current_dir(folder).args(arguments).envs(environment.iter().copied()).kill_on_drop(true);
    command.output().await.expect("node")
}

fn succeeded(output: &Output) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn public_clients_talk_to_the_platform() {
    let shop = Shop::start("small").await;
    let url = shop.dev.graphql();
    let environment =
        [("SUPERGRAPH_URL", &*url), ("CUSTOMER_TOKEN", &shop.customer), ("ADMINISTRATOR_TOKEN", &shop.administrator)];
    // One file at a time: they buy, and look at what is left on stock.
    succeeded(&node("clients", &["--test", "--test-concurrency=1", "test/"], &environment).await);
    succeeded(&node("clients", &["audit.mjs"], &environment).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_gateway_serves_what_we_compose() {
    let workload = Workload::start().await;
    let (_, expected) = request_and_answer();
    let query = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bench/query.json");
    let supergraph = workload.supergraph.to_str().expect("UTF-8");
    let output = node("peers", &["gateway-peer.mjs", "--supergraph", supergraph, "--body", query], &[]).await;
    succeeded(&output);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expected: serde_json::Value = serde_json::from_str(&expected).expect("JSON");
    assert_eq!(answer, expected);
}
