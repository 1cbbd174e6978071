//! What is sent: representations, variables, batches.

use federation::TypeSet;
use federation::supergraph::FieldType;
use graphql::json;
use planner::plan::{
    BodyStart, ContextSource, ContextualArgument, FetchKind, KeyId, PathSegment, RepresentationMember,
    RepresentationSelection,
};

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
        (
            r#"{"users":[{"name":null},{"name":null},{"name":null}]}"#.into(),
            vec![r#"["users",1,"name"]"#.into(), r#"["users",2,"name"]"#.into()]
        ),
        "a null key says nothing, a missing one is a fault"
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
fn one_request_serves_several_places() {
    let supergraph = supergraph(SDL);
    let steps = [
        root("a", "{ me { __typename id friend { __typename id } } users { __typename id } }"),
        entities("b", "me", ("User", "id"), "{ name }"),
    ];
    let mut plan = plan(&supergraph, "{ me { name friend { name } } users { name } }", &steps);
    let key = |name: &str| PathSegment::Key(KeyId(plan.keys.iter().position(|key| key == name).unwrap() as u32));
    let places = vec![vec![key("me")], vec![key("me"), key("friend")], vec![key("users")], vec![key("users")]];
    let FetchKind::Entities(asked) = &mut plan.fetches[1].kind else { panic!() };
    asked.paths = places;
    // An interface object: the type is not known, and a fixed name is sent.
    asked.representations[0].types = TypeSet::default();
    asked.representations[0].typename = Some("Node".to_owned());
    let user = |id: u32| format!(r#"{{"__typename":"User","id":"{id}"}}"#);
    let text = format!(
        r#"{{"data":{{"me":{{"__typename":"User","id":"1","friend":{}}},"users":[{},{}]}}}}"#,
        user(2),
        user(2),
        user(3)
    );
    let answer = r#"{"data":{"_entities":[{"name":"1"},null,{"name":"3"}]},"errors":[{"message":"x","path":["_entities",1,"name"]}]}"#;
    let fetch = Canned::new([("a", text.as_str()), ("b", answer)]);
    let body = run(&supergraph, &plan, &fetch);
    assert_eq!(
        paths(&body),
        (
            r#"{"me":{"name":"1","friend":{"name":null}},"users":[{"name":null},{"name":"3"}]}"#.into(),
            vec![r#"["me","friend","name"]"#.into(), r#"["users",0,"name"]"#.into()]
        )
    );
    let sent = r#"[{"__typename":"Node","id":"1"},{"__typename":"Node","id":"2"},{"__typename":"Node","id":"3"}]"#;
    assert!(fetch.bodies()[1].contains(sent), "{}", fetch.bodies()[1]);
}

#[test]
fn nested_values_are_sent_by_their_types() {
    let supergraph = supergraph(SDL);
    let steps = [
        root("a", "{ me { __typename id friend { __typename id sku } } }"),
        entities("b", "me", ("User", "id friend"), "{ name }"),
    ];
    let mut plan = plan(&supergraph, "{ me { name } }", &steps);
    let FetchKind::Entities(asked) = &mut plan.fetches[1].kind else { panic!() };
    let id = asked.representations[0].members[0].clone();
    let name = RepresentationMember { name: "__typename".into(), source: None, required: false, selection: Vec::new() };
    let types = TypeSet::one(supergraph.type_by_name["User"]);
    asked.representations[0].members[1].selection = vec![RepresentationSelection { types, members: vec![name, id] }];
    let text = r#"{"data":{"me":{"__typename":"User","id":"1","friend":{"__typename":"User","id":"2","sku":"s"}}}}"#;
    let fetch = Canned::new([("a", text), ("b", r#"{"data":{"_entities":[{"name":"n"}]}}"#)]);
    assert_eq!(run(&supergraph, &plan, &fetch), r#"{"data":{"me":{"name":"n"}}}"#);
    let sent = r#"[{"__typename":"User","id":"1","friend":{"__typename":"User","id":"2"}}]"#;
    assert!(fetch.bodies()[1].contains(sent), "{}", fetch.bodies()[1]);
}

#[test]
fn variables_keep_absent_null_and_numbers_apart() {
    let supergraph = supergraph(SDL);
    let mut plan = plan(&supergraph, "{ me { name } }", &[root("a", "{ me { name } }")]);
    let fetch = &mut plan.fetches[0];
    fetch.operation_name = Some("Op__a__0".to_owned());
    fetch.document = "query Op__a__0($b: Float) { me(q: \"\\n\") }".to_owned();
    fetch.body_start = BodyStart::new(&fetch.document, fetch.operation_name.as_deref());
    fetch.variables = vec!["b".into(), "absent".into(), "n".into()];
    let text = br#"{"n":null,"b":9007199254740993.0,"other":1}"#;
    let json::Value::Object(variables) = json::parse(text, &json::JsonLimits::default()).unwrap() else { panic!() };
    assert!(matches!(fetch.kind, FetchKind::Root { .. }));
    let body = body(fetch, &variables, (None, &[]));
    let text = String::from_utf8(body.text).unwrap();
    assert_eq!(
        text,
        r#"{"operationName":"Op__a__0","query":"query Op__a__0($b: Float) { me(q: \"\\n\") }","variables":{"b":9007199254740993.0,"n":null}}"#
    );
    assert!(text[body.named..].starts_with("($b: Float)"));
}

#[test]
fn a_value_asked_for_at_many_objects_does_not_make_a_request_without_bound() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id sku } }"), entities("b", "users", ("User", "id sku"), "{ name }")];
    let plan = plan(&supergraph, "{ users { id name } }", &steps);
    let long = "s".repeat(400);
    let users: Vec<String> =
        (1..=4).map(|id| format!(r#"{{"__typename":"User","id":"{id}","sku":"{long}"}}"#)).collect();
    let first = format!(r#"{{"data":{{"users":[{}]}}}}"#, users.join(","));
    let fetch = Canned::new([("a", first.as_str()), ("b", r#"{"data":{"_entities":[{"name":"1"},{"name":"2"}]}}"#)]);
    let policy = Policy { response_bytes_max: 1_000, ..Policy::default() };
    let response = run_with(&supergraph, &plan, &fetch, &policy);
    let (data, errors) = parts(std::str::from_utf8(&response.body).unwrap());
    let user = |id: u8, name: &str| format!(r#"{{"id":"{id}","name":{name}}}"#);
    let users = [user(1, "\"1\""), user(2, "\"2\""), user(3, "null"), user(4, "null")];
    assert_eq!(data, format!(r#"{{"users":[{}]}}"#, users.join(",")));
    let at: Vec<&str> = errors.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(at, [r#"["users",2,"name"]"#, r#"["users",3,"name"]"#]);
    assert!(fetch.bodies()[1].len() < 1_100);
}

#[test]
fn groups_by_contexts_share_the_room_of_a_request() {
    let supergraph = supergraph(SDL);
    let steps = [
        root("a", "{ users { __typename id friend { __typename id sku } } }"),
        entities("b", "users.friend", ("User", "id sku"), "{ name }"),
    ];
    let mut plan = plan(&supergraph, "{ users { friend { name } } }", &steps);
    let id = Some(KeyId(plan.keys.iter().position(|key| key == "id").unwrap() as u32));
    let FetchKind::Entities(asked) = &mut plan.fetches[1].kind else { panic!() };
    let value = RepresentationMember { name: "id".into(), source: id, required: true, selection: Vec::new() };
    asked.contexts.push(ContextualArgument {
        variable: "context0".to_owned(),
        ty: FieldType::Named { id: supergraph.type_by_name["ID"], non_null: true },
        sources: vec![ContextSource { up: 1, types: TypeSet::default(), value: Some(value) }],
    });
    plan.find_alike();
    let friend = format!(r#"{{"__typename":"User","id":"9","sku":"{}"}}"#, "s".repeat(400));
    let users: Vec<String> =
        (1..=4).map(|id| format!(r#"{{"__typename":"User","id":"{id}","friend":{friend}}}"#)).collect();
    let first = format!(r#"{{"data":{{"users":[{}]}}}}"#, users.join(","));
    let named = r#"{"data":{"_entities":[{"name":"n"}]}}"#;
    let fetch = Canned::new([("a", first.as_str()), ("b", named), ("b", named), ("b", named), ("b", named)]);
    let policy = Policy { response_bytes_max: 1_000, ..Policy::default() };
    let response = run_with(&supergraph, &plan, &fetch, &policy);
    let (data, errors) = paths(std::str::from_utf8(&response.body).unwrap());
    let user = |name: &str| format!(r#"{{"friend":{{"name":{name}}}}}"#);
    assert_eq!(data, format!(r#"{{"users":[{0},{0},{1},{1}]}}"#, user("\"n\""), user("null")));
    assert_eq!(errors, [r#"["users",2,"friend","name"]"#, r#"["users",3,"friend","name"]"#]);
    assert_eq!(fetch.bodies().len(), 3);
}
