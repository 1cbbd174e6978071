//! What runs when, and what stops.

use std::time::{Duration, Instant};

use graphql::json;
use planner::plan::{BodyStart, FetchId, Joint, JointMember};
use tokio::runtime::Builder;

use super::support::{Canned, Reply, context, entities, paths, plan, root, run, supergraph};
use crate::fetch::FetchError;
use crate::policy::Policy;
use crate::{Request, execute};

const SDL: &str = "
    type Query { me: User other: String }
    type Mutation { one: Int! two: Int three: Int list: [User!]! }
    type User { id: ID! name: String }
";

#[test]
fn a_dependent_fetch_waits_and_an_independent_one_does_not() {
    let supergraph = supergraph(SDL);
    let steps = [
        root("a", "{ me { __typename id } }"),
        entities("b", "me", ("User", "id"), "{ name }"),
        root("c", "{ other }"),
    ];
    let plan = plan(&supergraph, "{ me { name } other }", &steps);
    let fetch = Canned::new([
        ("a", r#"{"data":{"me":{"__typename":"User","id":"1"}}}"#),
        ("b", r#"{"data":{"_entities":[{"name":"n"}]}}"#),
        ("c", r#"{"data":{"other":"o"}}"#),
    ]);
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"me":{"name":"n"},"other":"o"}}"#);
    let order: Vec<usize> = fetch.calls.lock().unwrap().iter().map(|(subgraph, _)| *subgraph).collect();
    assert_eq!(order.last(), Some(&1));
}

#[test]
fn joined_fetches_go_in_one_request_and_fail_apart() {
    let supergraph = supergraph(
        "type Query { me: User you: User }
        type User { id: ID! name: String age: Int }",
    );
    let steps = [
        root("a", "{ me { __typename id } you { __typename id } }"),
        entities("b", "me", ("User", "id"), "{ name }"),
        entities("b", "you", ("User", "id"), "{ age }"),
    ];
    let mut plan = plan(&supergraph, "{ me { name } you { age } }", &steps);
    plan.fetches[2].after = plan.fetches[1].after.clone();
    let member = |fetch, key: &str| JointMember {
        fetch: FetchId(fetch),
        response_key: key.to_owned(),
        variable: format!("r{fetch}"),
    };
    plan.joint.push(Joint {
        members: vec![member(1, "one"), member(2, "two")],
        document: "both".to_owned(),
        operation_name: None,
        body_start: BodyStart::new("both", None),
        variables: Vec::new(),
    });
    let fetch = Canned::new([
        ("a", r#"{"data":{"me":{"__typename":"User","id":"1"},"you":{"__typename":"User","id":"2"}}}"#),
        ("b", r#"{"data":{"one":[{"name":"n"}],"two":[null]},"errors":[{"message":"x","path":["two",0]}]}"#),
    ]);
    let body = run(&supergraph, &plan, &fetch);
    assert_eq!(paths(&body), (r#"{"me":{"name":"n"},"you":{"age":null}}"#.into(), vec![r#"["you"]"#.into()]));
    let representations = r#"{"r1":[{"__typename":"User","id":"1"}],"r2":[{"__typename":"User","id":"2"}]}"#;
    assert_eq!(fetch.bodies()[1], format!(r#"{{"query":"both","variables":{representations}}}"#));
    assert_eq!(fetch.bodies().len(), 2);
    // A fetch that has nobody to ask for leaves the others to theirs.
    let fetch = Canned::new([
        ("a", r#"{"data":{"me":{"__typename":"User","id":"1"},"you":null}}"#),
        ("b", r#"{"data":{"_entities":[{"name":"n"}]}}"#),
    ]);
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"me":{"name":"n"},"you":null}}"#);
}

#[test]
fn what_an_object_does_lack_costs_only_the_fields_that_require_it() {
    let supergraph = supergraph(
        "type Query { me: User }
        type User { id: ID! x: Int y: Int a: Int b: Int }",
    );
    let steps = [
        root("a", "{ me { __typename id x y } }"),
        entities("b", "me", ("User", "id x y"), "{ a b }"),
        entities("b", "me", ("User", "id x"), "{ a }"),
        entities("b", "me", ("User", "id y"), "{ b }"),
    ];
    let mut plan = plan(&supergraph, "{ me { a b } }", &steps);
    let parts = plan.fetches.split_off(2);
    plan.fetches[1].apart = parts;
    let answer = |answer| [("a", answer), ("b", r#"{"data":{"_entities":[{"a":1,"b":2}]}}"#)];
    let fetch = Canned::new(answer(r#"{"data":{"me":{"__typename":"User","id":"1","x":1,"y":2}}}"#));
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"me":{"a":1,"b":2}}}"#);
    assert_eq!(fetch.bodies().len(), 2);
    let failed =
        r#"{"data":{"me":{"__typename":"User","id":"1","x":1,"y":null}},"errors":[{"message":"y","path":["me","y"]}]}"#;
    let fetch = Canned::new(answer(failed));
    let (data, _) = paths(&run(&supergraph, &plan, &fetch));
    assert_eq!(data, r#"{"me":{"a":1,"b":null}}"#);
    assert!(fetch.bodies()[1].contains("\"x\":1") && !fetch.bodies()[1].contains("\"y\""), "{:?}", fetch.bodies());
}

#[test]
fn a_failed_non_null_root_of_a_mutation_stops_the_later_ones() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ two }"), root("b", "{ one }").after(&[0]), root("c", "{ three }").after(&[1])];
    let plan = plan(&supergraph, "mutation { two one three }", &steps);
    let fetch = Canned::new([
        ("a", r#"{"data":{"two":null},"errors":[{"message":"x","path":["two"]}]}"#),
        ("b", r#"{"data":null,"errors":[{"message":"y","path":["one"]}]}"#),
        ("c", r#"{"data":{"three":3}}"#),
    ]);
    let body = run(&supergraph, &plan, &fetch);
    assert_eq!(paths(&body), ("null".into(), vec![r#"["two"]"#.into(), r#"["one"]"#.into()]));
    assert_eq!(fetch.bodies().len(), 2);
}

#[test]
fn a_null_that_comes_up_from_below_stops_the_later_mutations_too() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ list { id } }"), root("b", "{ two }").after(&[0])];
    let plan = plan(&supergraph, "mutation { list { id } two }", &steps);
    let fetch = Canned::new([("a", r#"{"data":{"list":[{"id":"1"},{"id":null}]}}"#), ("b", r#"{"data":{"two":2}}"#)]);
    assert_eq!(paths(&run(&supergraph, &plan, &fetch)), ("null".into(), vec![r#"["list",1,"id"]"#.into()]));
    assert_eq!(fetch.bodies().len(), 1);
    let fetch = Canned::new([("a", r#"{"data":{"list":[{"id":"1"}]}}"#), ("b", r#"{"data":{"two":2}}"#)]);
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"list":[{"id":"1"}],"two":2}}"#);
}

#[test]
fn whatever_makes_data_null_stops_the_later_mutations() {
    let supergraph = supergraph(
        "type Query { other: String }
        type Mutation { one: Int! list: [User!]! pet: Pet! two: Int }
        interface Pet { id: ID! }
        type User implements Pet { id: ID! name: String! }
        type Stone { id: ID! }",
    );
    for (take, query, answer) in [
        ("{ one }", "mutation { one two }", r#"{"one":"x"}"#),
        ("{ one }", "mutation { one two }", r#"{"one":[1]}"#),
        ("{ one }", "mutation { one two }", "{}"),
        ("{ list { id } }", "mutation { list { id } two }", r#"{"list":[{"id":"1"},{}]}"#),
        ("{ list { id } }", "mutation { list { id } two }", r#"{"list":{"id":"1"}}"#),
        ("{ pet { __typename id } }", "mutation { pet { id } two }", r#"{"pet":{"__typename":"Stone","id":"1"}}"#),
    ] {
        let plan = plan(&supergraph, query, &[root("a", take), root("b", "{ two }").after(&[0])]);
        let text = format!(r#"{{"data":{answer}}}"#);
        let fetch = Canned::new([("a", text.as_str()), ("b", r#"{"data":{"two":2}}"#)]);
        assert_eq!(paths(&run(&supergraph, &plan, &fetch)).0, "null", "{answer}");
        assert_eq!(fetch.bodies().len(), 1, "{answer}");
    }
}

#[test]
fn what_may_still_come_stops_no_later_mutation() {
    let supergraph = supergraph(
        "type Query { other: String }
        type Mutation { user: User! two: Int! }
        type User { id: ID! name: String! }",
    );
    let steps = [
        root("a", "{ user { __typename id } }"),
        entities("b", "user", ("User", "id"), "{ name }").after(&[0]),
        root("c", "{ two }").after(&[0]),
    ];
    let plan = plan(&supergraph, "mutation { user { name } two }", &steps);
    let fetch = Canned::new([
        ("a", r#"{"data":{"user":{"__typename":"User","id":"1"}}}"#),
        ("b", r#"{"data":{"_entities":[{"name":"n"}]}}"#),
        ("c", r#"{"data":{"two":2}}"#),
    ]);
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"user":{"name":"n"},"two":2}}"#);
}

#[test]
fn the_deadline_and_cancellation_end_what_hangs() {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ other me { id } }", &[root("a", "{ other }"), root("b", "{ me { id } }")]);
    for cancel in [false, true] {
        let fetch = Canned::new([("a", Reply::Hang), ("b", Reply::from(r#"{"data":{"me":{"id":"1"}}}"#))]);
        let mut context = context();
        if cancel {
            context.cancellation.cancel();
        } else {
            context.deadline = Instant::now() + Duration::from_millis(20);
        }
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let policy = Policy::default();
        let variables = json::Object::new();
        let request = Request {
            plan: &plan,
            supergraph: &supergraph,
            variables: &variables,
            fetch: &fetch,
            context: &context,
            policy: &policy,
        };
        let response = runtime.block_on(execute(request));
        let body = std::str::from_utf8(&response.body).unwrap();
        let code = if cancel { FetchError::Cancelled.code() } else { FetchError::Timeout.code() };
        assert!(body.contains(code), "{body}");
        let (data, errors) = paths(body);
        if !cancel {
            assert_eq!((data.as_str(), errors), (r#"{"other":null,"me":{"id":"1"}}"#, vec![r#"["other"]"#.to_owned()]));
        }
    }
}
