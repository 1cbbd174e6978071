//! `supergraph print`: a supergraph schema in this program's layout, or the API that clients see of it.

use std::path::PathBuf;

use graphql::SchemaLimits;

use crate::compose::Choices;
use crate::failure::Failure;
use crate::{compose, console, output_file};

/// Arguments of `supergraph print`.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("source").required(true)))]
pub struct Arguments {
    /// The supergraph schema, of this composer or of another one
    #[arg(long, value_name = "FILE", group = "source")]
    supergraph: Option<PathBuf>,
    /// The compose file to compose it from
    #[arg(long, value_name = "FILE", group = "source")]
    config: Option<PathBuf>,
    /// Print the API schema: without what is @inaccessible and without federation's own vocabulary
    #[arg(long)]
    api: bool,
    /// Write to a file rather than to stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Prints; on a refusal nothing is written, and nothing over what was read.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let (sdl, place, read) = match (&arguments.supergraph, &arguments.config) {
        (Some(path), _) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::path("read the supergraph schema", path, &error, "write one with supergraph compose")
            })?;
            (text, path.display().to_string(), vec![path.clone()])
        }
        (None, Some(path)) => {
            let composed = compose::compose_file(path, &Choices::default()).await?;
            (composed.supergraph, "the composed supergraph".to_owned(), composed.read)
        }
        (None, None) => return Err(Failure::environment("name a schema with --supergraph or --config")),
    };
    let supergraph = compose::supergraph(&sdl, &place)?;
    let text = if arguments.api { supergraph.api_schema.to_string() } else { formatted(&sdl) };
    match arguments.output {
        Some(path) => output_file::write_all(&[(&path, &text)], &read),
        None => console::print(&text),
    }
}

/// The text in one layout, its definitions in the order written.
fn formatted(sdl: &str) -> String {
    graphql::parse_schema_document("supergraph", sdl, &SchemaLimits::default())
        .map_or_else(|_| sdl.to_owned(), |document| document.to_string())
}
