//! Random supergraphs against a monolith: subgraphs are made up and composed, data is made up and divided among them,
//! operations are made up and answered twice: by the router, and by the reference implementation of GraphQL on the data
//! as a whole. Both answers have to be the same to the byte.
//!
//! With faults the monolith is told what did not come ([`reference_run`]); then nulls have to stand where it has them,
//! and errors at them.
//!
//! `SEED=…` other supergraphs, `SCHEMAS=…` that many, `OPERATIONS=…` that many on each. A failing case is made small and
//! written to the folder `WRITE=…`; in `tests/cases` it is a test from then on.

mod case;
mod cases;
mod check;
mod compare;
mod divide;
mod generate;
mod losses;
mod monolith;
mod operation;
mod populate;
mod reference_run;
mod schema;
mod shrink;
mod trouble;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;

use case::{Case, Faults, Served, compose};
use check::Both;

/// Whether subgraphs go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// Never.
    None,
    /// In some other way for each operation.
    Random,
}

/// What a campaign came to.
#[derive(Debug, Default)]
struct Tally {
    operations: u64,
    invalid: u64,
    supergraphs: u64,
    tried: u64,
    wrong: Vec<String>,
}

fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Subgraphs that compose, with data, by their seed.
fn made_up(seed: u64) -> Option<(Case, Served)> {
    let schema = generate::Generator::schema(seed);
    let subgraphs: BTreeMap<String, String> =
        (0..schema.graphs).map(|graph| (schema::GRAPHS[graph].to_owned(), schema.sdl(graph))).collect();
    let composed = compose(&subgraphs).ok()?;
    let world = populate::populate(&composed.0, seed)?;
    let served = Served::new(&subgraphs, composed, &world);
    let operation = case::Operation { text: String::new(), variables: serde_json::json!({}) };
    Some((Case { subgraphs, world, operation, faults: Faults::default() }, served))
}

/// Asks a supergraph random operations, up to the first that is answered wrongly.
fn ask(both: &mut Both, seed: u64, trouble: Trouble, tally: &mut Tally) {
    let Some((mut case, served)) = made_up(seed) else { return };
    tally.supergraphs += 1;
    both.serve(&served, &case.world);
    for number in 0..variable("OPERATIONS").unwrap_or(20) {
        let seed = seed.wrapping_mul(1_000_003).wrapping_add(number);
        case.operation = operation::Generator::operation(&served.supergraph.api_schema, seed);
        if trouble == Trouble::Random {
            case.faults = trouble::trouble(&served, seed);
        }
        let Some(verdict) = both.check(&served, &case.operation, &case.faults) else {
            tally.invalid += 1;
            continue;
        };
        tally.operations += 1;
        if !verdict.wrong.is_empty() {
            tally.wrong.push(report(both, case, format!("{trouble:?}-{seed}").to_lowercase()));
            return;
        }
    }
}

/// Makes a failing case small, and tells of it.
fn report(both: &mut Both, case: Case, name: String) -> String {
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

fn campaign(trouble: Trouble) {
    let mut both = Both::start();
    let (seed, supergraphs) = (variable("SEED").unwrap_or(1), variable("SCHEMAS").unwrap_or(12));
    let mut tally = Tally::default();
    while tally.supergraphs < supergraphs && tally.tried < 20 + 20 * supergraphs {
        ask(&mut both, seed + tally.tried, trouble, &mut tally);
        tally.tried += 1;
    }
    let Tally { operations, invalid, supergraphs: made, tried, wrong } = tally;
    eprintln!("{trouble:?}: {operations} operations ({invalid} more not valid) on {made} supergraphs ({tried} tried)");
    assert!(made == supergraphs && operations >= made, "{operations} operations on {made} supergraphs are too few");
    let shown: Vec<String> = wrong.iter().take(variable("SHOW").unwrap_or(3)).cloned().collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), shown.join("\n\n"));
}

#[test]
fn answers_as_a_monolith_does() {
    campaign(Trouble::None);
}

#[test]
fn fails_as_a_monolith_does() {
    campaign(Trouble::Random);
}
