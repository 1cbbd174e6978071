//! What is sent: representations, variables, batches.

use graphql::json;
use planner::plan::FetchKind;

use super::support::{Canned, entities, parts, paths, plan, root, run, run_with, supergraph};
use crate::body::body;
use crate::policy::Policy;

const SDL: &str = "
    type Query { users: [User] me: User }
    type User { id: ID! sku: String name: String price: Float tags: [Int] friend: User }
";

#[test]
fn representations_are_sent_once_in_order_and_answers_spread() {
    let supergraph = supergraph(SDL);
    let plan = plan(
        &supergraph,
        "{ users { name } }",
        &[root("a", "{ users { __typename id } }"), entities("b", "users", ("User", "id"), "{ name }")],
    );
    let fetch = Canned::new([
        (
            "a",
            r#"{"data":{"users":[{"__typename":"User","id":"1"},null,{"__typename":"User","id":2},{"__typename":"User","id":"1"}]}}"#,
        ),
        ("b", r#"{"data":{"_entities":[{"name":"one"},{"name":"two"}]}}"#),
    ]);
    assert_eq!(
        run(&supergraph, &plan, &fetch),
        r#"{"data":{"users":[{"name":"one"},null,{"name":"two"},{"name":"one"}]}}"#
    );
    assert_eq!(
        fetch.bodies(),
        [
            r#"{"query":"q0"}"#,
            r#"{"query":"q1","variables":{"representations":[{"__typename":"User","id":"1"},{"__typename":"User","id":2}]}}"#
        ]
    );
}

#[test]
fn values_travel_as_they_came() {
    let supergraph = supergraph(SDL);
    let plan = plan(
        &supergraph,
        "{ me { name } }",
        &[
            root("a", "{ me { __typename id price tags sku } }"),
            entities("b", "me", ("User", "id price tags sku?"), "{ name }"),
        ],
    );
    let fetch = Canned::new([
        ("a", r#"{"data":{"me":{"__typename":"User","id":"\ud800","price":1.10,"tags":[ 1,null],"sku":null}}}"#),
        ("b", r#"{"data":{"_entities":[{"name":"n"}]}}"#),
    ]);
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"me":{"name":"n"}}}"#);
    let sent = r#"[{"__typename":"User","id":"\ud800","price":1.10,"tags":[ 1,null],"sku":null}]"#;
    assert!(fetch.bodies()[1].contains(sent), "{}", fetch.bodies()[1]);
}

#[test]
fn entities_without_their_key_are_left_out_and_no_empty_request_is_sent() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id sku } }"), entities("b", "users", ("User", "sku"), "{ name }")];
    let plan = plan(&supergraph, "{ users { name } }", &steps);
    let fetch = Canned::new([
        (
            "a",
            r#"{"data":{"users":[{"__typename":"User","sku":null},{"__typename":"User","sku":"s"},{"__typename":"User"}]}}"#,
        ),
        ("b", r#"{"data":{"_entities":[null]},"errors":[{"message":"x","path":["_entities",0,"name"]}]}"#),
    ]);
    let body = run(&supergraph, &plan, &fetch);
    assert_eq!(
        paths(&body),
        (r#"{"users":[{"name":null},{"name":null},{"name":null}]}"#.into(), vec![r#"["users",1,"name"]"#.into()])
    );
    assert!(fetch.bodies()[1].contains(r#"[{"__typename":"User","sku":"s"}]"#));

    let fetch = Canned::new([("a", r#"{"data":{"users":[{"__typename":"User","sku":null}]}}"#)]);
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"users":[{"name":null}]}}"#);
    assert_eq!(fetch.bodies().len(), 1);
}

#[test]
fn long_lists_go_in_batches() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id } }"), entities("b", "users", ("User", "id"), "{ name }")];
    let plan = plan(&supergraph, "{ users { id name } }", &steps);
    let users: Vec<String> =
        [1, 2, 3, 1, 4].iter().map(|id| format!(r#"{{"__typename":"User","id":"{id}"}}"#)).collect();
    let first = format!(r#"{{"data":{{"users":[{}]}}}}"#, users.join(","));
    let fetch = Canned::new([
        ("a", first.as_str()),
        ("b", r#"{"data":{"_entities":[{"name":"1"},{"name":"2"}]}}"#),
        ("b", r#"{"data":{"_entities":[{"name":"3"}]},"errors":[]}"#),
    ]);
    let policy = Policy { representations_max: 2, ..Policy::default() };
    let response = run_with(&supergraph, &plan, &fetch, &policy);
    let (data, errors) = parts(std::str::from_utf8(&response.body).unwrap());
    assert_eq!(
        data,
        r#"{"users":[{"id":"1","name":"1"},{"id":"2","name":"2"},{"id":"3","name":null},{"id":"1","name":"1"},{"id":"4","name":null}]}"#
    );
    let at: Vec<&str> = errors.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(at, [r#"["users",2,"name"]"#, r#"["users",4,"name"]"#], "the second batch had another length");
    assert_eq!(fetch.bodies().len(), 3);
}

#[test]
fn variables_keep_absent_null_and_numbers_apart() {
    let supergraph = supergraph(SDL);
    let mut plan = plan(&supergraph, "{ me { name } }", &[root("a", "{ me { name } }")]);
    let fetch = &mut plan.fetches[0];
    fetch.operation_name = Some("Op__a__0".to_owned());
    fetch.document = "query Op__a__0($b: Float) { me(q: \"\\n\") }".to_owned();
    fetch.variables = vec!["b".into(), "absent".into(), "n".into()];
    let text = br#"{"n":null,"b":9007199254740993.0,"other":1}"#;
    let json::Value::Object(variables) = json::parse(text, &json::JsonLimits::default()).unwrap() else { panic!() };
    assert!(matches!(fetch.kind, FetchKind::Root { .. }));
    assert_eq!(
        String::from_utf8(body(fetch, &variables, None)).unwrap(),
        r#"{"query":"query Op__a__0($b: Float) { me(q: \"\\n\") }","operationName":"Op__a__0","variables":{"b":9007199254740993.0,"n":null}}"#
    );
}
