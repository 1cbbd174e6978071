//! One folder, one case.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use composition::{Composed, SubgraphInput, compose};
use fastrand::Rng;
use federation::Supergraph;
use graphql::{Diagnostic, Schema};
use libtest_mimic::{Failed, Trial};

use crate::options::CaseOptions;

/// A test for each folder of `tests/cases`.
pub fn trials() -> Vec<Trial> {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let root = std::env::var_os("CASES_FOLDER").map_or_else(own, PathBuf::from);
    folders(&root)
        .into_iter()
        .map(|folder| {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Trial::test(format!("case::{name}"), move || check(&folder))
        })
        .collect()
}

/// The folders in a folder, in name order.
pub fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The subgraphs of a folder, in name order.
pub fn subgraphs(folder: &Path) -> Result<Vec<SubgraphInput>, Failed> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let input = |file: &PathBuf| {
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(SubgraphInput { url: format!("http://localhost/{name}"), name, sdl: fs::read_to_string(file)? })
    };
    files.iter().map(input).collect()
}

fn check(folder: &Path) -> Result<(), Failed> {
    let mut inputs = subgraphs(&folder.join("subgraphs"))?;
    let options = CaseOptions::read(folder)?;
    let asked = options.as_ref();
    let (sdl, diagnostics) = outcome(inputs.clone(), asked);
    let text = render(&diagnostics);
    inputs.reverse();
    Rng::with_seed(1).shuffle(inputs.get_mut(1..).unwrap_or_default());
    let (other_sdl, other_diagnostics) = outcome(inputs, asked);
    if other_sdl != sdl || render(&other_diagnostics) != text {
        return Err("the result depends on the order of the subgraphs".into());
    }
    let mut api = None;
    if let Some(sdl) = &sdl {
        let supergraph = sound(sdl)?;
        api = options.map(|_| supergraph.api_schema.to_string());
    }
    expect(&folder.join("expected.graphql"), sdl.as_deref())?;
    expect(&folder.join("expected.api.graphql"), api.as_deref())?;
    expect(&folder.join("expected.diagnostics"), (!text.is_empty()).then_some(text.as_str()))
}

fn outcome(inputs: Vec<SubgraphInput>, asked: Option<&CaseOptions>) -> (Option<String>, Vec<Diagnostic>) {
    let contract = asked.and_then(CaseOptions::contract);
    let written = inputs.clone();
    let composed = compose(inputs, &asked.map(CaseOptions::compose).unwrap_or_default()).and_then(|composed| {
        let Some(contract) = &contract else { return Ok(composed) };
        let Composed { supergraph_sdl, hints } =
            composition::contract(&composed.supergraph_sdl, "supergraph", contract, &written)?;
        Ok(Composed { supergraph_sdl, hints: composed.hints.into_iter().chain(hints).collect() })
    });
    match composed {
        Ok(composed) => (Some(composed.supergraph_sdl), composed.hints),
        Err(diagnostics) => (None, diagnostics),
    }
}

/// A composed SDL parses, validates, prints itself again, and loads as a supergraph.
pub fn sound(sdl: &str) -> Result<Supergraph, Failed> {
    let schema = Schema::parse_and_validate(sdl, "supergraph.graphql").map_err(|failure| failure.errors.to_string())?;
    if schema.to_string() != sdl {
        return Err("the supergraph does not print itself again".into());
    }
    let loaded = Supergraph::parse(sdl, federation::Limits::default());
    Ok(loaded.map_err(|error| format!("the supergraph does not load: {error:?}"))?)
}

fn expect(file: &Path, actual: Option<&str>) -> Result<(), Failed> {
    if std::env::var_os("UPDATE_CASES").is_some() {
        match actual {
            Some(text) => fs::write(file, text)?,
            None if file.exists() => fs::remove_file(file)?,
            None => {}
        }
        return Ok(());
    }
    let expected = file.exists().then(|| fs::read_to_string(file)).transpose()?;
    if expected.as_deref() == actual {
        return Ok(());
    }
    let shown = |text: Option<&str>| text.unwrap_or("(nothing)").to_owned();
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Err(format!("{name} differs\n--- expected\n{}\n--- actual\n{}", shown(expected.as_deref()), shown(actual)).into())
}

fn render(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let _ = writeln!(text, "{} {}: {}", diagnostic.severity, diagnostic.code, diagnostic.message);
        for label in &diagnostic.labels {
            let _ = writeln!(text, "  at {}:{}:{} {}", label.source, label.start.line, label.start.column, label.text);
        }
        if let Some(help) = &diagnostic.help {
            let _ = writeln!(text, "  help: {help}");
        }
    }
    text
}
