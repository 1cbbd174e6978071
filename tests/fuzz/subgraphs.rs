//! Subgraph schemas in, a supergraph or findings out.

use composition::{Options, SubgraphInput, compose};
use federation::Supergraph;
use graphql::{Diagnostic, Severity};

use crate::corpus::{compositions, subgraph_sdls};
use crate::edit::edit;
use crate::script::Script;
use crate::vocabulary;

/// Composes one case's subgraphs, broken: what composes loads, and what doesn't is told by findings that point into
/// the text.
pub fn check(mut script: Script<'_>) {
    let subgraphs = script.choose(compositions());
    let broken = script.index(subgraphs.len());
    let inputs: Vec<SubgraphInput> = (0..)
        .zip(subgraphs)
        .map(|(index, (name, sdl))| {
            let sdl = if index == broken {
                edit(sdl, subgraph_sdls(), &vocabulary::SUBGRAPH, &mut script)
            } else {
                sdl.join(" ")
            };
            SubgraphInput { name: name.clone(), url: String::new(), sdl }
        })
        .collect();
    match compose(inputs.clone(), &Options::default()) {
        Ok(composed) => {
            if let Err(found) = Supergraph::parse(&composed.supergraph_sdl, Default::default()) {
                panic!("a composed supergraph doesn't load: {found:?}\n{}", composed.supergraph_sdl);
            }
            composed.hints.iter().for_each(|hint| points_into(hint, &inputs));
        }
        Err(found) => {
            assert!(
                found.iter().any(|finding| finding.severity == Severity::Error),
                "refused without an error: {found:?}"
            );
            found.iter().for_each(|finding| points_into(finding, &inputs));
        }
    }
}

fn points_into(finding: &Diagnostic, inputs: &[SubgraphInput]) {
    assert!(!finding.code.is_empty() && !finding.message.is_empty(), "{finding:?}");
    for label in &finding.labels {
        let source = inputs.iter().find(|input| input.name == label.source);
        let lines = source.unwrap_or_else(|| panic!("no such source: {finding:?}")).sdl.lines().count().max(1);
        let inside = (1..=lines).contains(&label.start.line) && label.end.line >= label.start.line;
        assert!(inside && label.start.column > 0, "points beyond its source: {finding:?}");
    }
}
