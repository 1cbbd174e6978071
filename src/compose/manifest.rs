//! The compose file, in the YAML that users of `rover supergraph compose` know.
//!
//! `${env.NAME}` in a header's value stands for an environment variable, so that the file holds no secret.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use composition::Unreachable;
use gateway::config::yaml_error;
use indexmap::IndexMap;
use serde::Deserialize;

use super::version::FederationVersion;
use crate::failure::Failure;

/// The file as a whole.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The newest federation version to use: `2` for the newest known, or one such as `=2.9.0`.
    #[serde(default)]
    pub federation_version: FederationVersion,
    /// Ways through subgraphs that satisfiability looks at before it gives up; 1,000,000 if left out.
    #[serde(default)]
    pub subgraph_paths_max: Option<NonZeroUsize>,
    /// Headers sent with every introspection.
    #[serde(default)]
    pub introspection_headers: IndexMap<String, String>,
    /// The subgraphs by name.
    pub subgraphs: IndexMap<String, Subgraph>,
    /// Supergraphs for audiences that see a part, by name.
    #[serde(default)]
    pub contracts: IndexMap<String, Contract>,
}

/// One subgraph.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subgraph {
    /// Where the router reaches it; for an introspected one its own URL if left out.
    #[serde(default)]
    pub routing_url: Option<String>,
    /// Where its schema comes from.
    pub schema: Schema,
}

/// Where a schema comes from: exactly one of `file`, `subgraph_url`, `sdl` and `nodes`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// A file, relative to the compose file.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// A running subgraph, asked for `_service { sdl }`.
    #[serde(default)]
    pub subgraph_url: Option<String>,
    /// The schema itself.
    #[serde(default)]
    pub sdl: Option<String>,
    /// The router's own subgraph, by which any object can be had by its global id: its types, each with the name of the subgraph
    /// that owns it. Such a subgraph has no address.
    #[serde(default)]
    pub nodes: Option<IndexMap<String, String>>,
    /// Headers sent with the introspection, besides the common ones.
    #[serde(default)]
    pub introspection_headers: IndexMap<String, String>,
}

/// One contract: what its audience sees, and where its supergraph is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Tags that fields and unions need.
    #[serde(default)]
    pub include: Vec<String>,
    /// Tags that hide.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Whether types that no query can reach are hidden.
    #[serde(default)]
    pub hide_unreachable: bool,
    /// The file for the contract's supergraph, relative to the compose file.
    pub output: PathBuf,
}

impl Manifest {
    /// The files that are read for it: itself at `path`, and the schemas.
    pub fn files(&self, path: &Path) -> Vec<PathBuf> {
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        let schemas = self.subgraphs.values().filter_map(|subgraph| subgraph.schema.file.as_ref());
        std::iter::once(path.to_owned()).chain(schemas.map(|file| folder.join(file))).collect()
    }
}

impl Contract {
    /// What is hidden.
    pub fn rules(&self) -> composition::Contract {
        let unreachable = if self.hide_unreachable { Unreachable::Hide } else { Unreachable::Keep };
        composition::Contract { include: self.include.clone(), exclude: self.exclude.clone(), unreachable }
    }
}

/// Reads and checks a compose file.
pub fn read(path: &Path) -> Result<Manifest, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::path("read", path, &error, "name the compose file with --config"))?;
    parse(&text).map_err(|reason| Failure::environment(format!("{} is no compose file: {reason}", path.display())))
}

pub(super) fn parse(text: &str) -> Result<Manifest, String> {
    let options = serde_saphyr::options! { with_snippet: false };
    let manifest: Manifest =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| yaml_error::words(&error))?;
    if manifest.subgraphs.is_empty() { Err("it names no subgraphs".to_owned()) } else { Ok(manifest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_rover_reads() {
        let manifest = parse(
            "federation_version: =2.9.0\nsubgraphs:\n  a:\n    routing_url: http://a/\n    schema: {file: ./a.graphql}\n  b:\n    schema:\n      subgraph_url: http://b/\n      introspection_headers: {Authorization: 'Bearer ${env.T}'}\n",
        )
        .unwrap();
        assert_eq!(manifest.subgraphs.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(manifest.subgraphs["a"].routing_url.as_deref(), Some("http://a/"));
        assert_eq!(manifest.subgraphs["b"].schema.introspection_headers.len(), 1);
    }

    #[test]
    fn reads_versions_as_written_and_contracts() {
        let version = |text: &str| {
            let manifest = parse(&format!("federation_version: {text}\nsubgraphs: {{a: {{schema: {{file: a}}}}}}"));
            manifest.unwrap().federation_version.pinned().map(|version| version.to_string())
        };
        assert_eq!(version("2"), None);
        assert_eq!(version("2.10"), Some("2.10".to_owned()));
        assert_eq!(version("'=2.9.1'"), Some("2.9".to_owned()));
        let manifest = parse(
            "subgraphs: {a: {schema: {file: a}}}\ncontracts: {public: {include: [p], hide_unreachable: true, output: p.graphql}}",
        );
        let contract = &manifest.unwrap().contracts["public"];
        assert!(contract.hide_unreachable && contract.include == ["p"] && contract.exclude.is_empty());
    }

    #[test]
    fn says_what_is_wrong_in_words_that_no_programmer_is_needed_for() {
        for (text, says) in [
            ("subgraphs: {a: {schema: {file: a}}, a: {schema: {file: b}}}", "column 37: the key a is written twice"),
            (
                "federation_version: ~\nsubgraphs: {a: {schema: {file: a}}}",
                "line 1, column 21: a text is needed here, and nothing is written",
            ),
            (
                "subgraph_paths_max: -1\nsubgraphs: {a: {schema: {file: a}}}",
                "line 1, column 21: a whole number that is not negative is needed here",
            ),
            ("subgraph_paths_max: 0\nsubgraphs: {a: {schema: {file: a}}}", "a whole number from 1 on is needed here"),
            ("subgraphs: {a: x}", "line 1, column 16: a mapping"),
            ("subgraphs: [a]", "line 1, column 12: a mapping"),
            ("subgraphs: {a: {schema: {fil: a}}}", "the key fil is not known; known are file, subgraph_url, sdl"),
            ("subgraphs: {a: {}}", "the key schema is missing"),
            (
                "subgraphs: {a: {schema: {file: a}}}\ncontracts: {c: {output: c, hide_unreachable: 7}}",
                "true or false is needed here",
            ),
            ("subgraphs: {a: {schema: {file: a}}}\ncontracts: {c: {output: c, include: p}}", "a list is needed here"),
            ("subgraphs: {a: {schema: *x}}", "an alias names an anchor that is not there"),
            ("", "the file ends too early"),
        ] {
            let reason = parse(text).unwrap_err();
            assert!(reason.contains(says), "{text}\n{reason}");
        }
    }

    #[test]
    fn refuses_other_federation_versions_unknown_keys_and_nothing_at_all() {
        for text in [
            "federation_version: 2.99\nsubgraphs: {a: {schema: {file: a}}}",
            "subgraphs: {a: {schema: {file: a}}}\ncontracts: {public: {include: [p]}}",
            "subgraph_paths_max: 0\nsubgraphs: {a: {schema: {file: a}}}",
            "federation_version: 1\nsubgraphs: {a: {schema: {file: a}}}",
            "subgraphs: {a: {schema: {fil: a}}}",
            "subgraphs: {}",
            "subgraphs: [",
            "",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
