//! Large supergraphs, and such as are made to take for ever: composition ends, by counted work, never by a clock.

use std::fmt::Write as _;

use composition::{Options, SubgraphInput, compose};
use libtest_mimic::{Failed, Trial};

use crate::{cases, synthetic};

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\", \"@shareable\", \"@external\", \"@requires\"])\n";
const EXCEEDED: &str = "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED";

/// One test a way to explode.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("explosions::a_large_supergraph_needs_few_paths", large),
        Trial::test("explosions::shared_fields_in_every_set_of_subgraphs", sets_of_subgraphs),
        Trial::test("explosions::implementations_by_the_hundred", implementations),
        Trial::test("explosions::types_below_types", depth),
        Trial::test("explosions::keys_within_keys", keys_within_keys),
        Trial::test("explosions::keys_in_circles", keys_in_circles),
        Trial::test("explosions::labels_by_the_dozen", labels),
        Trial::test("explosions::labels_that_matter_no_more_below", labels_in_a_chain),
        Trial::test("explosions::nine_labels_of_one_field", labels_of_one_field),
    ]
}

/// Composes with a bound on paths: none, or the one code that it failed with.
fn outcome(subgraphs: Vec<SubgraphInput>, paths_max: usize) -> Result<(), String> {
    let options = Options { subgraph_paths_max: paths_max, ..Options::default() };
    compose(subgraphs, &options).map(|_| ()).map_err(|findings| {
        let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.join(" ")
    })
}

fn expect(actual: Result<(), String>, expected: Result<(), &str>) -> Result<(), Failed> {
    if actual.as_ref().err().map(String::as_str) == expected.err() {
        return Ok(());
    }
    Err(format!("expected {expected:?}, but it is {actual:?}").into())
}

fn input(name: usize, sdl: &str) -> SubgraphInput {
    SubgraphInput { name: format!("s{name:02}"), url: String::new(), sdl: format!("{LINK}{sdl}") }
}

/// Work grows with the size alone: 40 paths a type are plenty.
fn large() -> Result<(), Failed> {
    for (count, types) in [(8, 20), (24, 20)] {
        let options = Options { subgraph_paths_max: count * types * 40, ..Options::default() };
        let composed = compose(synthetic::subgraphs(count, types), &options).map_err(|found| format!("{found:?}"))?;
        if count == 8 {
            cases::sound(&composed.supergraph_sdl)?;
        }
    }
    Ok(())
}

/// Each field leads on in all subgraphs but one, so every set of subgraphs is a state of its own.
fn sets_of_subgraphs() -> Result<(), Failed> {
    const COUNT: usize = 20;
    let subgraph = |index: usize| {
        let fields: String = (0..COUNT).filter(|field| *field != index).fold(String::new(), |mut text, field| {
            let _ = write!(text, " f{field}: V");
            text
        });
        input(index, &format!("type Query {{ v: V @shareable }} type V @shareable {{ x: Int {fields} }}"))
    };
    expect(outcome((0..COUNT).map(subgraph).collect(), 20_000), Err(EXCEEDED))
}

/// Hundreds of implementations, in each of many subgraphs, behind many fields.
fn implementations() -> Result<(), Failed> {
    const OBJECTS: usize = 200;
    let subgraph = |index: usize| {
        let mut sdl = "interface Node { id: ID! } type Query {".to_owned();
        (0..20).for_each(|field| {
            let _ = write!(sdl, " s{index}n{field}: [Node!]");
        });
        sdl.push_str(" }");
        for object in 0..OBJECTS {
            let _ = write!(sdl, " type T{object} implements Node @key(fields: \"id\") {{ id: ID! s{index}: Node }}");
        }
        input(index, &sdl)
    };
    expect(outcome((0..12).map(subgraph).collect(), 100_000), Ok(()))
}

/// A chain of types: walking must not go by recursion.
fn depth() -> Result<(), Failed> {
    const TYPES: usize = 3_000;
    let mut sdl = "type Query { t: T0 }".to_owned();
    for index in 0..TYPES {
        let _ = write!(sdl, " type T{index} {{ id: ID! next: T{} }}", (index + 1) % TYPES);
    }
    expect(outcome(vec![input(0, &sdl)], 100_000), Ok(()))
}

