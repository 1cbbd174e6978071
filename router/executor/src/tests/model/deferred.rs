//! Random fragments of the audit's operations are deferred: put together again as clients do, the parts have to be the
//! monolith's data.

use graphql::ast::{Definition, Directive, Document, InlineFragment, OperationType, Selection};
use graphql::{ExecutableDocument, Name, Node, Parser, with_defer};
use serde_json::{Map, Value};

use super::*;
use crate::{Follows, Form, Parts};

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// Puts about a third of the selections into deferred fragments, some of them twice.
    fn defer(&mut self, selections: &mut Vec<Selection>, is_allowed: bool) {
        let mut made = Vec::new();
        for mut selection in std::mem::take(selections) {
            match &mut selection {
                Selection::Field(field) => self.defer(&mut field.make_mut().selection_set, true),
                Selection::InlineFragment(fragment) => {
                    self.defer(&mut fragment.make_mut().selection_set, is_allowed);
                }
                Selection::FragmentSpread(_) => {}
            }
            if !is_allowed || self.below(3) > 0 {
                made.push(selection);
                continue;
            }
            let directive = Directive::new(Name::new("defer").unwrap());
            let fragment = |selections| {
                Selection::InlineFragment(Node::new(InlineFragment {
                    type_condition: None,
                    directives: graphql::ast::DirectiveList(vec![Node::new(directive.clone())]),
                    selection_set: selections,
                }))
            };
            match self.below(4) {
                // Asked for outside of the fragment, too.
                0 => made.extend([fragment(vec![selection.clone()]), selection]),
                // Shared by two fragments.
                1 => made.extend([fragment(vec![selection.clone()]), fragment(vec![selection])]),
                // With what was deferred before.
                2 if matches!(made.last(), Some(Selection::InlineFragment(last)) if last.directives.has("defer")) => {
                    if let Some(Selection::InlineFragment(last)) = made.last_mut() {
                        last.make_mut().selection_set.push(selection);
                    }
                }
                _ => made.push(fragment(vec![selection])),
            }
        }
        *selections = made;
    }
}

fn deferred(query: &str, seed: u64) -> String {
    let mut document: Document = Parser::new().parse_ast(query, "").unwrap();
    let mut random = Random(seed);
    for definition in &mut document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let is_query = operation.operation_type == OperationType::Query;
                random.defer(&mut operation.make_mut().selection_set, is_query);
            }
            Definition::FragmentDefinition(fragment) => {
                let is_mutation = fragment.type_condition == "Mutation";
                random.defer(&mut fragment.make_mut().selection_set, !is_mutation);
            }
            _ => {}
        }
    }
    document.to_string()
}

fn planned(supergraph: &Supergraph, query: &str) -> Option<QueryPlan> {
    let schema = with_defer(&supergraph.api_schema);
    let document = ExecutableDocument::parse_and_validate(&schema, query, "").unwrap_or_else(|e| panic!("{e}"));
    planned_as(supergraph, &document, Deferral::On)
}

fn respond(supergraph: &Supergraph, plan: &QueryPlan, subgraphs: &Subgraphs<'_>, form: Form) -> Vec<Value> {
    let (context, policy, variables) = (context(), Policy::default(), json::Object::new());
    let request =
        Request { plan, supergraph, variables: &variables, fetch: subgraphs, context: &context, policy: &policy };
    let mut bodies = Vec::new();
    Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
        let mut parts = Parts::new(request, form);
        while let Some(part) = parts.next().await {
            let body: Value = serde_json::from_slice(&part.body).unwrap();
            assert_eq!(body["hasNext"], Value::Bool(part.follows == Follows::More));
            bodies.push(body);
        }
    });
    bodies
}

/// What a client has after all parts, by the rules of either form.
fn put_together(parts: &[Value]) -> Result<Value, String> {
    let (first, later) = parts.split_first().ok_or("nothing came")?;
    let mut data = first["data"].clone();
    let mut pending: Map<String, Value> = Map::new();
    tell_pending(first, &mut pending);
    for (index, part) in later.iter().enumerate() {
        tell_pending(part, &mut pending);
        for entry in list(part, "incremental") {
            let mut path = match entry.get("id") {
                Some(id) => list(pending.get(id.as_str().unwrap()).ok_or("an unknown id")?, "path"),
                None => list(&entry, "path"),
            };
            path.extend(list(&entry, "subPath"));
            let is_once = entry.get("id").is_some();
            let mut at = &mut data;
            for step in &path {
                let next = match step {
                    Value::String(key) => at.get_mut(key),
                    Value::Number(index) => at.get_mut(index.as_u64().unwrap() as usize),
                    _ => None,
                };
                at = next.ok_or_else(|| format!("{entry} leads nowhere"))?;
            }
            if !entry["data"].is_null() {
                merge(at, &entry["data"], is_once)?;
            }
        }
        for completed in list(part, "completed") {
            pending.remove(completed["id"].as_str().unwrap()).ok_or("completed twice")?;
        }
        let is_last = index + 1 == later.len();
        if (part["hasNext"] == Value::Bool(true)) == is_last {
            return Err("hasNext".to_owned());
        }
    }
    if pending.is_empty() { Ok(data) } else { Err(format!("still pending: {pending:?}")) }
}

