//! A suite as it lies in its folder: subgraphs, their data, and cases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use composition::SubgraphInput;
use federation::{Limits, Supergraph};
use graphql::{Schema, Valid};
use serde::Deserialize;
use serde_json::Value;

use crate::support::dataset::{Dataset, Switch};
use crate::support::subgraph_schema::SubgraphSchema;

/// Whose supergraph the cases run on.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// What we compose of the subgraphs.
    Composed,
    /// The reference composition's.
    Reference,
}

/// A suite ready to run.
pub struct Suite {
    /// The supergraph.
    pub supergraph: Supergraph,
    /// The subgraphs' schemas as told from the supergraph.
    pub extracted: Vec<Valid<Schema>>,
    /// What each subgraph serves and knows, by name.
    pub subgraphs: BTreeMap<String, (Arc<SubgraphSchema>, Arc<Dataset>)>,
    /// What is asked.
    pub cases: Vec<Case>,
}

/// A query and what has to come of it.
#[derive(Deserialize)]
pub struct Case {
    /// The query; its variables have defaults.
    pub query: String,
    /// The answer.
    pub expected: Expected,
}

/// The answer to a case.
#[derive(Deserialize)]
pub struct Expected {
    /// The data; `Some(None)` for null, `None` if there is no telling.
    #[serde(default, deserialize_with = "present")]
    pub data: Option<Option<Value>>,
    /// Whether there are errors; `None` if the audit doesn't say.
    pub errors: Option<bool>,
}

/// Keeps a null apart from an absent member.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Value>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    url: String,
    file: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/federation-cases")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of all suites.
pub fn folders() -> Vec<String> {
    let entries = std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

impl Suite {
    /// Reads a suite.
    pub fn read(folder: &str, source: Source) -> Self {
        let folder = root().join(folder);
        let listed: Vec<Listed> = read_json(&folder.join("subgraphs.json"));
        let mut data: BTreeMap<String, Arc<Dataset>> =
            read_json::<BTreeMap<String, Dataset>>(&folder.join("data.json"))
                .into_iter()
                .map(|(name, dataset)| (name, Arc::new(dataset)))
                .collect();
        let (mut inputs, mut subgraphs) = (Vec::new(), BTreeMap::new());
        for Listed { name, url, file } in listed {
            let sdl = read(&folder.join(&file));
            let dataset = data.remove(&name).unwrap_or_else(|| panic!("no data for the subgraph {name}"));
            subgraphs.insert(name.clone(), (Arc::new(SubgraphSchema::new(&sdl)), dataset));
            inputs.push(SubgraphInput { name, url, sdl });
        }
        assert!(data.is_empty(), "data for subgraphs that don't exist: {:?}", data.keys());
        let sdl = match source {
            Source::Composed => compose(inputs),
            Source::Reference => read(&folder.join("supergraph.graphql")),
        };
        let supergraph = Supergraph::parse(&sdl, Limits::default()).unwrap_or_else(|found| panic!("{found:?}"));
        let extracted = Supergraph::subgraph_schemas(&sdl, Limits::default());
        let extracted = extracted.unwrap_or_else(|found| panic!("{found:?}"));
        Self { supergraph, extracted, subgraphs, cases: read_json(&folder.join("tests.json")) }
    }

    /// Lets something go wrong in a subgraph.
    pub fn switch(&mut self, subgraph: &str, coordinate: &str, switch: Switch) {
        let (_, dataset) = self.subgraphs.get_mut(subgraph).unwrap_or_else(|| panic!("no subgraph {subgraph}"));
        Arc::make_mut(dataset).switches.insert(coordinate.to_owned(), switch);
    }
}

fn compose(inputs: Vec<SubgraphInput>) -> String {
    match composition::compose(inputs, &composition::Options::default()) {
        Ok(composed) => composed.supergraph_sdl,
        Err(found) => panic!("not composed: {found:?}"),
    }
}
