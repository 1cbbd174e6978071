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
mod campaign;
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

use campaign::{Campaign, Mode};
use case::{Case, Faults, Operation, Served, compose};

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

fn campaign(mode: Mode) {
    let mut campaign = Campaign::start(mode);
    let (first, supergraphs) = (variable("SEED").unwrap_or(1), variable("SCHEMAS").unwrap_or(12));
    // Not all that is made up composes.
    for seed in (first..).take(20 + 20 * supergraphs) {
        if campaign.supergraphs() == supergraphs as u64 {
            break;
        }
        if let Ok(served) = serve(&made_up(seed), seed) {
            campaign.ask(&format!("SEED={seed}"), served, (seed, 20));
        }
    }
    assert_eq!(campaign.supergraphs(), supergraphs as u64);
    campaign.conclude();
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
    let mut campaign = Campaign::start(Mode::Mixed);
    for (folder, number) in cases::folders().into_iter().zip(1_u64..) {
        let name = folder.display().to_string();
        let case = Case::read(&folder, |_, _| panic!("{name}: no world"));
        let composed = compose(&case.subgraphs).unwrap_or_else(|why| panic!("{name}: {why}"));
        let served = Served::new(&case.subgraphs, composed, &case.world);
        campaign.ask(&name, (case, served), (variable("SEED").unwrap_or(1) * 1_009 + number, 2));
    }
    campaign.conclude();
}
