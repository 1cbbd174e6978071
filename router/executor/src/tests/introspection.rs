//! `__schema` and `__type`, answered here beside what subgraphs answer.

use graphql::{OperationLimits, Suggestions, parse_operation};

use super::support::{Canned, plan, root, run, supergraph};

const SDL: &str = "type Query { other: String } type User { id: ID! }";

#[test]
fn introspection_stands_in_the_clients_order() {
    let supergraph = supergraph(SDL);
    let mut plan = plan(&supergraph, "{ a: __type other __typename b: __schema }", &[root("a", "{ other }")]);
    let text = "{ i0: __type(name: \"User\") { ...F } i1: __schema { ...G } } fragment F on __Type { name k: kind } fragment G on __Schema { queryType { ...F } }";
    let document = parse_operation(&supergraph.api_schema, text, &OperationLimits::default(), Suggestions::On).unwrap();
    plan.introspection = Some(Box::new(document));
    assert_eq!(
        run(&supergraph, &plan, &Canned::new([("a", r#"{"data":{"other":"o"}}"#)])),
        r#"{"data":{"a":{"name":"User","k":"OBJECT"},"other":"o","__typename":"Query","b":{"queryType":{"name":"Query","k":"OBJECT"}}}}"#
    );
}

#[test]
fn an_unknown_type_is_null() {
    let supergraph = supergraph(SDL);
    let mut plan = plan(&supergraph, "{ a: __type }", &[]);
    let text = "{ i0: __type(name: \"Nobody\") { name } }";
    let document = parse_operation(&supergraph.api_schema, text, &OperationLimits::default(), Suggestions::On).unwrap();
    plan.introspection = Some(Box::new(document));
    assert_eq!(run(&supergraph, &plan, &Canned::default()), r#"{"data":{"a":null}}"#);
}
