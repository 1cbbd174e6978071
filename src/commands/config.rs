//! `supergraph config`: the configuration's schema, its reference page, and a check of a file.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::compose::manifest;
use crate::console;
use crate::failure::Failure;

/// What `supergraph config` can be asked for.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Print the configuration's JSON Schema
    Schema,
    /// Print the reference page of all keys, in Markdown
    Reference,
    /// Check a configuration file without starting anything
    Validate {
        /// The file
        file: PathBuf,
    },
}

/// Prints or checks.
pub fn run(action: Action) -> Result<(), Failure> {
    match action {
        Action::Schema => {
            let schema = serde_json::to_string_pretty(&gateway::config::json_schema()).map_err(Failure::environment)?;
            console::print(&format!("{schema}\n"))
        }
        Action::Reference => console::print(&gateway::config::reference_markdown()),
        Action::Validate { file } => {
            load(Some(&file), &[])?;
            console::print(&format!("{} is valid\n", file.display()))
        }
    }
}

/// Loads a configuration: the file if there is one, the environment, flags.
pub fn load(file: Option<&Path>, flags: &[gateway::config::Override]) -> Result<gateway::Config, Failure> {
    let text = match file {
        None => String::new(),
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::path("read", path, &error, "name the configuration file with --config"))?,
    };
    let environment =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    gateway::config::load(&text, environment, flags).map_err(|findings| {
        let place = file.map_or_else(|| "the configuration".to_owned(), |path| path.display().to_string());
        let mut lines: Vec<String> = findings.iter().map(|finding| format!("{place}: {finding}")).collect();
        if file.is_some_and(|path| manifest::read(path).is_ok()) {
            lines.push(format!(
                "{place}: this is a compose file, which supergraph compose and supergraph dev read with --config"
            ));
        }
        Failure::Refused(lines.join("\n"))
    })
}
