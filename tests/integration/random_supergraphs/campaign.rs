//! A campaign: supergraphs are asked random operations, each up to the first that is answered wrongly.

use std::path::PathBuf;

use super::case::{Case, Faults, Served};
use super::check::Both;
use super::{deferred, operation, shrink, trouble, variable};

/// What is asked of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing goes wrong.
    Sound,
    /// Subgraphs go wrong, in some other way for each operation.
    Faulty,
    /// Every other operation meets subgraphs that go wrong.
    Mixed,
    /// Answers come in parts, some of them with faults.
    Deferred,
}

/// See the module.
pub struct Campaign {
    both: Both,
    mode: Mode,
    operations: u64,
    invalid: u64,
    /// Operations that subgraphs were asked for and whose answers were compared.
    compared: u64,
    supergraphs: u64,
    /// Those of them that have contexts.
    with_contexts: u64,
    wrong: Vec<String>,
}

impl Campaign {
    /// Starts one.
    pub fn start(mode: Mode) -> Self {
        let both = Both::start();
        Self { both, mode, operations: 0, invalid: 0, compared: 0, supergraphs: 0, with_contexts: 0, wrong: Vec::new() }
    }

    /// How many supergraphs have been asked.
    pub fn supergraphs(&self) -> u64 {
        self.supergraphs
    }

    /// Notes something that is wrong.
    pub fn wrong(&mut self, name: &str, why: &str) {
        self.wrong.push(format!("{name}: {why}"));
    }

    /// Asks a supergraph so many random operations, or `OPERATIONS`.
    pub fn ask(&mut self, name: &str, (mut case, served): (Case, Served), (seed, count): (u64, u64)) {
        self.supergraphs += 1;
        self.with_contexts += u64::from(!served.supergraph.contexts.is_empty());
        self.both.serve(&served, &case.world);
        for number in 0..variable("OPERATIONS").unwrap_or(count) {
            let seed = seed.wrapping_mul(1_000_003).wrapping_add(number);
            case.operation = operation::operation(&served.supergraph.api_schema, seed);
            let is_faulty = match self.mode {
                Mode::Sound => false,
                Mode::Faulty => true,
                Mode::Mixed => !number.is_multiple_of(2),
                Mode::Deferred => fastrand::Rng::with_seed(seed).bool(),
            };
            case.faults = if is_faulty { trouble::trouble(&served, seed) } else { Faults::default() };
            if self.mode == Mode::Deferred {
                case.operation.text = deferred::deferred(&case.operation.text, seed);
            }
            let Some(verdict) = self.both.check(&served, &case.operation, &case.faults) else {
                self.invalid += 1;
                continue;
            };
            self.operations += 1;
            // The worlds of cases were written for one operation each: not all of them bear every other.
            let counts = verdict.is_consistent || self.mode != Mode::Mixed;
            self.compared += u64::from(counts && verdict.calls > 0);
            if counts && !verdict.wrong.is_empty() {
                let report = self.report(case, format!("{:?}-{seed}", self.mode).to_lowercase());
                return self.wrong(name, &report);
            }
        }
    }

    /// Makes a failing case small, and tells of it.
    fn report(&mut self, case: Case, name: String) -> String {
        let both = &mut self.both;
        let fails = &mut |case: &Case| {
            both.check_case(case).is_some_and(|verdict| verdict.is_consistent && !verdict.wrong.is_empty())
        };
        let small = if variable("SHRINK") == Some(0) { case } else { shrink::shrink(case, fails) };
        if let Ok(folder) = std::env::var("WRITE") {
            small.write(&PathBuf::from(folder).join(&name));
        }
        let wrong = both.check_case(&small).map(|verdict| verdict.wrong).unwrap_or_default();
        let sdls: Vec<String> = small.subgraphs.iter().map(|(name, sdl)| format!("# {name}\n{sdl}")).collect();
        let asked = format!("{} {}", small.operation.text, small.operation.variables);
        format!("{name}\n{}\n{asked}\n{:?}\n{}", sdls.join("\n"), small.faults, wrong.join("\n"))
    }

    /// Tells what it came to, and fails if anything was wrong.
    pub fn conclude(self) {
        let Self { mode, operations, invalid, compared, supergraphs, with_contexts, wrong, .. } = self;
        eprintln!(
            "{mode:?}: {operations} operations ({compared} compared, {invalid} more not valid) on {supergraphs} supergraphs, \
             {with_contexts} of them with contexts"
        );
        assert!(operations >= supergraphs && supergraphs > 0, "{operations} operations on {supergraphs} supergraphs");
        assert!(2 * compared >= operations, "of {operations} operations {compared} asked subgraphs and were compared");
        let shown: Vec<String> = wrong.iter().take(variable("SHOW").unwrap_or(3)).cloned().collect();
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), shown.join("\n\n"));
    }
}
