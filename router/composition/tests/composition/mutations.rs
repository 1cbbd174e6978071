//! Whatever text a subgraph hands in, composition answers: broken variants of every case and fixture, by a fixed seed.

use std::path::Path;

use composition::{Options, SubgraphInput, compose};
use fastrand::Rng;
use libtest_mimic::{Failed, Trial};

use crate::cases;

/// Rounds over all inputs; each round breaks every subgraph of one folder differently.
const ROUNDS: usize = 2;
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
    vec![
        Trial::test("mutations::never_panics_on_broken_subgraphs", run),
        Trial::test("mutations::answers_hostile_nesting_with_findings", nesting),
    ]
}

fn nesting() -> Result<(), Failed> {
    const DEEP: usize = 50_000;
    let head = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\"])\n";
    let around = |open: &str, middle: &str, close: &str| format!("{}{middle}{}", open.repeat(DEEP), close.repeat(DEEP));
    let hostile = [
        format!("type Query {{ a: {} }}", around("[", "Int", "]")),
        format!("input I {{ x: I }} type Query {{ a(i: I = {}): Int }}", around("{ x: ", "null", " }")),
        format!("type Query {{ a(i: Int = {}): Int }}", around("[", "1", "]")),
        format!("type Query {{ a: T }} type T @key(fields: \"{}\") {{ t: T id: ID }}", around("t { ", "id", " }")),
        around("type Query {", "", "}"),
        format!("type Query {{ a: Int }} {}", "extend type Query @a".repeat(100)),
        "interface A implements B { a: Int } interface B implements A { a: Int } type Query { a: A }".to_owned(),
        "input I { i: I! } type Query { a(i: I!): Int }".to_owned(),
    ];
    for (index, sdl) in hostile.into_iter().enumerate() {
        let input = SubgraphInput { name: "a".to_owned(), url: String::new(), sdl: format!("{head}{sdl}") };
        match compose(vec![input], &Options::default()) {
            Err(diagnostics) if !diagnostics.is_empty() => {}
            _ => return Err(format!("hostile input {index} was not refused").into()),
        }
    }
    Ok(())
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
