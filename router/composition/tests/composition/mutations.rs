//! Whatever text a subgraph hands in, composition answers: broken variants of every case and fixture, by a fixed seed.

use std::path::Path;

use composition::{Options, SubgraphInput, compose};
use fastrand::Rng;
use libtest_mimic::{Failed, Trial};

use crate::cases;

/// Rounds over all inputs; each round breaks every subgraph of one folder differently.
const ROUNDS: usize = 20;
const WORDS: [&str; 16] = [
    "@key(fields: \"id\")",
    "@external",
    "@shareable",
    "@interfaceObject",
    "!",
    "[",
    "}",
    "{",
    "extend",
    "\"id { x }\"",
    "@requires(fields: \"a { b }\")",
    "interface",
    "@override(from: \"a\")",
    "Query",
    "null",
    "@link",
];

/// One test over everything.
pub fn trials() -> Vec<Trial> {
    vec![Trial::test("mutations::never_panics_on_broken_subgraphs", run)]
}

fn run() -> Result<(), Failed> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = cases::folders(&here.join("tests/cases"));
    folders.extend(cases::folders(&here.join("../../tests/fixtures/federation-cases")));
    let mut random = Rng::with_seed(7);
    let (mut composed, mut refused) = (0, 0);
    for folder in &folders {
        let inputs = cases::subgraphs(&folder.join("subgraphs"))?;
        for _ in 0..ROUNDS {
            let broken =
                inputs.iter().map(|input| SubgraphInput { sdl: broken(&input.sdl, &mut random), ..input.clone() });
            match compose(broken.collect(), &Options::default()) {
                Ok(result) => {
                    cases::sound(&result.supergraph_sdl)?;
                    composed += 1;
                }
                Err(diagnostics) if diagnostics.is_empty() => return Err("refused without a finding".into()),
                Err(_) => refused += 1,
            }
        }
    }
    if composed == 0 || refused == 0 { Err("the mutations prove nothing".into()) } else { Ok(()) }
}

fn broken(sdl: &str, random: &mut Rng) -> String {
    let mut tokens: Vec<&str> = sdl.split_inclusive(|c: char| c.is_whitespace() || "(){}:\"".contains(c)).collect();
    for _ in 0..random.usize(0..3) {
        let at = random.usize(0..tokens.len());
        match random.u8(0..4) {
            0 => {
                tokens.remove(at);
            }
            1 => tokens.extend_from_within(at..=at),
            2 => tokens.insert(at, random.choice(WORDS).unwrap_or_default()),
            _ => {
                let other = random.usize(0..tokens.len());
                tokens.swap(at, other);
            }
        }
    }
    tokens.join(" ").replace("\" ", "\"")
}
