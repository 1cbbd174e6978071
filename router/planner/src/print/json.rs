//! A plan as a JSON value.

use federation::Supergraph;
use graphql::json::{Object, Value};

use super::words::{context_sources, members_text, path_text, typename_text};
use crate::plan::{Block, ContextualArgument, Entities, Fetch, FetchKind, Joint, PathSegment, QueryPlan};

/// A plan as an object: `operation`, `steps` (how many follow each other), `introspection` (whether some of it is
/// answered by the router itself), `fetches`, each with `id`, `step`, `subgraph`, `after` (ids), `kind` (`root` or
/// `entities`), `paths`, `representations`, `contexts` (each with the `variable` and where it is read `from`, the nearest
/// first), `operationName`, `variables` and `document`, `requests` (the ids of fetches that are sent together), and
/// `deferred`, each with `label`, `parent` (an index into itself) and `needs` (ids).
pub fn print(plan: &QueryPlan, supergraph: &Supergraph) -> Value {
    let depths = plan.depths();
    let fetches = plan.fetches.iter().zip(&depths).enumerate();
    let fetches = fetches.map(|(id, (fetch, step))| fetch_value(plan, supergraph, (id, *step), fetch));
    object([
        ("operation", text(plan.kind.word())),
        ("steps", number(depths.iter().copied().max().unwrap_or(0))),
        ("introspection", Value::Bool(plan.introspection.is_some())),
        ("fetches", Value::Array(fetches.collect())),
        ("requests", Value::Array(requests(plan))),
        ("deferred", Value::Array(plan.blocks.iter().map(block_value).collect())),
    ])
}

fn fetch_value(plan: &QueryPlan, supergraph: &Supergraph, (id, step): (usize, u32), fetch: &Fetch) -> Value {
    let path = |path: &Vec<PathSegment>| text(&path_text(plan, supergraph, path));
    let (kind, paths, given, read) = match &fetch.kind {
        FetchKind::Root { path: at } => ("root", vec![path(at)], Vec::new(), Vec::new()),
        FetchKind::Entities(entities) => {
            let paths = entities.paths.iter().map(path).collect();
            let given = representations(plan, supergraph, entities);
            ("entities", paths, given, contexts(plan, supergraph, entities))
        }
    };
    object([
        ("id", number(id)),
        ("step", number(step)),
        ("subgraph", text(&supergraph.subgraph(fetch.subgraph).name)),
        ("after", Value::Array(fetch.after.iter().map(|id| number(id.0)).collect())),
        ("kind", text(kind)),
        ("paths", Value::Array(paths)),
        ("representations", Value::Array(given)),
        ("contexts", Value::Array(read)),
        ("operationName", fetch.operation_name.as_deref().map_or(Value::Null, text)),
        ("variables", Value::Array(fetch.variables.iter().map(|name| text(name)).collect())),
        ("document", text(&fetch.document)),
    ])
}

fn representations(plan: &QueryPlan, supergraph: &Supergraph, entities: &Entities) -> Vec<Value> {
    let value = |typename: &str, members: &str| object([("typename", text(typename)), ("fields", text(members))]);
    let given = entities.representations.iter();
    given.map(|given| value(&typename_text(supergraph, given), &members_text(plan, &given.members))).collect()
}

fn contexts(plan: &QueryPlan, supergraph: &Supergraph, entities: &Entities) -> Vec<Value> {
    let from = |argument: &ContextualArgument| {
        context_sources(plan, supergraph, argument).iter().map(|source| text(source)).collect()
    };
    let value = |argument: &ContextualArgument| {
        object([("variable", text(&argument.variable)), ("from", Value::Array(from(argument)))])
    };
    entities.contexts.iter().map(value).collect()
}

fn requests(plan: &QueryPlan) -> Vec<Value> {
    let ids = |joint: &Joint| joint.members.iter().map(|member| number(member.fetch.0)).collect();
    plan.joint.iter().map(|joint| Value::Array(ids(joint))).collect()
}

fn block_value(block: &Block) -> Value {
    object([
        ("label", block.label.as_deref().map_or(Value::Null, text)),
        ("parent", block.parent.map_or(Value::Null, |parent| number(parent.0))),
        ("needs", Value::Array(block.needs.iter().map(|id| number(id.0)).collect())),
    ])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Object>())
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn number(number: impl ToString) -> Value {
    Value::Number(number.to_string().into())
}
