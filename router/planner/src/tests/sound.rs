//! The proof itself: a plan that something was taken from, or that was bent, is never sound.

use federation::LabelSet;
use graphql::ExecutableDocument;
use serde_json::Value;

use super::{Loaded, fixtures, load, proved, read};
use crate::plan::{FetchKind, KeyId, PathSegment, Selection, Source, Target};
use crate::{Asked, Decided, Deferral, QueryPlan, Unsound};

/// A way to spoil a plan; `None` if there is nothing of the kind in it.
type Spoil = fn(&mut QueryPlan) -> Option<()>;

const SPOILS: &[(&str, Spoil)] = &[
    ("drops the last fetch", |plan| plan.fetches.pop().map(drop)),
    ("forgets to wait", |plan| {
        let waiting = plan.fetches.iter_mut().rfind(|fetch| matches!(fetch.kind, FetchKind::Entities(_)))?;
        waiting.after.clear();
        Some(())
    }),
    ("sends a representation without its last member", |plan| {
        let sent = entities(plan)?.representations.last_mut()?;
        sent.members.pop().map(drop)
    }),
    ("sends another value as a member", |plan| {
        let other = KeyId(plan.keys.len() as u32);
        plan.keys.push("other".to_owned());
        let sent = entities(plan)?.representations.last_mut()?;
        sent.members.last_mut()?.source = Some(other);
        Some(())
    }),
    ("sends no representation", |plan| {
        entities(plan)?.representations.clear();
        Some(())
    }),
    ("sends the name of another type", |plan| {
        let typename = &mut entities(plan)?.representations.last_mut()?.typename;
        *typename = Some("Query".to_owned());
        Some(())
    }),
    ("reads from a path that is not there", |plan| {
        let other = KeyId(plan.keys.len() as u32);
        plan.keys.push("other".to_owned());
        let path = entities(plan)?.paths.last_mut()?;
        path.push(PathSegment::Key(other));
        Some(())
    }),
    ("takes one value less from the last answer", |plan| {
        let output = &mut plan.fetches.last_mut()?.output;
        output.fields.pop().map(drop)
    }),
    ("takes one value less from below in an answer", |plan| {
        let output = &mut plan.fetches.first_mut()?.output;
        deepest(output).fields.pop().map(drop)
    }),
    ("asks no type's name", |plan| {
        let mut any = None;
        for fetch in &mut plan.fetches {
            without_typename(&mut fetch.output, &mut any);
        }
        // It may have been asked for without need; where a representation is for some types alone it wasn't.
        let of_types = entities(plan)?.representations.iter().any(|one| !one.types.is_empty());
        any.filter(|()| of_types)
    }),
    ("answers from elsewhere", |plan| {
        let other = KeyId(plan.keys.len() as u32);
        plan.keys.push("other".to_owned());
        let field = plan.response.variants.first_mut()?.fields.last_mut()?;
        matches!(field.source, Source::Data(_)).then_some(())?;
        field.source = Source::Data(other);
        Some(())
    }),
    ("answers in another order", |plan| {
        let fields = &mut plan.response.variants.first_mut()?.fields;
        (fields.len() > 1).then(|| fields.reverse())
    }),
    ("answers under another name", |plan| {
        plan.response.variants.first_mut()?.fields.first_mut()?.response_key.push('x');
        Some(())
    }),
    ("asks for what is not there", |plan| {
        let document = &mut plan.fetches.last_mut()?.document;
        let end = document.rfind(|c: char| c.is_alphanumeric())?;
        document.insert(end + 1, 'Q');
        Some(())
    }),
    ("asks nobody", |plan| {
        plan.fetches.last_mut()?.subgraph.0 = u16::MAX;
        Some(())
    }),
    ("sends a variable that nobody declared", |plan| {
        plan.fetches.last_mut()?.variables.push("other".to_owned());
        Some(())
    }),
];

/// Suites in which a value too many is asked, which plans may do.
const ASKS_TOO_MUCH: &[&str] = &[
    // What the type is stands in the schema already.
    "circular-reference-interface",
    // Another subgraph gives the same field, and never of the type that is asked.
    "partial-union-complex",
];

