//! The subgraphs that are followed: which there are, and what each one's schema was when it could last be read.

use std::path::{Path, PathBuf};
use std::time::Duration;

use composition::{Options, SubgraphInput};
use futures::future::join_all;
use indexmap::IndexMap;

use crate::compose::manifest::{self, Manifest, Schema, Subgraph};
use crate::compose::{self, Choices, Hints, load_one};
use crate::failure::Failure;

/// A subgraph that takes longer to tell its schema is left at the one that it told before.
const READ_MAX: Duration = Duration::from_secs(5);

/// What says which subgraphs there are.
pub enum Origin {
    /// A compose file, read at each look.
    File(PathBuf),
    /// The program itself.
    Given(Box<Manifest>),
}

/// Makes a header that says who asks; none if it can't be made.
pub type Introduction = Box<dyn Fn() -> Option<(String, String)> + Send + Sync>;

/// See the module.
pub struct Subgraphs {
    origin: Origin,
    /// Where single ones are asked and called instead.
    urls: IndexMap<String, String>,
    /// What those are told of who asks, made anew for each look: a header's name and value.
    introduction: Option<Introduction>,
    /// The last ones that could be read, by name.
    known: IndexMap<String, SubgraphInput>,
    /// What the last look found.
    last: Option<Found>,
}

/// All that decides what a look says: one that finds the same says nothing.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    inputs: Vec<SubgraphInput>,
    complaints: Vec<String>,
    /// What the compose file says of how to compose; `None` if it can't be read.
    options: Option<Options>,
}

/// What a look found, if anything is different.
pub struct Look {
    /// The supergraph schema.
    pub composed: Result<String, Failure>,
    /// Subgraphs whose newest schema can't be read; composition goes on with the last one.
    pub complaints: Vec<String>,
}

impl Subgraphs {
    /// From an origin; `known` are schemas to go by until the subgraphs tell theirs.
    pub fn new(origin: Origin, urls: IndexMap<String, String>, known: Vec<SubgraphInput>) -> Self {
        let known = known.into_iter().map(|input| (input.name.clone(), input)).collect();
        Self { origin, urls, introduction: None, known, last: None }
    }

    /// The same, introduced to the subgraphs of [`Subgraphs::new`]'s URLs: they may tell their schemas to callers that they know
    /// alone.
    #[must_use]
    pub fn introduced(self, introduction: Introduction) -> Self {
        Self { introduction: Some(introduction), ..self }
    }

