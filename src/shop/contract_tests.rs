//! The committed contract is what the code says. `tests/update-schema` writes it anew.

use std::path::PathBuf;

use indexmap::IndexMap;

use super::config::ServicesConfig;
use super::keys::Keys;
use super::open::{inputs, subgraphs};
use crate::data_folder::DataFolder;

fn committed(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Shows the first line that differs rather than two long texts.
fn assert_fresh(path: &str, current: &str) {
    let committed = committed(path);
    let differing = committed.lines().zip(current.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(committed == current, "{path} is stale; run tests/update-schema. First difference: {differing:?}");
}

async fn shop() -> IndexMap<&'static str, kit::Subgraph> {
    let place = tempfile::tempdir().unwrap();
    let keys = Keys::read_or_make(&DataFolder::open(Some(place.path().to_owned())).unwrap()).unwrap();
    subgraphs(&IndexMap::new(), &ServicesConfig::default(), &keys).unwrap()
}

#[tokio::test]
async fn subgraph_schemas_are_fresh() {
    for (name, subgraph) in shop().await {
        assert_fresh(&format!("schema/subgraphs/{name}.graphql"), subgraph.sdl());
    }
}

#[tokio::test]
async fn the_supergraph_schema_is_fresh_and_what_dev_composes() {
    let sdl = crate::compose::compose(inputs(shop().await.values())).unwrap();
    assert_fresh("schema/supergraph.graphql", &sdl);
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/supergraph.yaml");
    assert_eq!(crate::compose::compose_file(&file, &Default::default()).await.unwrap().supergraph, sdl);
}

#[test]
fn configuration_schema_and_reference_are_fresh() {
    let schema = serde_json::to_string_pretty(&gateway::config::json_schema()).unwrap();
    assert_fresh("schema/supergraph.config.schema.json", &format!("{schema}\n"));
    assert_fresh("docs/configuration.md", &gateway::config::reference_markdown());
}
