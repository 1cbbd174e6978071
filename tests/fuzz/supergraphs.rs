//! Supergraph schemas of anybody's composer in, a loaded supergraph or findings out.

use federation::Supergraph;

use crate::corpus::{suites, supergraph_sdls};
use crate::edit::edit;
use crate::operations::plan;
use crate::script::Script;
use crate::vocabulary;

/// Loads one suite's supergraph, broken; what loads can be planned on, or says why not.
pub fn check(mut script: Script<'_>) {
    let suite = script.choose(suites());
    let sdl = edit(&suite.sdl, supergraph_sdls(), &vocabulary::SUPERGRAPH, &mut script);
    match Supergraph::parse(&sdl, Default::default()) {
        Ok(supergraph) => {
            let operation = script.choose(&suite.operations).join(" ");
            // Such a supergraph may promise what its subgraphs don't keep: plans need not exist, nor be sound.
            let _ = plan(&supergraph, &operation);
        }
        Err(found) => assert!(!found.is_empty(), "refused without a finding"),
    }
}
