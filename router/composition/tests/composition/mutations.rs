//! Whatever text a subgraph hands in, composition answers: broken variants of cases and fixtures. Every finding has a code
//! of the list, help, and labels on spans that lie in the text of the subgraph that they name.
//!
//! `COUNT` sets how many are composed (500), `SEED` another sequence (7).

use std::path::Path;

use composition::codes::GROUPS;
use composition::{Options, SubgraphInput, compose};
use fastrand::Rng;
use graphql::{Diagnostic, Location};
use libtest_mimic::{Failed, Trial};

use crate::cases;

/// What a broken text has more of.
const WORDS: [&str; 32] = [
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
    "@provides(fields: \"x { ... on T { id } }\")",
    "@fromContext(field: \"$user { id }\")",
    "@context(name: \"user\")",
    "@inaccessible",
    "@override(from: \"b\", label: \"percent(5)\")",
    "@listSize(slicingArguments: [\"first\"], sizedFields: [\"a\"])",
    "@authenticated",
    "@oneOf",
    "@key(fields: [\"id\", null])",
    "union U = T | Query",
    "implements I",
    "\u{1F980}",
    "\"\"\"text\"\"\"",
    "schema { query: T }",
    "= { x: [1, A] }",
    "(x: Int!)",
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

/// A bound from the environment, or its default.
fn setting(name: &str, default: u64) -> Result<u64, Failed> {
    Ok(std::env::var(name).ok().map(|text| text.parse()).transpose()?.unwrap_or(default))
}

fn run() -> Result<(), Failed> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = cases::folders(&here.join("tests/cases"));
    folders.extend(cases::folders(&here.join("../../tests/fixtures/federation-cases")));
    let mut random = Rng::with_seed(setting("SEED", 7)?);
    let (mut composed, mut refused) = (0, 0);
    for _ in 0..setting("COUNT", 500)? {
        let folder = random.choice(&folders).ok_or("no cases")?;
        let inputs = cases::subgraphs(&folder.join("subgraphs"))?;
        let inputs: Vec<SubgraphInput> =
            inputs.into_iter().map(|input| SubgraphInput { sdl: broken(&input.sdl, &mut random), ..input }).collect();
        match compose(inputs.clone(), &Options::default()) {
            Ok(result) => {
                cases::sound(&result.supergraph_sdl)?;
                result.hints.iter().try_for_each(|hint| well_formed(hint, &inputs))?;
                composed += 1;
            }
            Err(diagnostics) if diagnostics.is_empty() => return Err("refused without a finding".into()),
            Err(diagnostics) => {
                diagnostics.iter().try_for_each(|finding| well_formed(finding, &inputs))?;
                refused += 1;
            }
        }
    }
    if composed == 0 || refused == 0 { Err("the mutations prove nothing".into()) } else { Ok(()) }
}

/// A finding that a person can act on: its code is listed, it helps, and it points into the texts handed in.
fn well_formed(finding: &Diagnostic, inputs: &[SubgraphInput]) -> Result<(), Failed> {
    let texts = || inputs.iter().map(|input| format!("--- {}\n{}\n", input.name, input.sdl)).collect::<String>();
    let listed = GROUPS.iter().flat_map(|group| group.codes).any(|code| code.name == finding.code);
    if !listed || finding.help.is_none() || finding.message.is_empty() {
        return Err(format!("unlisted code, no help or no message: {finding:?}\n{}", texts()).into());
    }
    for label in &finding.labels {
        let input = inputs.iter().find(|input| input.name == label.source);
        let inside = input.is_some_and(|input| inside(&input.sdl, label.start) && inside(&input.sdl, label.end));
        if !inside || (label.start.line, label.start.column) > (label.end.line, label.end.column) {
            return Err(format!("a label outside of its source: {finding:?}\n{}", texts()).into());
        }
    }
    Ok(())
}

/// Whether a position is one of a text, or just behind its end.
fn inside(text: &str, at: Location) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let line = at.line.checked_sub(1).and_then(|index| lines.get(index));
    line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&at.column))
}

fn broken(sdl: &str, random: &mut Rng) -> String {
    if random.u8(0..8) == 0 {
        // Cut short, anywhere.
        let end = random.usize(0..=sdl.len());
        return sdl.get(..end).unwrap_or(sdl).to_owned();
    }
    let mut tokens: Vec<&str> = sdl.split_inclusive(|c: char| c.is_whitespace() || "(){}:\"".contains(c)).collect();
    for _ in 0..random.usize(0..3) {
        if tokens.is_empty() {
            break;
        }
        let at = random.usize(0..tokens.len());
        match random.u8(0..5) {
            0 => {
                tokens.remove(at);
            }
            1 => tokens.extend_from_within(at..=at),
            2 => {
                // A name used in place of another.
                let other = random.usize(0..tokens.len());
                if let (Some(word), Some(place)) = (tokens.get(other).copied(), tokens.get_mut(at)) {
                    *place = word;
                }
            }
            3 => tokens.splice(at..at, [" ", random.choice(WORDS).unwrap_or_default(), " "]).for_each(drop),
            _ => {
                let other = random.usize(0..tokens.len());
                tokens.swap(at, other);
            }
        }
    }
    tokens.concat()
}
