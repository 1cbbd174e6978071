//! What may be bent without harm, and why.

use super::plans::Planned;
use crate::QueryPlan;
use crate::plan::{Fetch, FetchId, FetchKind, KeyId, PathSegment, Selection, Shape, Target};

/// Suites with answers for types that no subgraph which is asked gives there: whatever is planned for them never shows.
const NEVER_SHOWN: &[&str] = &[
    "abstract-types",
    "override-type-interface",
    "partial-union-complex",
    "union-interface-distributed",
    "union-intersection",
];

/// Why a bent plan is as good as the one it was; `None` if it isn't.
pub fn reason(what: &str, planned: &Planned, bent: &QueryPlan) -> Option<&'static str> {
    let plan = &planned.plan;
    match what {
        "forgets to wait" | "waits for what it does not read" => {
            (order(plan) == order(bent)).then_some("what it waits for waits for that")
        }
        "writes the first part too early" | "writes a deferred part too early" | "writes a deferred part too late" => {
            (parts(plan) == parts(bent)).then_some("what the part waits for waits for that, or a part before it did")
        }
        "drops a field of a document" | "takes a value less" => (typenames(plan) > typenames(bent))
            .then_some("the name of a type that the schema tells already, or that nobody asks for"),
        "reads from a shorter path" | "reads from another path" => {
            (places(plan) == places(bent)).then_some("the representations are for those types alone")
        }
        "drops a type condition" => Some("all are asked for what some have, and what is taken stays"),
        "takes two answers of one request for each other" => {
            let bodies = |plan: &QueryPlan| -> Vec<Vec<String>> {
                let body = |id: FetchId| plan.fetches[id.0 as usize].document.split("){").last().unwrap().to_owned();
                let joint = plan.joint.iter();
                joint.map(|joint| joint.members.iter().map(|member| body(member.fetch)).collect()).collect()
            };
            (bodies(plan) == bodies(bent)).then_some("both ask the same")
        }
        "answers one type as another" => {
            (shape(&plan.response) == shape(&bent.response)).then_some("both are answered alike")
        }
        "has no answer for some types"
        | "has no answer for a type"
        | "answers a field less"
        | "answers under another name"
        | "answers by another type"
        | "answers a type's name for a value"
        | "answers from elsewhere"
        | "answers in another order" => {
            NEVER_SHOWN.contains(&planned.name.as_str()).then_some("no subgraph that is asked gives such an object")
        }
        _ => None,
    }
}

/// By fetch: all that it waits for.
fn order(plan: &QueryPlan) -> Vec<Vec<bool>> {
    let mut all: Vec<Vec<bool>> = Vec::new();
    for fetch in &plan.fetches {
        let mut own = vec![false; plan.fetches.len()];
        for after in &fetch.after {
            own[after.0 as usize] = true;
            for (at, waits) in all[after.0 as usize].iter().enumerate() {
                own[at] |= waits;
            }
        }
        all.push(own);
    }
    all
}

/// By part: all that is done once it is written.
fn parts(plan: &QueryPlan) -> Vec<Vec<bool>> {
    let order = order(plan);
    let mut all: Vec<Vec<bool>> = Vec::new();
    let blocks = plan.blocks.iter().map(|block| (&block.needs, Some(block.parent.map_or(0, |id| id.0 as usize + 1))));
    for (needs, parent) in std::iter::once((&plan.first, None)).chain(blocks) {
        let mut own = parent.map_or_else(|| vec![false; plan.fetches.len()], |parent| all[parent].clone());
        for need in needs {
            own[need.0 as usize] = true;
            order[need.0 as usize].iter().enumerate().for_each(|(at, waits)| own[at] |= waits);
        }
        all.push(own);
    }
    all
}

/// By fetch of entities: its paths, whatever types are meant.
fn places(plan: &QueryPlan) -> Vec<Vec<Vec<KeyId>>> {
    let keys = |path: &Vec<PathSegment>| -> Vec<KeyId> {
        let key = |segment: &PathSegment| match segment {
            PathSegment::Key(key) => Some(*key),
            PathSegment::Type(_) => None,
        };
        path.iter().filter_map(key).collect()
    };
    let of = |fetch: &Fetch| match &fetch.kind {
        FetchKind::Entities(entities) => entities.paths.iter().map(keys).collect(),
        FetchKind::Root { .. } => Vec::new(),
    };
    plan.fetches.iter().map(of).collect()
}

/// How often the name of a type is asked for and taken.
fn typenames(plan: &QueryPlan) -> usize {
    fn taken(selection: &Selection) -> usize {
        let own = selection.fields.iter().filter(|field| field.target == Target::Typename).count();
        own + selection.fields.iter().filter_map(|field| field.selection.as_ref()).map(taken).sum::<usize>()
    }
    let asked: usize = plan.fetches.iter().map(|fetch| fetch.document.matches("__typename").count()).sum();
    asked + plan.fetches.iter().map(|fetch| taken(&fetch.output)).sum::<usize>()
}

/// The response by type, whatever order the types are in.
fn shape(shape: &Shape) -> String {
    let mut variants: Vec<String> = shape
        .variants
        .iter()
        .map(|variant| {
            let fields = variant.fields.iter().map(|field| {
                let below = field.selection.as_deref().map(self::shape);
                format!("{}={:?}:{:?}{:?}", &*field.response_key, field.source, field.ty, below)
            });
            format!("{:?}{:?}", variant.types, fields.collect::<Vec<_>>())
        })
        .collect();
    variants.sort();
    variants.join(";")
}
