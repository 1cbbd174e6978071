//! The benchmark workload, end to end: composed by us, served by data, answered byte for byte.

use std::path::{Path, PathBuf};

use graphql::Schema;
use serde_json::Value;

use crate::support::client;
use crate::support::data_subgraph::DataSubgraph;
use crate::support::gather::gather;
use crate::support::process::{self, Process};

const KEYS: &[(&str, &str)] = &[("Product", "upc"), ("Review", "id"), ("User", "id")];

const SUBGRAPHS: &[&str] = &["accounts", "inventory", "products", "reviews"];

/// The workload running: its subgraphs, and the folder with what was composed of them.
pub struct Workload {
    /// In the order of `SUBGRAPHS`.
    pub subgraphs: Vec<DataSubgraph>,
    /// The composed supergraph's file.
    pub supergraph: PathBuf,
    _folder: tempfile::TempDir,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bench").join(name)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The request and its exact answer.
pub fn request_and_answer() -> (Value, String) {
    (serde_json::from_str(&read(&fixture("query.json"))).unwrap(), read(&fixture("response.json")))
}

impl Workload {
    /// Starts the subgraphs and composes them with the program.
    pub async fn start() -> Self {
        let (request, answer) = request_and_answer();
        let schema = Schema::parse_and_validate(read(&fixture("supergraph.graphql")), "supergraph.graphql").unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let dataset = gather(&schema, request["query"].as_str().unwrap(), &answer["data"], KEYS);

        let folder = tempfile::tempdir().unwrap();
        let mut config = String::from("federation_version: 2\nsubgraphs:\n");
        let mut subgraphs = Vec::new();
        for name in SUBGRAPHS {
            let file = fixture(&format!("subgraphs/{name}.graphql"));
            let subgraph = DataSubgraph::start(&read(&file), dataset.clone()).await;
            config += &format!(
                "  {name}:\n    routing_url: {}\n    schema:\n      file: {}\n",
                subgraph.url(),
                file.display()
            );
            subgraphs.push(subgraph);
        }
        let config_file = folder.path().join("supergraph.yaml");
        std::fs::write(&config_file, config).unwrap();
        let supergraph = folder.path().join("supergraph.graphql");
        let composed = process::run(&[
            "compose",
            "--config",
            config_file.to_str().unwrap(),
            "--output",
            supergraph.to_str().unwrap(),
        ])
        .await;
        assert_eq!(composed.code, 0, "{composed:?}");
        Self { subgraphs, supergraph, _folder: folder }
    }

    /// Starts the router on what was composed.
    pub async fn router(&self) -> Process {
        Process::start(process::command(&[
            "router",
            "--supergraph",
            self.supergraph.to_str().unwrap(),
            "--listen",
            "127.0.0.1:0",
        ]))
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_the_benchmark_query_byte_for_byte() {
    let workload = Workload::start().await;
    let router = workload.router().await;
    let (request, expected) = request_and_answer();

    let answer = client::post(&router.graphql(), None, &request).await;

    assert_eq!(answer.status, 200);
    assert_eq!(answer.text, expected.trim_end());
    let calls: usize = workload.subgraphs.iter().map(|subgraph| subgraph.calls().len()).sum();
    assert!(calls <= 7, "{calls} subgraph calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_required_values_with_the_representations() {
    let workload = Workload::start().await;
    let router = workload.router().await;

    let answer = client::query(&router.graphql(), None, "{ topProducts { upc shippingEstimate } }").await;

    assert_eq!(answer.status, 200, "{answer:?}");
    let representations = workload.subgraphs[1].representations();
    let count = answer.json()["data"]["topProducts"].as_array().unwrap().len();
    assert_eq!(representations.len(), count);
    for representation in &representations {
        assert_eq!(representation["__typename"], "Product");
        assert!(representation["upc"].is_string(), "{representation}");
        assert!(representation["price"].is_i64() && representation["weight"].is_i64(), "{representation}");
    }
}
