//! Composes many sets of subgraphs: one JSON array of `{name, sdl}` a line on standard input, one verdict a line on
//! standard output (`{"composed": bool, "findings": [{severity, code, message}]}`). For comparison with other composers.
//!
//! `{"subgraphs": […], "query": "…"}` asks about a query instead: `{"answered": bool}` says whether the subgraphs compose
//! and the query has a plan that is proved sound, with no label of overrides in force and with all.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::io::BufRead;

use composition::{Options, SubgraphInput, compose};
use federation::{LabelId, LabelSet, Limits, Supergraph};
use graphql::ExecutableDocument;
use planner::{Asked, Budget, Decided, Deferral};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let query = request.get("query").and_then(Value::as_str);
        let answer = match request.get("subgraphs").zip(query) {
            Some((subgraphs, query)) => json!({"answered": answered(inputs(subgraphs), query).is_some()}),
            None => verdict(inputs(&request)),
        };
        println!("{answer}");
    }
    Ok(())
}

fn inputs(subgraphs: &Value) -> Vec<SubgraphInput> {
    let text = |subgraph: &Value, key| subgraph.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let input = |subgraph: &Value| SubgraphInput {
        name: text(subgraph, "name"),
        url: "http://localhost".to_owned(),
        sdl: text(subgraph, "sdl"),
    };
    subgraphs.as_array().into_iter().flatten().map(input).collect()
}

fn verdict(subgraphs: Vec<SubgraphInput>) -> Value {
    let (composed, findings) = match compose(subgraphs, &Options::default()) {
        Ok(composed) => (true, composed.hints),
        Err(findings) => (false, findings),
    };
    let findings = findings.iter().map(
        |finding| json!({"severity": finding.severity.to_string(), "code": finding.code, "message": finding.message}),
    );
    json!({"composed": composed, "findings": findings.collect::<Vec<_>>()})
}

/// Plans a query and proves the plan; `None` if either can't be done.
fn answered(subgraphs: Vec<SubgraphInput>, query: &str) -> Option<()> {
    let sdl = compose(subgraphs, &Options::default()).ok()?.supergraph_sdl;
    let supergraph = Supergraph::parse(&sdl, Limits::default()).ok()?;
    let schemas = Supergraph::subgraph_schemas(&sdl, Limits::default()).ok()?;
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query.graphql").ok()?;
    let labels = (0..supergraph.override_labels.len()).map(|index| LabelId(index as u32));
    for labels in [LabelSet::default(), labels.collect()] {
        let decided = Decided { conditions: &|_| None, labels: &labels, deferral: Deferral::Off };
        let plan = planner::plan(&supergraph, &document, None, decided, &Budget::default()).ok()?;
        let asked = Asked { document: &document, operation_name: None, decided };
        planner::sound(&plan, (&supergraph, &schemas), asked).ok()?;
    }
    Some(())
}
