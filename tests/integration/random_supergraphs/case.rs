//! A case: subgraphs, the world that they divide, what is asked, and what goes wrong. As a folder:
//! `subgraphs/*.graphql`, `world.json`, `operation.graphql`, and where there are any, `variables.json`, `faults.json`
//! and the answer, `expected.json`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use composition::SubgraphInput;
use federation::{Limits, Supergraph};
use graphql::{Schema, Valid};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::divide::{Division, taken_over};
use super::world::World;
use crate::support::dataset::Switch;
use crate::support::router::Data;
use crate::support::subgraph_schema::SubgraphSchema;

/// See the module.
#[derive(Clone, Debug)]
pub struct Case {
    /// SDL by name.
    pub subgraphs: BTreeMap<String, String>,
    /// All data; it may have more than the subgraphs have fields for.
    pub world: World,
    /// What is asked.
    pub operation: Operation,
    /// What goes wrong.
    pub faults: Faults,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The document, of one operation.
    pub text: String,
    /// Its variables.
    pub variables: Value,
}

/// What goes wrong: switches by subgraph, and subgraphs that don't answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    /// Switches of subgraphs' data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub switches: BTreeMap<String, BTreeMap<String, Switch>>,
    /// Subgraphs whose answers break off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub garbage: Vec<String>,
    /// Subgraphs that cannot be reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub down: Vec<String>,
    /// Subgraphs that answer with an error and nothing else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusing: Vec<String>,
}

/// Subgraphs composed, with their data.
pub struct Served {
    /// The supergraph.
    pub supergraph: Supergraph,
    /// The subgraphs' schemas as told from the supergraph.
    pub extracted: Vec<Valid<Schema>>,
    /// What each subgraph serves and knows.
    pub subgraphs: Data,
}

/// The supergraph of some subgraphs, with their schemas as told from it.
///
/// # Errors
/// What is wrong with them.
pub fn compose(subgraphs: &BTreeMap<String, String>) -> Result<(Supergraph, Vec<Valid<Schema>>), String> {
    let input =
        |(name, sdl): (&String, &String)| SubgraphInput { name: name.clone(), url: String::new(), sdl: sdl.clone() };
    let inputs = subgraphs.iter().map(input).collect();
    let composed = composition::compose(inputs, &composition::Options::default());
    let composed = composed.map_err(|found| format!("{found:?}"))?;
    let sdl = &composed.supergraph_sdl;
    let supergraph = Supergraph::parse(sdl, Limits::default()).map_err(|found| format!("{found:?}"))?;
    let extracted = Supergraph::subgraph_schemas(sdl, Limits::default()).map_err(|found| format!("{found:?}"))?;
    Ok((supergraph, extracted))
}

impl Served {
    /// Divides a world among subgraphs.
    pub fn new(
        sdls: &BTreeMap<String, String>,
        (supergraph, extracted): (Supergraph, Vec<Valid<Schema>>),
        world: &World,
    ) -> Self {
        let schemas: BTreeMap<&String, SubgraphSchema> =
            sdls.iter().map(|(name, sdl)| (name, SubgraphSchema::new(sdl))).collect();
        let taken_over = taken_over(&schemas);
        let datasets: Vec<_> = schemas
            .iter()
            .map(|(name, schema)| {
                Division { world, supergraph: &supergraph, name, schema, taken_over: &taken_over }.dataset()
            })
            .collect();
        let subgraphs = schemas.into_iter().zip(datasets);
        let subgraphs =
            subgraphs.map(|((name, schema), dataset)| (name.clone(), (Arc::new(schema), Arc::new(dataset)))).collect();
        Self { supergraph, extracted, subgraphs }
    }
}

impl Faults {
    /// Whether anything goes wrong.
    pub fn is_any(&self) -> bool {
        self.parts() > 0
    }

    /// How many things go wrong.
    pub fn parts(&self) -> usize {
        self.switches.values().map(BTreeMap::len).sum::<usize>()
            + self.garbage.len()
            + self.down.len()
            + self.refusing.len()
    }

    /// Lets one thing less go wrong.
    pub fn remove(&mut self, mut index: usize) {
        for list in [&mut self.garbage, &mut self.down, &mut self.refusing] {
            if index < list.len() {
                list.remove(index);
                return;
            }
            index -= list.len();
        }
        for switches in self.switches.values_mut() {
            if let Some(coordinate) = switches.keys().nth(index).cloned() {
                switches.remove(&coordinate);
                break;
            }
            index -= switches.len();
        }
        self.switches.retain(|_, switches| !switches.is_empty());
    }
}

impl Case {
    /// Reads a folder; its world is made up from a seed if there is none.
    pub fn read(folder: &Path, made_up: impl FnOnce(&Supergraph, &BTreeMap<String, String>) -> World) -> Self {
        let mut subgraphs = BTreeMap::new();
        for entry in std::fs::read_dir(folder.join("subgraphs")).expect("subgraphs") {
            let path = entry.expect("a file").path();
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            subgraphs.insert(name, std::fs::read_to_string(&path).expect("SDL"));
        }
        let world = json_file(&folder.join("world.json")).unwrap_or_else(|| {
            let composed = compose(&subgraphs).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
            made_up(&composed.0, &subgraphs)
        });
        let text = std::fs::read_to_string(folder.join("operation.graphql")).expect("an operation");
        let variables = json_file(&folder.join("variables.json")).unwrap_or_else(|| json!({}));
        let faults = json_file(&folder.join("faults.json")).unwrap_or_default();
        Self { subgraphs, world, operation: Operation { text, variables }, faults }
    }

    /// Writes a folder.
    pub fn write(&self, folder: &Path) {
        let write = |name: &str, text: &str| {
            std::fs::write(folder.join(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
        };
        std::fs::create_dir_all(folder.join("subgraphs")).expect("a folder");
        for (name, sdl) in &self.subgraphs {
            write(&format!("subgraphs/{name}.graphql"), sdl);
        }
        write("world.json", &pretty(&self.world));
        write("operation.graphql", &self.operation.text);
        if self.operation.variables != json!({}) {
            write("variables.json", &pretty(&self.operation.variables));
        }
        if self.faults.is_any() {
            write("faults.json", &pretty(&self.faults));
        }
    }
}

fn json_file<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// JSON for people.
pub fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("JSON");
    text.push('\n');
    text
}
