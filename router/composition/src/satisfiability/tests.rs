//! Satisfiable is plannable: what is proved here, the planner finds, and what is refused, it doesn't.
//!
//! Composition's cases, changed at random, are composed as far as the proof. If it holds, each field of each object is
//! planned, and the plan is proved sound; if it doesn't, the query of each finding has no plan. `COUNT` sets how many
//! are tried (300), `SEED` another sequence (1); `SHOW` prints each query with its subgraphs before it is planned, for
//! those that end the process.

mod change;
mod queries;

use std::path::{Path, PathBuf};

use fastrand::Rng;
use federation::{LabelSet, Limits, Supergraph};
use graphql::{ExecutableDocument, Schema, Valid};
use planner::{Asked, Budget, Decided, Deferral, PlanError, QueryPlan};

use crate::{Options, SubgraphInput, finish, merge, parse, print, upgrade, validate};

/// A supergraph that is sound but for satisfiability, and the findings of the proof.
struct Proved {
    supergraph: Supergraph,
    schemas: Vec<Valid<Schema>>,
    refused: Vec<graphql::Diagnostic>,
    /// The subgraphs.
    texts: String,
}

/// Composes as far as the proof; `None` for what is refused earlier.
fn prove(inputs: Vec<SubgraphInput>) -> Option<Proved> {
    let options = Options::default();
    let texts = inputs.iter().map(|input| format!("# {}\n{}\n", input.name, input.sdl)).collect();
    let parsed = parse::parse(inputs, &options).ok()?;
    let validated = validate::validate(upgrade::upgrade(parsed).ok()?).ok()?;
    let merged = merge::merge(&validated, &options).ok()?;
    let schema = merged.schema.clone();
    finish::finish(merged, &validated).ok()?;
    let sdl = print::print(&schema);
    Some(Proved {
        supergraph: Supergraph::parse(&sdl, Limits::default()).unwrap(),
        schemas: Supergraph::subgraph_schemas(&sdl, Limits::default()).unwrap(),
        refused: super::prove(&schema, &validated, &options).err().unwrap_or_default(),
        texts,
    })
}

/// Plans a query while just these labels are in force; a plan has to be sound.
fn plan(proved: &Proved, query: &str, labels: &LabelSet) -> Result<QueryPlan, PlanError> {
    let supergraph = &proved.supergraph;
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query.graphql")
        .unwrap_or_else(|errors| panic!("{errors}\n{query}"));
    if std::env::var_os("SHOW").is_some() {
        println!("{query}\n{}", proved.texts);
    }
    let decided = Decided { conditions: &|_| None, labels, deferral: Deferral::Off };
    let plan = planner::plan(supergraph, &document, None, decided, &Budget::default())?;
    let asked = Asked { document: &document, operation_name: None, decided };
    if let Err(unsound) = planner::sound(&plan, (supergraph, &proved.schemas), asked) {
        panic!("unsound: {unsound:?}\n{query}\n{}", planner::print(&plan, supergraph));
    }
    Ok(plan)
}

/// Everything off, each label on alone, and everything on: what a path may have decided.
fn label_sets(supergraph: &Supergraph) -> Vec<LabelSet> {
    let all: Vec<federation::LabelId> =
        (0..supergraph.override_labels.len()).map(|index| federation::LabelId(index as u32)).collect();
    let alone = all.iter().map(|&label| std::iter::once(label).collect());
    let mut sets: Vec<LabelSet> = std::iter::once(LabelSet::default()).chain(alone).collect();
    if all.len() > 1 {
        sets.push(all.into_iter().collect());
    }
    sets
}

/// Checks one set of subgraphs; says what was checked.
fn check(inputs: &[SubgraphInput]) -> Outcome {
    let Some(proved) = prove(inputs.to_vec()) else { return Outcome::NotProved };
    let sets = label_sets(&proved.supergraph);
    if proved.refused.is_empty() {
        for query in queries::of_every_field(&proved.supergraph.api_schema) {
            for labels in &sets {
                match plan(&proved, &query, labels) {
                    Ok(_) | Err(PlanError::Unsupported(_)) => {}
                    Err(error) => panic!("proved, but {error}:\n{query}\n{}", proved.texts),
                }
            }
        }
        return Outcome::Planned;
    }
    if !proved.supergraph.override_labels.is_empty() {
        // Conditions are proved whatever labels are in force, so a field that a label moves never serves one.
        return Outcome::NotProved;
    }
    let mut checked = 0;
    for query in proved.refused.iter().filter_map(queries::of_finding) {
        let refuses = |labels| {
            matches!(
                plan(&proved, &query, labels),
                Err(PlanError::Unreachable { .. } | PlanError::TooComplex { .. } | PlanError::Unsupported(_))
            )
        };
        assert!(sets.iter().any(refuses), "refused, but planned:\n{query}\n{}", proved.texts);
        checked += 1;
    }
    if checked > 0 { Outcome::Refused } else { Outcome::NotProved }
}

#[derive(PartialEq, Eq)]
enum Outcome {
    Planned,
    Refused,
    /// Refused before the proof, or for what no single query shows.
    NotProved,
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// The subgraphs of every case that concerns the proof, or might.
fn cases() -> Vec<Vec<SubgraphInput>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let sorted = |folder: PathBuf| {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let input = |file: PathBuf| SubgraphInput {
        name: file.file_stem().unwrap().to_string_lossy().into_owned(),
        url: String::new(),
        sdl: std::fs::read_to_string(file).unwrap(),
    };
    let folders = sorted(root).into_iter().filter(|folder| !folder.join("options.yaml").exists());
    let cases = folders.map(|folder| sorted(folder.join("subgraphs")).into_iter().map(input).collect());
    cases.filter(|inputs: &Vec<SubgraphInput>| inputs.len() > 1).collect()
}

#[test]
fn keys_that_need_each_other_without_end_are_refused_and_not_planned() {
    let input = |name: &str, sdl: &str| {
        let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@key\", \"@shareable\"])\n";
        SubgraphInput { name: name.to_owned(), url: String::new(), sdl: format!("{link}{sdl}") }
    };
    let inputs = [
        input("a", "type Query { t: T } type T { u: U @shareable } type U { t: T @shareable }"),
        input(
            "b",
            "type T @key(fields: \"u { code }\") { u: U @shareable code: Int @shareable y: Int }
             type U @key(fields: \"t { code }\") { t: T @shareable code: Int }",
        ),
    ];
    assert!(check(&inputs) == Outcome::Refused);
}

#[test]
fn what_is_proved_is_planned_and_what_is_refused_is_not() {
    let mut random = Rng::with_seed(setting("SEED", 1) as u64);
    let cases = cases();
    let count = setting("COUNT", 300);
    let (mut planned, mut refused) = (0, 0);
    for _ in 0..count {
        let case = random.choice(&cases).unwrap();
        match check(&change::change(case, &mut random)) {
            Outcome::Planned => planned += 1,
            Outcome::Refused => refused += 1,
            Outcome::NotProved => {}
        }
    }
    println!("of {count}, {planned} proved and planned, {refused} refused and not planned");
    assert!(planned * 10 > count && refused * 100 > count, "{planned} and {refused} of {count} prove nothing");
}