    /// Reads everything; `None` if it is as it was.
    pub async fn look(&mut self) -> Option<Look> {
        let (manifest, path) = match self.manifest() {
            Ok(found) => found,
            Err(failure) => {
                let found = Found { inputs: Vec::new(), complaints: vec![failure.to_string()], options: None };
                return self.differs(found).then(|| refused(failure));
            }
        };
        let names: Vec<String> = manifest.subgraphs.keys().cloned().collect();
        let read = join_all(names.iter().map(|name| read(&manifest, name, &path))).await;
        let (mut inputs, mut complaints, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for (name, read) in names.iter().zip(read) {
            match (read, self.known.get(name)) {
                (Ok(input), _) => {
                    self.known.insert(name.clone(), input.clone());
                    inputs.push(input);
                }
                (Err(failure), Some(known)) => {
                    complaints.push(failure.to_string());
                    inputs.push(known.clone());
                }
                (Err(failure), None) => missing.push(failure.to_string()),
            }
        }
        let options = compose::options(&manifest, &Choices::default());
        let found = Found {
            inputs: inputs.clone(),
            complaints: complaints.iter().chain(&missing).cloned().collect(),
            options: Some(options.clone()),
        };
        if !self.differs(found) {
            return None;
        }
        if !missing.is_empty() {
            return Some(Look { composed: Err(Failure::Environment(missing.join("\n"))), complaints });
        }
        let composing = move || compose::compose_with(inputs, &options, Hints::default());
        let composed = tokio::task::spawn_blocking(composing).await;
        let composed = composed.unwrap_or_else(|_| Err(Failure::environment("composition broke off")));
        Some(Look { composed, complaints })
    }

    /// Notes what was found; tells whether it is something else than the last time.
    fn differs(&mut self, found: Found) -> bool {
        let found = Some(found);
        let differs = self.last != found;
        self.last = found;
        differs
    }

    /// What there is, with the URLs of the command line, and the file that paths are relative to.
    fn manifest(&self) -> Result<(Manifest, PathBuf), Failure> {
        let (mut manifest, path) = match &self.origin {
            Origin::File(path) => (manifest::read(path)?, path.clone()),
            Origin::Given(manifest) => (Manifest::clone(manifest), PathBuf::new()),
        };
        check_names(&self.urls, &manifest.subgraphs.keys().map(String::as_str).collect::<Vec<_>>())?;
        for (name, url) in &self.urls {
            let introspection_headers = self.introduction.iter().filter_map(|introduce| introduce()).collect();
            let schema = Schema { subgraph_url: Some(url.clone()), introspection_headers, ..Schema::default() };
            manifest.subgraphs.insert(name.clone(), Subgraph { routing_url: Some(url.clone()), schema });
        }
        Ok((manifest, path))
    }
}

async fn read(manifest: &Manifest, name: &str, path: &Path) -> Result<SubgraphInput, Failure> {
    let late =
        || Failure::environment(format!("subgraph {name} did not tell its schema within {} s", READ_MAX.as_secs()));
    tokio::time::timeout(READ_MAX, load_one(manifest, name, path)).await.unwrap_or_else(|_| Err(late()))
}

fn refused(failure: Failure) -> Look {
    Look { composed: Err(failure), complaints: Vec::new() }
}

/// Reads `NAME=URL` flags.
pub fn parse_urls(flags: &[String]) -> Result<IndexMap<String, String>, Failure> {
    let pairs = flags.iter().map(|flag| match flag.split_once('=') {
        Some((name, url)) => Ok((name.to_owned(), url.to_owned())),
        None => Err(Failure::environment(format!(
            "--subgraph-url {flag} is no NAME=URL; write it as users=http://127.0.0.1:4001/graphql"
        ))),
    });
    pairs.collect()
}

/// Refuses a URL of a subgraph that there isn't.
pub fn check_names(urls: &IndexMap<String, String>, names: &[&str]) -> Result<(), Failure> {
    match urls.keys().find(|name| !names.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Failure::environment(format!(
            "--subgraph-url names {name}, and there are only {}; correct the name",
            names.join(", ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const FILE: &str = "subgraphs:\n  a: { routing_url: http://a, schema: { file: a.graphql } }\n  b: { routing_url: http://b, schema: { file: b.graphql } }\n";

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("supergraph.yaml"), FILE).unwrap();
        fs::write(folder.path().join("a.graphql"), "type Query { a: Int }").unwrap();
        folder
    }

    fn subgraphs(folder: &tempfile::TempDir) -> Subgraphs {
        Subgraphs::new(Origin::File(folder.path().join("supergraph.yaml")), IndexMap::new(), Vec::new())
    }

    #[tokio::test]
    async fn a_subgraph_never_read_stops_composition_and_one_read_before_does_not() {
        let folder = folder();
        let mut subgraphs = subgraphs(&folder);
        let b = folder.path().join("b.graphql");
        let first = subgraphs.look().await.unwrap();
        assert!(first.composed.unwrap_err().to_string().contains("b.graphql"));
        assert!(subgraphs.look().await.is_none(), "nothing has changed");
        fs::write(&b, "type Query { b: Int }").unwrap();
        let second = subgraphs.look().await.unwrap();
        assert!(second.complaints.is_empty() && second.composed.unwrap().contains("b: Int"));
        fs::remove_file(&b).unwrap();
        let third = subgraphs.look().await.unwrap();
        assert!(third.complaints[0].contains("b.graphql") && third.composed.unwrap().contains("b: Int"));
    }

    #[tokio::test]
    async fn what_the_file_says_of_composing_is_looked_at_too() {
        let folder = folder();
        fs::write(folder.path().join("b.graphql"), "type Query { b: Int }").unwrap();
        let file = folder.path().join("supergraph.yaml");
        let mut subgraphs = subgraphs(&folder);
        assert!(subgraphs.look().await.unwrap().composed.is_ok());
        fs::write(&file, format!("subgraph_paths_max: 1\n{FILE}")).unwrap();
        let limited = subgraphs.look().await.unwrap().composed.unwrap_err().to_string();
        assert!(limited.contains("MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"), "{limited}");
        fs::write(&file, format!("federation_version: 2.3\n{FILE}")).unwrap();
        assert!(subgraphs.look().await.unwrap().composed.is_ok());
        fs::write(&file, format!("federation_version: 2.4\n{FILE}")).unwrap();
        assert!(subgraphs.look().await.is_some());
        assert!(subgraphs.look().await.is_none(), "nothing has changed");
    }

    #[tokio::test]
    async fn urls_of_the_command_line_replace_a_subgraph_and_have_to_name_one() {
        let folder = folder();
        let mut subgraphs = subgraphs(&folder);
        subgraphs.urls = parse_urls(&["b=http://127.0.0.1:1/graphql".to_owned()]).unwrap();
        let (manifest, _) = subgraphs.manifest().unwrap();
        assert_eq!(manifest.subgraphs["b"].routing_url.as_deref(), Some("http://127.0.0.1:1/graphql"));
        subgraphs.urls = parse_urls(&["c=http://127.0.0.1:1/graphql".to_owned()]).unwrap();
        let refused = subgraphs.look().await.unwrap().composed.unwrap_err().to_string();
        assert!(refused.contains("only a, b"), "{refused}");
        assert!(parse_urls(&["b".to_owned()]).is_err());
    }
}