fn entities(plan: &mut QueryPlan) -> Option<&mut crate::plan::Entities> {
    plan.fetches.iter_mut().rev().find_map(|fetch| match &mut fetch.kind {
        FetchKind::Entities(entities) => Some(entities),
        FetchKind::Root { .. } => None,
    })
}

fn deepest(selection: &mut Selection) -> &mut Selection {
    match selection.fields.iter().rposition(|field| field.selection.is_some()) {
        Some(at) => deepest(selection.fields[at].selection.as_mut().unwrap()),
        None => selection,
    }
}

fn without_typename(selection: &mut Selection, any: &mut Option<()>) {
    let before = selection.fields.len();
    selection.fields.retain(|field| field.target != Target::Typename);
    if selection.fields.len() < before {
        *any = Some(());
    }
    selection.fields.iter_mut().filter_map(|field| field.selection.as_mut()).for_each(|s| without_typename(s, any));
}

fn found(supergraph: &Loaded, query: &str, plan: &QueryPlan) -> Vec<Unsound> {
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query").unwrap();
    let operation = document.operations.iter().next().unwrap();
    let conditions = |name: &str| {
        let variable = operation.variables.iter().find(|variable| variable.name == name)?;
        variable.default_value.as_ref()?.to_bool()
    };
    let decided = Decided { conditions: &conditions, labels: &LabelSet::default(), deferral: Deferral::Off };
    let asked = Asked { document: &document, operation_name: None, decided };
    crate::sound(plan, (supergraph, &supergraph.schemas), asked).err().unwrap_or_default()
}

#[test]
fn finds_whatever_is_spoilt_in_the_plans_of_the_audit() {
    let (mut missed, mut spoilt) = (Vec::new(), vec![0; SPOILS.len()]);
    for (name, supergraph) in super::audit::suites() {
        let tests = read(&fixtures().join("federation-cases").join(&name).join("tests.json"));
        let tests: Value = serde_json::from_str(&tests).unwrap();
        for query in tests.as_array().unwrap().iter().filter_map(|test| test["query"].as_str()) {
            if ExecutableDocument::parse_and_validate(&supergraph.api_schema, query, "query").is_err() {
                continue;
            }
            let Ok(plan) = proved(&supergraph, query, &[]) else { continue };
            for ((what, spoil), count) in SPOILS.iter().zip(&mut spoilt) {
                let mut bent = plan.clone();
                let Some(()) = spoil(&mut bent) else { continue };
                if what.contains("value less") && ASKS_TOO_MUCH.contains(&name.as_str()) {
                    continue;
                }
                *count += 1;
                if found(&supergraph, query, &bent).is_empty() {
                    let text = crate::print(&plan, &supergraph);
                    missed.push(format!("{name}: a plan that {what} is sound: {query}\n{text}"));
                }
            }
        }
    }
    assert!(spoilt.iter().all(|&count| count > 10), "{spoilt:?}");
    assert!(missed.is_empty(), "{} missed of {spoilt:?}:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn finds_a_mutation_that_runs_beside_what_belongs_to_the_one_before() {
    let supergraph = load(&read(&fixtures().join("federation-cases/mutations/supergraph.graphql")));
    let query = "mutation { a: addProduct(input: {name: \"a\", price: 1}) { name isExpensive isAvailable } \
                 b: addProduct(input: {name: \"b\", price: 2}) { name } }";
    let mut plan = proved(&supergraph, query, &[]).unwrap_or_else(|_| panic!("no plan"));
    let last = plan.fetches.iter().rposition(|fetch| matches!(fetch.kind, FetchKind::Root { .. })).unwrap();
    assert!(!plan.fetches[last].after.is_empty());
    plan.fetches[last].after.clear();
    let found = found(&supergraph, query, &plan);
    assert!(found.iter().any(|one| matches!(one, Unsound::MutationOrder { .. })), "{found:?}");
}
