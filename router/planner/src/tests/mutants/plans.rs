//! The plans that are bent: the audit's, random operations over the same supergraphs, and deferred ones.

use std::rc::Rc;

use graphql::{ExecutableDocument, Valid, with_defer};
use serde_json::Value;

use super::super::{Loaded, audit, deferred, fixtures, load, proved_under, random, read};
use crate::{Decided, Deferral, QueryPlan};
use federation::LabelSet;

/// Operations with variables, in one request and in several, and a mutation of two fields.
const OWN: &[(&str, &str)] = &[
    ("bench", "query Q($n: Int = 3) { topProducts(first: $n) { name inStock } }"),
    ("bench", "query($n: Int) { a: topProducts(first: $n) { upc } topProducts(first: $n) { price shippingEstimate } }"),
    (
        "shop",
        "query Orders($orders: Int = 5, $users: Int!) { users(first: $users) { edges { node { id name \
         orders(first: $orders) { edges { node { number lines { quantity product { name } } } } } } } } }",
    ),
    (
        "mutations",
        "mutation { a: addProduct(input: {name: \"a\", price: 1}) { name isExpensive isAvailable } \
         b: addProduct(input: {name: \"b\", price: 2}) { name } }",
    ),
    (
        "shop",
        "query($n: Int, $m: Int) { me { orders(first: $n) { edges { cursor } } } \
         users(first: 2) { edges { node { orders(first: $m) { edges { cursor } } } } } }",
    ),
    (
        "shop",
        "query($n: Int!) { me { orders(first: $n) { edges { cursor } } a: orders(last: $n) { edges { cursor } } } \
         users(first: $n) { edges { node { orders(first: $n) { edges { node { lines { product { name } } } } } } } } }",
    ),
    (
        "shop",
        "query($n: Int = 4) { me { orders(first: $n) { edges { node { id } } } } \
         users { edges { node { orders(last: $n) { edges { cursor } } } } } }",
    ),
];

/// Operations on single supergraphs of which random ones have too few.
const INTROSPECTING: &[&str] = &[
    "{ __schema { queryType { name } } p { id } }",
    "{ __type(name: \"P\") { name } }",
    "{ p { id } s: __schema { __typename } }",
];

/// Random operations on each supergraph.
const RANDOM: u64 = 4;

/// A plan with all that proves it.
pub struct Planned {
    /// Where it is from.
    pub name: String,
    /// The operation.
    pub query: String,
    pub supergraph: Rc<Loaded>,
    pub document: Valid<ExecutableDocument>,
    pub deferral: Deferral,
    pub plan: QueryPlan,
}

impl Planned {
    /// The value of a condition's variable: its default.
    pub fn condition(&self, name: &str) -> Option<bool> {
        condition(&self.document, name)
    }
}

fn condition(document: &ExecutableDocument, name: &str) -> Option<bool> {
    let operation = document.operations.iter().next()?;
    operation.variables.iter().find(|variable| variable.name == name)?.default_value.as_ref()?.to_bool()
}

fn planned(name: &str, supergraph: &Rc<Loaded>, query: String, deferral: Deferral) -> Option<Planned> {
    let schema = match deferral {
        Deferral::On => &with_defer(&supergraph.api_schema),
        Deferral::Off => &*supergraph.api_schema,
    };
    let document = ExecutableDocument::parse_and_validate(schema, query.as_str(), "query").ok()?;
    let conditions = |name: &str| condition(&document, name);
    let decided = Decided { conditions: &conditions, labels: &LabelSet::default(), deferral };
    let plan = proved_under(supergraph, &document, decided).ok()?;
    Some(Planned { name: name.to_owned(), query, supergraph: Rc::clone(supergraph), document, deferral, plan })
}

pub fn plans() -> Vec<Planned> {
    let mut all = Vec::new();
    let mut supergraphs = audit::suites();
    for (name, folder) in [("bench", fixtures().join("bench")), ("shop", fixtures().join("../../schema"))] {
        supergraphs.push((name.to_owned(), load(&read(&folder.join("supergraph.graphql")))));
    }
    for (name, supergraph) in supergraphs {
        let supergraph = Rc::new(supergraph);
        let tests = std::fs::read_to_string(fixtures().join("federation-cases").join(&name).join("tests.json"));
        let tests: Value = tests.map_or(Value::Null, |tests| serde_json::from_str(&tests).unwrap());
        let queries = tests.as_array().into_iter().flatten().filter_map(|test| test["query"].as_str());
        let queries = queries.map(str::to_owned).chain((0..RANDOM).map(|seed| random::operation(&supergraph, seed)));
        let own = OWN.iter().filter(|(of, _)| *of == name).map(|(_, query)| (*query).to_owned());
        let queries = queries.chain(own);
        all.extend(queries.filter_map(|query| planned(&name, &supergraph, query, Deferral::Off)));
    }
    let shop = Rc::new(deferred::shop());
    let queries = deferred::QUERIES.iter().chain(INTROSPECTING).map(|query| (*query).to_owned());
    all.extend(queries.filter_map(|query| planned("deferred", &shop, query, Deferral::On)));
    all
}
