//! Writes a made-up supergraph's subgraphs as files, or composes it and says how long that took.
//!
//! `synthetic SUBGRAPHS TYPES [FOLDER]`: with a folder, `FOLDER/<name>.graphql` and `FOLDER/supergraph.yaml`.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

#[path = "../tests/composition/synthetic.rs"]
mod synthetic;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use composition::{Models, Options, compose};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().and_then(|text| text.parse::<usize>().ok()).ok_or("SUBGRAPHS TYPES [FOLDER]");
    let subgraphs = synthetic::subgraphs(number()?, number()?);
    if let Some(folder) = arguments.next().map(PathBuf::from) {
        std::fs::create_dir_all(&folder)?;
        let mut config = "federation_version: 2\nsubgraphs:\n".to_owned();
        for subgraph in &subgraphs {
            let file = format!("{}.graphql", subgraph.name);
            writeln!(
                config,
                "  {}:\n    routing_url: {}\n    schema: {{ file: {file} }}",
                subgraph.name, subgraph.url
            )?;
            std::fs::write(folder.join(file), &subgraph.sdl)?;
        }
        std::fs::write(folder.join("supergraph.yaml"), config)?;
        return Ok(());
    }
    let bytes: usize = subgraphs.iter().map(|subgraph| subgraph.sdl.len()).sum();
    let start = Instant::now();
    match compose(subgraphs, &Options { models: Models::Left, ..Options::default() }) {
        Ok(composed) => println!(
            "{:?} for {bytes} bytes of subgraphs, {} bytes of supergraph, {} hints",
            start.elapsed(),
            composed.supergraph_sdl.len(),
            composed.hints.len()
        ),
        Err(findings) => {
            for finding in findings.iter().take(5) {
                println!("{} {}", finding.code, finding.message);
            }
        }
    }
    Ok(())
}
