//! The public audit and benchmark: ours must mean the same as the reference composition.

use std::fs;
use std::path::{Path, PathBuf};

use composition::{Options, SubgraphInput, compose};
use graphql::Schema;
use libtest_mimic::{Failed, Trial};

use crate::{cases, compare};

/// A test for each suite of the audit, and one for the benchmark.
pub fn trials() -> Vec<Trial> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let suites = cases::folders(&root.join("federation-cases")).into_iter().map(|folder| {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Trial::test(format!("audit::{name}"), move || check(&folder, audit_inputs(&folder)?))
    });
    let mut trials: Vec<Trial> = suites.collect();
    let bench = root.join("bench");
    trials.push(Trial::test("bench", move || {
        let mut inputs = cases::subgraphs(&bench.join("subgraphs"))?;
        inputs.iter_mut().for_each(|input| input.url = format!("http://127.0.0.1:14200/{}", input.name));
        check(&bench, inputs)
    }));
    trials
}

fn audit_inputs(folder: &Path) -> Result<Vec<SubgraphInput>, Failed> {
    let list: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("subgraphs.json"))?)?;
    let text = |entry: &serde_json::Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let input = |entry: &serde_json::Value| {
        let file: PathBuf = folder.join(text(entry, "file"));
        Ok(SubgraphInput { name: text(entry, "name"), url: text(entry, "url"), sdl: fs::read_to_string(file)? })
    };
    list.as_array().into_iter().flatten().map(input).collect()
}

fn check(folder: &Path, inputs: Vec<SubgraphInput>) -> Result<(), Failed> {
    let composed = compose(inputs, &Options::default()).map_err(|diagnostics| {
        let lines: Vec<String> =
            diagnostics.iter().map(|d| format!("{} {}: {}", d.severity, d.code, d.message)).collect();
        lines.join("\n")
    })?;
    cases::sound(&composed.supergraph_sdl)?;
    let reference = fs::read_to_string(folder.join("supergraph.graphql"))?;
    let parse = |text: &str| Schema::parse(text, "supergraph.graphql").map_err(|failure| failure.errors.to_string());
    let differences = compare::differences(&parse(&reference)?, &parse(&composed.supergraph_sdl)?);
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n").into()) }
}
