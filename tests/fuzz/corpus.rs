//! The texts that inputs are made of: the federation audit's schemas and operations, and composition's own cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use composition::{Options, SubgraphInput, compose};
use federation::Supergraph;
use graphql::{Diagnostic, Schema, Valid};
use planner::QueryPlan;

use crate::operations::plans;
use crate::tokens::tokens;

/// The subgraphs of one composition: name, SDL.
pub type Subgraphs = Vec<(String, Vec<String>)>;

/// A suite of the audit, or a case of ours.
pub struct Suite {
    /// The supergraph, of the audit's suites by another composer.
    pub sdl: Vec<String>,
    /// The supergraph, by ours: everything in it can be resolved.
    pub supergraph: Supergraph,
    /// Its API schema where responses may come in parts.
    pub deferring: Valid<Schema>,
    /// The schema of each subgraph, by id.
    pub schemas: Vec<Valid<Schema>>,
    /// Operations.
    pub operations: Vec<Vec<String>>,
    /// Their plans, whole and in parts.
    pub plans: Vec<QueryPlan>,
}

/// The suites whose supergraphs every composer accepts although they promise an interface's field that no subgraph gives
/// of all its objects: there, no plan is the right answer.
const CORRUPTED: [&str; 2] = ["corrupted-supergraph-node-id", "non-resolvable-interface-object"];

/// All suites that keep their promises, in order of name.
pub fn suites() -> &'static [Suite] {
    static SUITES: OnceLock<Vec<Suite>> = OnceLock::new();
    SUITES.get_or_init(|| {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let audit = files(&tests.join("fixtures/federation-cases")).into_iter().filter(|path| path.is_dir());
        let kept = audit.filter(|path| !CORRUPTED.iter().any(|name| path.ends_with(name)));
        let cases = files(&tests.join("cases")).into_iter().flat_map(|folder| files(&folder));
        kept.chain(cases).map(|path| suite(&path)).collect()
    })
}

/// The subgraphs of composition's cases: small, and each about one rule.
pub fn compositions() -> &'static [Subgraphs] {
    static ALL: OnceLock<Vec<Subgraphs>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../router/composition/tests/cases");
        let texts = files(&folder).into_iter().map(|case| texts(&case.join("subgraphs")));
        texts.map(|texts| texts.into_iter().map(|(name, sdl)| (name, tokens(&sdl))).collect()).collect()
    })
}

/// Subgraph schemas of all cases.
pub fn subgraph_sdls() -> &'static [Vec<String>] {
    static ALL: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    ALL.get_or_init(|| compositions().iter().flatten().map(|(_, sdl)| sdl.clone()).collect())
}

/// Supergraph schemas of all suites.
pub fn supergraph_sdls() -> &'static [Vec<String>] {
    static ALL: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    ALL.get_or_init(|| suites().iter().map(|suite| suite.sdl.clone()).collect())
}

fn suite(folder: &Path) -> Suite {
    let subgraphs = texts(&folder.join("subgraphs"));
    let inputs = subgraphs.into_iter().map(|(name, sdl)| SubgraphInput { name, url: String::new(), sdl });
    let composed = compose(inputs.collect(), &Options::default()).unwrap_or_else(|found| failed(folder, &found));
    let sdl = composed.supergraph_sdl;
    let supergraph = Supergraph::parse(&sdl, Default::default()).unwrap_or_else(|found| failed(folder, &found));
    let schemas = Supergraph::subgraph_schemas(&sdl, Default::default()).unwrap_or_else(|found| failed(folder, &found));
    let operations: Vec<Vec<String>> = operations(folder).iter().map(|operation| tokens(operation)).collect();
    let deferring = graphql::with_defer(&supergraph.api_schema);
    let plans = operations.iter().flat_map(|operation| plans(&supergraph, &deferring, operation)).collect();
    let theirs = folder.join("supergraph.graphql");
    let sdl = if theirs.exists() { tokens(&read(&theirs)) } else { tokens(&sdl) };
    Suite { sdl, supergraph, deferring, schemas, operations, plans }
}

fn operations(folder: &Path) -> Vec<String> {
    let tests = folder.join("tests.json");
    if !tests.exists() {
        return vec![read(&folder.join("operation.graphql"))];
    }
    let cases: serde_json::Value = serde_json::from_str(&read(&tests)).expect("the fixture is JSON");
    let cases = cases.as_array().expect("the fixture is a list");
    cases.iter().filter_map(|case| case["query"].as_str()).map(str::to_owned).collect()
}

fn failed(folder: &Path, found: &[Diagnostic]) -> ! {
    panic!("{folder:?}: {found:?}")
}

/// The files of a folder: name without extension, text.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    files(folder).iter().map(|path| (name(path), read(path))).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}
