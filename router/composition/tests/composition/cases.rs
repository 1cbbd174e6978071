//! One folder, one case.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use composition::{Options, SubgraphInput, compose};
use federation::Supergraph;
use graphql::{Diagnostic, Schema};
use libtest_mimic::{Failed, Trial};

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
    let inputs = subgraphs(&folder.join("subgraphs"))?;
    let mut reversed = inputs.clone();
    reversed.reverse();
    let (sdl, diagnostics) = outcome(inputs);
    if (&sdl, &diagnostics) != (&outcome(reversed).0, &diagnostics) {
        return Err("the result depends on the order of the subgraphs".into());
    }
    if let Some(sdl) = &sdl {
        sound(sdl)?;
    }
    expect(&folder.join("expected.graphql"), sdl.as_deref())?;
    let text = render(&diagnostics);
    expect(&folder.join("expected.diagnostics"), (!text.is_empty()).then_some(text.as_str()))
}

fn outcome(inputs: Vec<SubgraphInput>) -> (Option<String>, Vec<Diagnostic>) {
    match compose(inputs, &Options::default()) {
        Ok(composed) => (Some(composed.supergraph_sdl), composed.hints),
        Err(diagnostics) => (None, diagnostics),
    }
}

/// A composed SDL parses, validates, prints itself again, and loads as a supergraph.
pub fn sound(sdl: &str) -> Result<(), Failed> {
    let schema = Schema::parse_and_validate(sdl, "supergraph.graphql").map_err(|failure| failure.errors.to_string())?;
    if schema.to_string() != sdl {
        return Err("the supergraph does not print itself again".into());
    }
    Supergraph::parse(sdl, federation::Limits::default())
        .map_err(|error| format!("the supergraph does not load: {error:?}"))?;
    Ok(())
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
