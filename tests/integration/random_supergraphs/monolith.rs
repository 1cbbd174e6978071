//! The other implementation: `tests/oracle/monolith.mjs`, in one long-lived process.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use federation::Supergraph;
use serde::Deserialize;
use serde_json::{Value, json};

use super::contexts::contexts;
use super::world::World;
use crate::support::group;

/// What did not come, by response path such as `/users/0/name`.
pub type Losses = BTreeMap<String, Loss>;

/// Why something did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// It failed.
    Error,
    /// It is null, and nobody says that this is wrong.
    Null,
}

/// The process.
pub struct Monolith {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What it answers.
#[derive(Debug, Deserialize)]
pub struct Answered {
    /// The data as text, since the order of members counts.
    pub data: String,
    /// The errors.
    pub errors: Vec<Value>,
}

impl Monolith {
    /// Starts it.
    pub fn start() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle");
        let mut command = group::command("node");
        command.arg("monolith.mjs").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("node");
        let input = process.stdin.take().expect("piped");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        Self { process, input, output }
    }

    /// Serves another supergraph from here on.
    pub fn serve(&mut self, supergraph: &Supergraph, world: &World) {
        let sdl = supergraph.api_schema.to_string();
        self.ask(&json!({ "sdl": sdl, "world": world, "contexts": contexts(supergraph) }));
    }

    /// Answers an operation.
    pub fn answer(&mut self, query: &str, variables: &Value, lost: &Losses) -> Answered {
        let answered = self.ask(&json!({ "query": query, "variables": variables, "lost": lost }));
        serde_json::from_value(answered).expect("an answer")
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.input, "{question}").expect("the monolith runs");
        self.input.flush().expect("the monolith runs");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the monolith runs");
        let answer: Value = serde_json::from_str(&line).expect("JSON (are the packages of tests/oracle installed?)");
        assert!(answer.get("failed").is_none(), "the monolith failed: {}\n{question}", answer["failed"]);
        answer
    }
}

impl Drop for Monolith {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