/// Each key needs the key of the next type to be jumped by: conditions nest without end.
fn keys_within_keys() -> Result<(), Failed> {
    const TYPES: usize = 2_000;
    let mut plain = "type Query { t: T0 }".to_owned();
    let mut keyed = String::new();
    for index in 0..TYPES {
        let next = (index + 1) % TYPES;
        let _ = write!(plain, " type T{index} {{ next: T{next} @shareable }}");
        let _ = write!(
            keyed,
            " type T{index} @key(fields: \"next {{ code }}\") {{ next: T{next} @shareable code: Int @shareable }}"
        );
    }
    expect(outcome(vec![input(0, &plain), input(1, &keyed)], 100_000), Err(EXCEEDED))
}

/// Every type's key needs every other type's: all positions grow together, and none gets anywhere.
fn keys_in_circles() -> Result<(), Failed> {
    const TYPES: usize = 12;
    let mut plain = "type Query { t: T0 }".to_owned();
    let mut keyed = String::new();
    for index in 0..TYPES {
        let others = |text: &dyn Fn(usize) -> String| {
            (0..TYPES).filter(|other| *other != index).map(text).collect::<Vec<_>>().join(" ")
        };
        let fields = others(&|other| format!("t{other}: T{other} @shareable"));
        let keys = others(&|other| format!("@key(fields: \"t{other} {{ code }}\")"));
        let _ = write!(plain, " type T{index} {{ {fields} }}");
        let _ = write!(keyed, " type T{index} {keys} {{ {fields} code: Int @shareable }}");
    }
    expect(outcome(vec![input(0, &plain), input(1, &keyed)], 100_000), Err("SATISFIABILITY_ERROR"))
}

/// Fields in migration on the way to each other: every subset of labels is decided on some path.
fn labels() -> Result<(), Failed> {
    const FIELDS: usize = 18;
    let link = LINK.replace("v2.5", "v2.7").replace("\"@key\"", "\"@key\", \"@override\"");
    let (mut old, mut new) = (link.clone(), link);
    old.push_str("type Query { t: T } type T @key(fields: \"id\") { id: ID!");
    new.push_str("type T @key(fields: \"id\") { id: ID!");
    for field in 0..FIELDS {
        let _ = write!(old, " f{field}: T");
        let _ = write!(new, " f{field}: T @override(from: \"s00\", label: \"label{field}\")");
    }
    let subgraph = |index: usize, sdl: String| SubgraphInput { sdl: format!("{sdl} }}"), ..input(index, "") };
    expect(outcome(vec![subgraph(0, old), subgraph(1, new)], 100_000), Ok(()))
}

/// A path of entities, each with a field in migration, as the next one's is: below, no label above decides anything.
fn labels_in_a_chain() -> Result<(), Failed> {
    const ENTITIES: usize = 60;
    let link = LINK.replace("v2.5", "v2.7").replace("\"@key\"", "\"@key\", \"@override\"");
    let (mut old, mut new) = (link.clone(), format!("{link} type Query {{ a: A0 }}"));
    for entity in 0..ENTITIES {
        let head = format!(" type A{entity} @key(fields: \"id\") {{ id: ID! n: A{}", entity + 1);
        let _ = write!(old, "{head} y: Int }}");
        let _ = write!(new, "{head} @override(from: \"s00\", label: \"label{entity}\") x: Int }}");
    }
    let last = format!(" type A{ENTITIES} {{ x: Int @shareable }}");
    let subgraph = |index: usize, sdl: String| SubgraphInput { sdl: sdl + &last, ..input(index, "") };
    expect(outcome(vec![subgraph(0, old), subgraph(1, new)], 2_000), Ok(()))
}

/// A field that several subgraphs take over from each other has a label for each: every case of them has to be looked at,
/// or none.
fn labels_of_one_field() -> Result<(), Failed> {
    let link = LINK.replace("v2.5", "v2.7").replace("\"@key\"", "\"@key\", \"@override\"");
    let supergraph = |labels: usize| -> Vec<SubgraphInput> {
        let new = |index: usize| {
            let from = labels + index;
            format!("f: Int @shareable @override(from: \"s{from:02}\", label: \"label{index}\")")
        };
        let subgraph = |index: usize| {
            let field = if index < labels { new(index) } else { "f: Int @shareable".to_owned() };
            let sdl = format!("{link} type Query {{ t{index}: T }} type T @key(fields: \"id\") {{ id: ID! {field} }}");
            SubgraphInput { sdl, ..input(index, "") }
        };
        (0..2 * labels).map(subgraph).collect()
    };
    expect(outcome(supergraph(8), 100_000), Ok(()))?;
    expect(outcome(supergraph(9), 100_000), Err(EXCEEDED))
}