fn tell_pending(part: &Value, pending: &mut Map<String, Value>) {
    for entry in list(part, "pending") {
        let id = entry["id"].as_str().unwrap().to_owned();
        assert!(pending.insert(id, entry).is_none(), "an id twice");
    }
}

fn list(value: &Value, name: &str) -> Vec<Value> {
    value.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Objects merge; a leaf comes once, or is the same again.
fn merge(into: &mut Value, from: &Value, is_once: bool) -> Result<(), String> {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(key) {
                    None => drop(into.insert(key.clone(), value.clone())),
                    Some(_) if is_once => return Err(format!("{key} comes twice")),
                    Some(known) => merge(known, value, is_once)?,
                }
            }
            Ok(())
        }
        (Value::Array(into), Value::Array(from)) if into.len() == from.len() => {
            into.iter_mut().zip(from).try_for_each(|(into, from)| merge(into, from, is_once))
        }
        (into, from) if into == from => Ok(()),
        (into, from) => Err(format!("{into} becomes {from}")),
    }
}

#[test]
fn parts_together_are_what_a_monolith_would_answer() {
    let (supergraphs, cases) = cases();
    let (mut same, mut several, mut wrong) = (0, 0, Vec::new());
    for case in cases.iter().filter(|case| super::planned(&supergraphs[case.suite], &case.query).is_some()) {
        let supergraph = &supergraphs[case.suite];
        for seed in 0..seeds() {
            let query = deferred(&case.query, seed);
            let Some(plan) = planned(supergraph, &query) else {
                wrong.push(format!("{} seed {seed}: no plan\n{query}", case.id));
                continue;
            };
            let model = Model::new(supergraph, seed % 3);
            let expected: Value = serde_json::from_str(&monolith(&model, &case.query)).unwrap();
            for form in [Form::Fragments, Form::Fields] {
                let subgraphs = Subgraphs::new(&model, Faults::None);
                let parts = respond(supergraph, &plan, &subgraphs, form);
                several += usize::from(parts.len() > 1);
                let together = put_together(&parts);
                let has_errors = parts.iter().any(|part| part.to_string().contains("\"errors\""));
                if together.as_ref() == Ok(&expected) && !has_errors && subgraphs.complaints().is_empty() {
                    same += 1;
                    continue;
                }
                let (printed, calls) = (planner::print(&plan, supergraph), subgraphs.complaints());
                let parts: Vec<String> = parts.iter().map(Value::to_string).collect();
                wrong.push(format!(
                    "{} seed {seed} {form:?}\n{query}\n{printed}\n{calls:?}\nis {together:?}\nshould {expected}\n{}",
                    case.id,
                    parts.join("\n")
                ));
            }
        }
    }
    let shown = wrong.iter().min_by_key(|text| text.len());
    assert!(wrong.is_empty(), "{same} right, {} wrong, such as {}", wrong.len(), shown.unwrap());
    assert!(several > 200, "{several}");
}

#[test]
fn whatever_fails_the_parts_fit_together() {
    let (supergraphs, cases) = cases();
    let mut failed = 0;
    for case in cases.iter().filter(|case| super::planned(&supergraphs[case.suite], &case.query).is_some()) {
        let supergraph = &supergraphs[case.suite];
        for seed in 0..2 * seeds() {
            let query = deferred(&case.query, seed);
            let Some(plan) = planned(supergraph, &query) else { continue };
            let model = Model::new(supergraph, seed);
            for form in [Form::Fragments, Form::Fields] {
                let subgraphs = Subgraphs::new(&model, Faults::Some(seed));
                let parts = respond(supergraph, &plan, &subgraphs, form);
                failed += usize::from(parts.iter().any(|part| part.to_string().contains("\"errors\"")));
                if let Err(fault) = put_together(&parts) {
                    let parts: Vec<String> = parts.iter().map(Value::to_string).collect();
                    panic!("{} seed {seed} {form:?}: {fault}\n{query}\n{}", case.id, parts.join("\n"));
                }
            }
        }
    }
    assert!(failed > 100, "{failed}");
}

/// Ways in which each operation is deferred; `COUNT` asks for more.
fn seeds() -> u64 {
    std::env::var("COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(2)
}
