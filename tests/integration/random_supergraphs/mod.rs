//! Random supergraphs against a monolith: subgraphs are made up and composed, data is made up and divided among them,
//! operations are made up and answered twice: by the router, and by the reference implementation of GraphQL on the data
//! as a whole. Both answers have to be the same to the byte.
//!
//! With faults the monolith is told what did not come ([`reference_run`]); then nulls have to stand where it has them,
//! and errors at them.
//!
//! `SEED=…` other supergraphs, `SCHEMAS=…` that many, `OPERATIONS=…` that many on each. A failing case is made small and
//! written to the folder `WRITE=…`; in `tests/cases` it is a test from then on.

mod audit;
mod case;
mod cases;
mod check;
mod compare;
mod contexts;
mod deferred;
mod divide;
mod generate;
mod losses;
mod monolith;
mod operation;
mod populate;
mod reference_contexts;
mod reference_run;
mod schema;
mod shrink;
mod trouble;
mod with_contexts;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;

use case::{Case, Faults, Operation, Served, compose};
use check::Both;

/// What is asked of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Nothing goes wrong.
    Sound,
    /// Subgraphs go wrong, in some other way for each operation.
    Faulty,
    /// Answers come in parts, some of them with faults.
    Deferred,
}

/// What a campaign came to.
#[derive(Debug, Default)]
struct Tally {
    operations: u64,
    invalid: u64,
    supergraphs: u64,
    /// Those of them that have contexts.
    with_contexts: u64,
    tried: u64,
    wrong: Vec<String>,
}

fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Subgraphs made up by a seed.
fn made_up(seed: u64) -> BTreeMap<String, String> {
    let schema = generate::Generator::schema(seed);
    let plain: BTreeMap<String, String> =
        (0..schema.graphs).map(|graph| (schema::GRAPHS[graph].to_owned(), schema.sdl(graph))).collect();
    let with_contexts = (!seed.is_multiple_of(4)).then(|| with_contexts::with_contexts(&plain, seed)).flatten();
    with_contexts.filter(|subgraphs| compose(subgraphs).is_ok()).unwrap_or(plain)
}

/// Subgraphs composed and with data.
///
/// # Errors
/// If they don't compose, or can't have data.
fn serve(subgraphs: &BTreeMap<String, String>, seed: u64) -> Result<(Case, Served), String> {
    let composed = compose(subgraphs)?;
    let world = populate::populate(&composed.0, subgraphs, seed).ok_or("no data fit")?;
    let served = Served::new(subgraphs, composed, &world);
    let operation = Operation { text: String::new(), variables: serde_json::json!({}) };
    Ok((Case { subgraphs: subgraphs.clone(), world, operation, faults: Faults::default() }, served))
}

/// Asks a supergraph random operations, up to the first that is answered wrongly.
fn ask(both: &mut Both, served: (Case, Served), (seed, count): (u64, u64), mode: Mode, tally: &mut Tally) {
    let (mut case, served) = served;
    tally.supergraphs += 1;
    tally.with_contexts += u64::from(!served.supergraph.contexts.is_empty());
    both.serve(&served, &case.world);
    for number in 0..count {
        let seed = seed.wrapping_mul(1_000_003).wrapping_add(number);
        let mut rng = fastrand::Rng::with_seed(seed);
        case.operation = operation::operation(&served.supergraph.api_schema, seed);
        let is_faulty = mode == Mode::Faulty || (mode == Mode::Deferred && rng.bool());
        case.faults = if is_faulty { trouble::trouble(&served, seed) } else { Faults::default() };
        if mode == Mode::Deferred {
            case.operation.text = deferred::deferred(&case.operation.text, seed);
        }
        let Some(verdict) = both.check(&served, &case.operation, &case.faults) else {
            tally.invalid += 1;
            continue;
        };
        tally.operations += 1;
        if !verdict.wrong.is_empty() {
            tally.wrong.push(report(both, case, format!("{mode:?}-{seed}").to_lowercase()));
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

impl Tally {
    /// Tells what it came to, and fails if anything was wrong.
    fn conclude(self, mode: Mode) {
        let Self { operations, invalid, supergraphs, with_contexts, tried, wrong } = self;
        eprintln!(
            "{mode:?}: {operations} operations ({invalid} more not valid) on {supergraphs} supergraphs, \
             {with_contexts} of them with contexts ({tried} tried)"
        );
        assert!(operations >= supergraphs && supergraphs > 0, "{operations} operations on {supergraphs} supergraphs");
        let shown: Vec<String> = wrong.iter().take(variable("SHOW").unwrap_or(3)).cloned().collect();
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), shown.join("\n\n"));
    }
}

fn campaign(mode: Mode) {
    let mut both = Both::start();
    let (seed, supergraphs) = (variable("SEED").unwrap_or(1), variable("SCHEMAS").unwrap_or(12));
    let mut tally = Tally::default();
    while tally.supergraphs < supergraphs && tally.tried < 20 + 20 * supergraphs {
        let seed = seed + tally.tried;
        tally.tried += 1;
        if let Ok(served) = serve(&made_up(seed), seed) {
            ask(&mut both, served, (seed, variable("OPERATIONS").unwrap_or(20)), mode, &mut tally);
        }
    }
    assert_eq!(tally.supergraphs, supergraphs, "of {} tried", tally.tried);
    tally.conclude(mode);
}

#[test]
fn answers_as_a_monolith_does() {
    campaign(Mode::Sound);
}

#[test]
fn fails_as_a_monolith_does() {
    campaign(Mode::Faulty);
}

#[test]
fn answers_in_parts_as_a_monolith_does() {
    campaign(Mode::Deferred);
}

/// Random operations on the supergraphs of the cases, which have what random ones lack: labels, contexts, federation 1.
/// `OPERATIONS=…` that many on each, half of them with faults.
#[test]
fn answers_on_the_cases_as_a_monolith_does() {
    let mut both = Both::start();
    let mut tally = Tally::default();
    for (folder, number) in cases::folders().into_iter().zip(1_u64..) {
        let mut case = Case::read(&folder, |_, _| panic!("{}: no world", folder.display()));
        let composed = compose(&case.subgraphs).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
        let served = Served::new(&case.subgraphs, composed, &case.world);
        both.serve(&served, &case.world);
        for operation in 0..variable("OPERATIONS").unwrap_or(2) {
            let seed = (variable("SEED").unwrap_or(1) * 1_009 + number).wrapping_mul(1_000_003).wrapping_add(operation);
            case.operation = operation::operation(&served.supergraph.api_schema, seed);
            case.faults = if operation % 2 == 0 { Faults::default() } else { trouble::trouble(&served, seed) };
            let Some(verdict) = both.check(&served, &case.operation, &case.faults) else {
                tally.invalid += 1;
                continue;
            };
            tally.operations += 1;
            if verdict.is_consistent && !verdict.wrong.is_empty() {
                tally.wrong.push(report(&mut both, case.clone(), format!("case-{number}-{operation}")));
                both.serve(&served, &case.world);
                break;
            }
        }
    }
    eprintln!("{} operations ({} more not valid)", tally.operations, tally.invalid);
    let shown: Vec<String> = tally.wrong.iter().take(variable("SHOW").unwrap_or(3)).cloned().collect();
    assert!(tally.wrong.is_empty(), "{} wrong:\n{}", tally.wrong.len(), shown.join("\n\n"));
}
