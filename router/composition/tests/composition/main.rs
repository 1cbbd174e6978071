//! Composition on folders of files: one test a folder.
//!
//! - `tests/cases/<case>/`: `subgraphs/*.graphql`, and what is expected: `expected.graphql` (the supergraph) or none,
//!   and `expected.diagnostics` (errors, or hints). `options.yaml` may ask for a contract or an older federation version;
//!   then `expected.api.graphql` shows the API too. `UPDATE_CASES=1 cargo test -p composition --test composition`
//!   writes the expected files; review the difference before committing it. `CASES_FOLDER` names another folder.
//! - the federation audit and the benchmark in the repository's `tests/fixtures`: the result must mean the same as
//!   the reference composition there.

#![expect(clippy::print_stdout, reason = "a test driver reports on the terminal")]

mod cases;
mod codes;
mod compare;
mod explosions;
mod fixtures;
mod mutations;
mod options;
mod synthetic;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(cases::trials());
    trials.extend(codes::trials());
    trials.extend(fixtures::trials());
    trials.extend(mutations::trials());
    trials.extend(explosions::trials());
    if trials.is_empty() {
        println!("no cases found");
    }
    libtest_mimic::run(&arguments, trials).exit();
}
