//! Composes many sets of subgraphs: one JSON array of `{name, sdl}` a line on standard input, one verdict a line on
//! standard output (`{"composed": bool, "findings": [{severity, code, message}]}`). For comparison with other composers.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::io::BufRead;

use composition::{Options, SubgraphInput, compose};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let subgraphs: Vec<Value> = serde_json::from_str(&line?)?;
        let text = |subgraph: &Value, key: &str| subgraph[key].as_str().unwrap_or_default().to_owned();
        let inputs = subgraphs.iter().map(|subgraph| SubgraphInput {
            name: text(subgraph, "name"),
            url: "http://localhost".to_owned(),
            sdl: text(subgraph, "sdl"),
        });
        let (composed, findings) = match compose(inputs.collect(), &Options::default()) {
            Ok(composed) => (true, composed.hints),
            Err(findings) => (false, findings),
        };
        let findings = findings.iter().map(|finding| {
            json!({"severity": finding.severity.to_string(), "code": finding.code, "message": finding.message})
        });
        println!("{}", json!({"composed": composed, "findings": findings.collect::<Vec<_>>()}));
    }
    Ok(())
}
