//! Failed fetches, and errors that subgraphs report.

use federation::TypeId;
use planner::plan::{FetchId, Shape};

use super::support::{Canned, Reply, answer, entities, parts, paths, plan, root, run, run_with, supergraph};
use crate::errors::{Entry, Errors};
use crate::fetch::FetchError;
use crate::policy::Policy;
use crate::store::Store;

const SDL: &str = "
    type Query { me: User users: [User] must: User! other: String }
    type User { id: ID! name: String need: String! friend: User }
";

fn users(take: &'static str, query: &'static str, reply: impl Into<Reply>) -> String {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id } }"), entities("b", "users", ("User", "id"), take)];
    let plan = plan(&supergraph, query, &steps);
    let first = r#"{"data":{"users":[{"__typename":"User","id":"1"},{"__typename":"User","id":"2"}]}}"#;
    run(&supergraph, &plan, &Canned::new([("a", Reply::from(first)), ("b", reply.into())]))
}

#[test]
fn a_failed_root_fetch_tells_each_of_its_fields_and_keeps_the_rest() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ me { id } users { id } }"), root("b", "{ x: other }")];
    let plan = plan(&supergraph, "{ me { id } x: other users { id } }", &steps);
    for reply in [
        Reply::from(FetchError::Unreachable("secret host".into())),
        Reply::from(FetchError::Status { status: 500 }),
        Reply::from("<html>"),
        Reply::from(""),
        Reply::Text(b"{\"data\":{\"me\":{\"id\":\"\xff\"}}}".to_vec()),
        Reply::from(r#"{"data":{"me":{"id":NaN}}}"#),
        Reply::from(r#"{"data":{"me":{"id":"1"}}} x"#),
        Reply::from(r#"{"data":{"me":{"id""#),
        Reply::from("[]"),
        Reply::from("{}"),
        Reply::from(r#"{"data":null}"#),
        Reply::from(r#"{"data":[]}"#),
        Reply::from(r#"{"data":null,"errors":[]}"#),
        Reply::from(r#"{"data":null,"errors":[{"message":"all of it"}]}"#),
        Reply::from(r#"{"errors":[{"message":"request error"}]}"#),
    ] {
        let shown = format!("{reply:?}");
        let fetch = Canned::new([("a", reply), ("b", Reply::from(r#"{"data":{"x":"y"}}"#))]);
        let body = run(&supergraph, &plan, &fetch);
        assert_eq!(
            paths(&body),
            (r#"{"me":null,"x":"y","users":null}"#.into(), vec![r#"["me"]"#.into(), r#"["users"]"#.into()]),
            "{shown}"
        );
        assert!(!body.contains("secret"), "{body}");
    }
}

#[test]
fn errors_name_code_service_and_trace() {
    let body = answer(SDL, "{ other }", "<html>");
    assert_eq!(
        body,
        r#"{"data":{"other":null},"errors":[{"message":"Subgraph \"a\" gave a malformed answer.","locations":[{"line":1,"column":1}],"path":["other"],"extensions":{"code":"SUBREQUEST_MALFORMED_RESPONSE","service":"a","traceId":"t"}}]}"#
    );
}

#[test]
fn a_failed_entity_fetch_tells_each_position() {
    for reply in [
        Reply::from(FetchError::Timeout),
        Reply::from(r#"{"data":{}}"#),
        Reply::from(r#"{"data":{"_entities":{}}}"#),
        Reply::from(r#"{"data":{"_entities":[{"name":"n"}]}}"#),
        Reply::from(r#"{"data":{"_entities":[{"name":"n"},{"name":"n"},null]}}"#),
    ] {
        let shown = format!("{reply:?}");
        let body = users("{ name }", "{ users { id name } }", reply);
        assert_eq!(
            paths(&body),
            (
                r#"{"users":[{"id":"1","name":null},{"id":"2","name":null}]}"#.into(),
                vec![r#"["users",0,"name"]"#.into(), r#"["users",1,"name"]"#.into()]
            ),
            "{shown}"
        );
    }
    let body = users("{ name need }", "{ users { name need } }", FetchError::Timeout);
    let expected = vec![r#"["users",0]"#.into(), r#"["users",1]"#.into()];
    assert_eq!(paths(&body), (r#"{"users":[null,null]}"#.into(), expected));
}

#[test]
fn many_failed_positions_are_counted() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id } }"), entities("b", "users", ("User", "id"), "{ name }")];
    let plan = plan(&supergraph, "{ users { name } }", &steps);
    let users: Vec<String> = (0..100).map(|id| format!(r#"{{"__typename":"User","id":"{id}"}}"#)).collect();
    let first = format!(r#"{{"data":{{"users":[{}]}}}}"#, users.join(","));
    let fetch = Canned::new([("a", Reply::Text(first.into_bytes())), ("b", Reply::Fail(FetchError::Timeout))]);
    let (_, errors) = parts(&run(&supergraph, &plan, &fetch));
    assert_eq!(errors.len(), 21);
    assert_eq!(errors[0].0, r#"["users"]"#);
    assert!(errors[0].1.ends_with("At 80 more positions."), "{}", errors[0].1);
}

#[test]
fn a_null_entity_is_null_and_says_so_only_where_null_may_not_be() {
    let body = users("{ name }", "{ users { id name } }", r#"{"data":{"_entities":[null,{"name":"n"}]}}"#);
    assert_eq!(body, r#"{"data":{"users":[{"id":"1","name":null},{"id":"2","name":"n"}]}}"#);
    let body = users("{ need }", "{ users { id need } }", r#"{"data":{"_entities":[null,{"need":"n"}]}}"#);
    let (data, errors) = parts(&body);
    assert_eq!(data, r#"{"users":[null,{"id":"2","need":"n"}]}"#);
    let message = "Cannot return null for non-nullable field User.need.".to_owned();
    assert_eq!(errors, [(r#"["users",0,"need"]"#.to_owned(), message)]);
}

#[test]
fn an_entity_that_is_no_object_is_none_that_came() {
    for entity in ["\"x\"", "5", "[]", "[{\"name\":\"n\"}]", "true", "{}"] {
        let text = format!(r#"{{"data":{{"_entities":[{entity},{{"name":"n"}}]}}}}"#);
        let body = users("{ name }", "{ users { id name } }", text.as_str());
        let (data, errors) = parts(&body);
        assert_eq!(data, r#"{"users":[{"id":"1","name":null},{"id":"2","name":"n"}]}"#, "{entity}");
        let message = "No subgraph answered field User.name.".to_owned();
        assert_eq!(errors, [(r#"["users",0,"name"]"#.to_owned(), message)], "{entity}");
    }
}

#[test]
fn entity_errors_get_the_clients_paths() {
    for (path, client) in [
        (r#"["_entities",1,"name"]"#, r#"["users",1,"name"]"#),
        (r#"["_entities",1,"name",0,"internal"]"#, r#"["users",1,"name"]"#),
        (r#"["_entities",1]"#, r#"["users",1]"#),
        (r#"["_entities",7,"name"]"#, r#"["users"]"#),
        (r#"["_entities"]"#, r#"["users"]"#),
        (r#"["_entities",0,{}]"#, r#"["users"]"#),
        (r#"["_entities",-1]"#, r#"["users"]"#),
        (r#"["elsewhere",0]"#, r#"["users"]"#),
        ("null", r#"["users"]"#),
        ("5", r#"["users"]"#),
    ] {
        let text = format!(r#"{{"data":{{"_entities":[null,null]}},"errors":[{{"message":"m","path":{path}}}]}}"#);
        let body = users("{ name }", "{ users { id name } }", text.as_str());
        assert_eq!(paths(&body).1, [client], "{path}");
        assert!(!body.contains("_entities") && !body.contains('@'), "{body}");
    }
}

#[test]
fn an_error_at_no_place_of_the_response_is_told_once_at_the_nearest_above() {
    let sdl = "type Query { posts: [Post!] post: Post tags: [[String]] }
        type Post { title: String! posts: [Post!] tags: [String] }";
    let query = "{ posts { title posts { title } } post { title tags } tags }";
    let leaf_below_null = r#"["post","tags",3]"#;
    for (path, data, told) in [
        (r#"["posts",1,"title"]"#, r#"{"posts":[{"title":"t","posts":[]}]}"#, r#"["posts"]"#),
        (r#"["posts","title"]"#, r#"{"posts":[{"title":null,"posts":[]}]}"#, r#"["posts"]"#),
        (r#"["posts","title"]"#, r#"{"posts":null}"#, r#"["posts"]"#),
        (r#"["posts",0,0,"title"]"#, r#"{"posts":[{"title":null,"posts":[]}]}"#, r#"["posts",0]"#),
        (r#"["posts",0,"posts",0]"#, r#"{"posts":[{"title":"t","posts":[]}]}"#, r#"["posts",0,"posts"]"#),
        (r#"["post",0,"title"]"#, r#"{"post":{"title":"t"}}"#, r#"["post"]"#),
        (r#"["post","title",0]"#, r#"{"post":{"title":"t"}}"#, r#"["post","title"]"#),
        (r#"["post","title","more"]"#, r#"{"post":{"title":"t"}}"#, r#"["post","title"]"#),
        (r#"["tags",1]"#, r#"{"tags":[["a"]]}"#, r#"["tags"]"#),
        (r#"["tags",0,1]"#, r#"{"tags":[["a"]]}"#, r#"["tags",0]"#),
        (r#"["tags",0,0,0]"#, r#"{"tags":[["a"]]}"#, r#"["tags",0,0]"#),
        // What could stand there had nothing above it failed.
        (leaf_below_null, r#"{"post":null}"#, leaf_below_null),
        (r#"["tags",7,7]"#, r#"{"tags":null}"#, r#"["tags",7,7]"#),
    ] {
        let with_nulls = format!(r#"{{"posts":null,"post":null,"tags":null,{}"#, &data[1..]);
        let with_nulls = with_nulls.replace(r#""title":"t"}"#, r#""title":"t","tags":null}"#);
        let error = format!(r#"{{"message":"m","path":{path}}}"#);
        let text = format!(r#"{{"data":{with_nulls},"errors":[{error},{error}]}}"#);
        assert_eq!(paths(&answer(sdl, query, &text)).1, [told], "{path} {data}");
    }
}

#[test]
fn data_null_with_errors_adds_none_about_missing_entities() {
    let body = users("{ need }", "{ users { need } }", r#"{"data":null,"errors":[{"message":"m"}]}"#);
    assert_eq!(paths(&body), (r#"{"users":[null,null]}"#.into(), vec![r#"["users"]"#.into()]));
}

#[test]
fn one_failing_entity_leaves_its_neighbours() {
    let text = r#"{"data":{"_entities":[{"name":"one"},null]},"errors":[{"message":"gone","path":["_entities",1]}]}"#;
    let body = users("{ name }", "{ users { id name } }", text);
    assert_eq!(
        paths(&body),
        (r#"{"users":[{"id":"1","name":"one"},{"id":"2","name":null}]}"#.into(), vec![r#"["users",1]"#.into()])
    );
}

#[test]
fn extensions_pass_by_the_list_and_malformed_entries_become_generic() {
    let text = r#"{"data":{"other":"x"},"errors":[{"message":"m","extensions":{"stack":"secret","code":"MINE","n":1.0}},{"path":["other"]},5]}"#;
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ other }", &[root("a", "{ other }")]);
    let mut policy = Policy::default();
    policy.errors.common.extensions = vec!["n".into(), "code".into()];
    let response = run_with(&supergraph, &plan, &Canned::new([("a", text)]), &policy);
    assert_eq!(
        std::str::from_utf8(&response.body).unwrap(),
        r#"{"data":{"other":"x"},"errors":[{"message":"m","extensions":{"n":1.0,"code":"MINE","service":"a"}},{"message":"Subgraph \"a\" reported an error.","extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"a"}},{"message":"Subgraph \"a\" reported an error.","locations":[{"line":1,"column":1}],"path":["other"],"extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","service":"a"}}]}"#
    );
    assert_eq!(response.errors, 3);
}

#[test]
fn an_error_that_is_too_long_or_too_deep_is_generic_and_leaves_the_others() {
    let (long, deep) = ("x".repeat(100_000), format!("{}1{}", "[".repeat(100), "]".repeat(100)));
    let text = format!(
        r#"{{"data":{{"other":"x"}},"errors":[{{"message":"{long}"}},{{"message":"d","extensions":{{"code":{deep}}}}},{{"message":"\ud800"}},{{"message":"kept"}}]}}"#
    );
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ other }", &[root("a", "{ other }")]);
    let (_, errors) = parts(&run(&supergraph, &plan, &Canned::new([("a", text.as_str())])));
    let messages: Vec<&str> = errors.iter().map(|(_, message)| message.as_str()).collect();
    let generic = "Subgraph \"a\" reported an error.";
    assert_eq!(messages, [generic, generic, generic, "kept"]);
}

#[test]
fn too_large_a_response_is_an_error_and_no_data() {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ other me { id } }", &[root("a", "{ other me { id } }")]);
    let text = format!(r#"{{"data":{{"other":"{}","me":{{"id":"1"}}}}}}"#, "x".repeat(1_000));
    let policy = Policy { response_bytes_max: 500, ..Policy::default() };
    let response = run_with(&supergraph, &plan, &Canned::new([("a", text.as_str())]), &policy);
    assert_eq!(
        std::str::from_utf8(&response.body).unwrap(),
        r#"{"data":null,"errors":[{"message":"The response is larger than 500 bytes.","extensions":{"code":"RESPONSE_TOO_LARGE"}}]}"#
    );
}

#[test]
fn too_many_nodes_are_a_failed_fetch() {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ users { id } }", &[root("a", "{ users { id } }")]);
    let users: Vec<String> = (0..100).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let text = format!(r#"{{"data":{{"users":[{}]}}}}"#, users.join(","));
    let policy = Policy { nodes_max: 50, ..Policy::default() };
    let response = run_with(&supergraph, &plan, &Canned::new([("a", text.as_str())]), &policy);
    let (data, errors) = paths(std::str::from_utf8(&response.body).unwrap());
    assert_eq!((data.as_str(), errors), (r#"{"users":null}"#, vec![r#"["users"]"#.to_owned()]));
}

#[test]
fn many_positions_of_one_reported_error_are_capped() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id } }"), entities("b", "users", ("User", "id"), "{ name }")];
    let plan = plan(&supergraph, "{ users { name } }", &steps);
    let user = r#"{"__typename":"User","id":"1"},"#.repeat(100);
    let first = format!(r#"{{"data":{{"users":[{}]}}}}"#, user.trim_end_matches(','));
    let second = r#"{"data":{"_entities":[null]},"errors":[{"message":"m","path":["_entities",0,"name"]}]}"#;
    let fetch = Canned::new([("a", first.as_str()), ("b", second)]);
    let (_, errors) = paths(&run(&supergraph, &plan, &fetch));
    assert_eq!(errors.len(), 21);
    assert_eq!(errors[0], r#"["users"]"#);
    assert_eq!(errors[20], r#"["users",19,"name"]"#);
}

#[test]
fn thousands_of_reported_errors_cost_little() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id } }"), entities("b", "users", ("User", "id"), "{ name }")];
    let plan = plan(&supergraph, "{ users { name } }", &steps);
    let list = |one: &dyn Fn(usize) -> String| (0..8_000).map(one).collect::<Vec<_>>().join(",");
    let first =
        format!(r#"{{"data":{{"users":[{}]}}}}"#, list(&|id| format!(r#"{{"__typename":"User","id":"{id}"}}"#)));
    for path in [|i: usize| format!(r#"["_entities",{i},"name"]"#), |_: usize| "null".to_owned()] {
        let errors = list(&|i| format!(r#"{{"message":"m","path":{}}}"#, path(i)));
        let second = format!(r#"{{"data":{{"_entities":[{}]}},"errors":[{errors}]}}"#, list(&|_| "null".to_owned()));
        let fetch = Canned::new([("a", first.as_str()), ("b", second.as_str())]);
        let started = std::time::Instant::now();
        let (_, errors) = paths(&run(&supergraph, &plan, &fetch));
        assert!(!errors.is_empty());
        // Unoptimised; one walk through the data an error would take minutes.
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}

/// So much data under so many errors that a walk through it for each would take minutes.
#[test]
fn errors_of_no_place_or_of_a_thousand_places_cost_one_walk() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { __typename id } }"), entities("b", "users", ("User", "id"), "{ name }")];
    let plan = plan(&supergraph, "{ users { name } }", &steps);
    let list = |count: usize, one: &str| vec![one; count].join(",");
    let errors = |one: &str| list(1_000, one);
    let users = list(40_000, r#"{"__typename":"User","id":"1"}"#);
    let no_place = format!(r#"{{"data":{{"users":[{users}]}},"errors":[{}]}}"#, errors("{}"));
    let no_error = format!(r#"{{"data":{{"users":[{users}]}}}}"#);
    let name = r#"{"data":{"_entities":[{"name":"n"}]}}"#.to_owned();
    let each = |path: &str| {
        format!(r#"{{"data":{{"_entities":[null]}},"errors":[{}]}}"#, errors(&format!(r#"{{"path":{path}}}"#)))
    };
    for (first, second) in [
        (&no_place, &name),
        (&no_error, &each(r#"["_entities",0]"#)),
        (&no_error, &each(r#"["_entities",0,"name"]"#)),
        (&no_error, &each("null")),
    ] {
        let fetch = Canned::new([("a", first.as_str()), ("b", second.as_str())]);
        let started = std::time::Instant::now();
        let (_, errors) = paths(&run(&supergraph, &plan, &fetch));
        assert!(!errors.is_empty());
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}

#[test]
fn lost_values_that_no_error_is_at_are_told_as_far_as_errors_are_kept() {
    let supergraph = supergraph(SDL);
    let steps = [root("a", "{ users { id } }"), root("b", "{ users { name } }")];
    let plan = plan(&supergraph, "{ users { id name } }", &steps);
    let first = format!(r#"{{"data":{{"users":[{}]}}}}"#, vec![r#"{"id":"1"}"#; 5_000].join(","));
    let second = r#"{"data":null,"errors":[{"message":"m","path":["users",7,"name"]}]}"#;
    let fetch = Canned::new([("a", first.as_str()), ("b", second)]);
    let policy = Policy { errors_max: 3, ..Policy::default() };
    let body = String::from_utf8(run_with(&supergraph, &plan, &fetch, &policy).body.to_vec()).unwrap();
    let (_, errors) = parts(&body);
    let told = [r#"["users",0,"name"]"#, r#"["users",1,"name"]"#, r#"["users",7,"name"]"#, ""];
    assert_eq!(errors.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), told, "{errors:?}");
    assert_eq!(errors[3].1, "4997 more errors are not shown.");
}

#[test]
fn which_errors_are_told_does_not_depend_on_who_answers_first() {
    let told = |order: [u32; 3]| {
        let mut errors = Errors::new(2);
        for fetch in order {
            errors.about(FetchId(fetch), 1);
            (0..9).for_each(|number| errors.push(Entry::new("C", format!("{fetch} {number}"), None)));
        }
        let (shape, mut out) = (Shape::default(), Vec::new());
        errors.settle(&shape, &Store::new(TypeId(0), &Policy::default()));
        errors.write(&shape, &mut out);
        String::from_utf8(out).unwrap().replace(r#","extensions":{"code":"C"}"#, "")
    };
    let first = r#"{"message":"0 0"},{"message":"0 1"},{"message":"25 more errors are not shown.""#;
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        assert!(told(order).starts_with(&format!("[{first}")), "{}", told(order));
    }
}

#[test]
fn errors_that_turn_out_to_be_moot_take_no_room() {
    let supergraph = supergraph(SDL);
    let plan = plan(
        &supergraph,
        "{ users { id name } other }",
        &[root("a", "{ users { id name } }"), root("b", "{ users { id name } }"), root("c", "{ other }")],
    );
    let users = r#"{"data":{"users":[{"id":"1","name":"n"},{"id":"2","name":"n"}]}}"#;
    let failed = r#"{"data":{"users":[{"id":"1","name":null},{"id":"2","name":null}]},"errors":[
        {"message":"m","path":["users",0,"name"]},{"message":"m","path":["users",1,"name"]}]}"#;
    let other = r#"{"data":{"other":null},"errors":[{"message":"m","path":["other"]}]}"#;
    let fetch = Canned::new([("a", failed), ("b", users), ("c", other)]);
    let policy = Policy { errors_max: 2, ..Policy::default() };
    let body = String::from_utf8(run_with(&supergraph, &plan, &fetch, &policy).body.to_vec()).unwrap();
    assert_eq!(paths(&body).1, [r#"["other"]"#]);
}

#[test]
fn data_null_because_of_one_root_field_says_nothing_of_a_sibling_that_takes_data_along() {
    let supergraph = supergraph("type Query { first: [User!]! second: [User!]! maybe: User } type User { id: ID! }");
    let reply = r#"{"data":null,"errors":[{"message":"m","path":["second",0,"id"]}]}"#;
    let take = "{ first { id } second { id } }";
    let siblings = plan(&supergraph, take, &[root("a", take)]);
    let body = run(&supergraph, &siblings, &Canned::new([("a", reply)]));
    assert_eq!(paths(&body), ("null".into(), vec![r#"["second",0,"id"]"#.into()]));
    // One that stays null in the response is told.
    let take = "{ maybe { id } second { id } }";
    let siblings = plan(&supergraph, take, &[root("a", take)]);
    let body = run(&supergraph, &siblings, &Canned::new([("a", reply)]));
    assert_eq!(paths(&body).1, [r#"["maybe"]"#, r#"["second",0,"id"]"#]);
    assert!(body.contains("SUBREQUEST_NO_DATA"), "{body}");
}

#[test]
fn data_null_because_of_one_entity_tells_the_others() {
    let text = r#"{"data":null,"errors":[{"message":"m","path":["_entities",1,"name"]}]}"#;
    let body = users("{ name }", "{ users { id name } }", text);
    assert_eq!(
        paths(&body),
        (
            r#"{"users":[{"id":"1","name":null},{"id":"2","name":null}]}"#.into(),
            vec![r#"["users",0,"name"]"#.into(), r#"["users",1,"name"]"#.into()]
        )
    );
}

#[test]
fn errors_go_by_what_is_asked_of_the_objects_own_type_whenever_that_is_told() {
    let supergraph = supergraph(
        "type Query { pet: Pet }
        interface Pet { name: String friend: Pet }
        type Dog implements Pet { name: String friend: Pet }
        type Cat implements Pet { name: String friend: Pet }",
    );
    let query = "{ pet { ... on Dog { x: friend { name } friend { y: name } } ... on Cat { friend { name } } } }";
    let take = "{ pet { __typename x: friend { name } friend { y: name name } } }";
    let plan = plan(&supergraph, query, &[root("a", take), root("b", "{ pet { __typename } }").after(&[0])]);
    let told = |first: &str, then: &str| {
        let errors = r#"{"message":"x","path":["pet","x","name"]},{"message":"y","path":["pet","friend","y"]},
            {"message":"name","path":["pet","friend","name"]}"#;
        let nulls = r#""x":{"name":null},"friend":{"y":null,"name":null}"#;
        let first = format!(r#"{{"data":{{"pet":{{{first}{nulls}}}}},"errors":[{errors}]}}"#);
        let then = format!(r#"{{"data":{{"pet":{{"__typename":"{then}"}}}}}}"#);
        paths(&run(&supergraph, &plan, &Canned::new([("a", first.as_str()), ("b", &then)])))
    };
    for (first, then) in [(r#""__typename":"Cat","#, "Cat"), ("", "Cat")] {
        let cat = (r#"{"pet":{"friend":{"name":null}}}"#.into(), vec![r#"["pet","friend","name"]"#.into()]);
        assert_eq!(told(first, then), cat, "{first}");
    }
    let dog = r#"{"pet":{"x":{"name":null},"friend":{"y":null}}}"#.into();
    let paths = vec![r#"["pet","x","name"]"#.into(), r#"["pet","friend","y"]"#.into()];
    assert_eq!(told(r#""__typename":"Dog","#, "Dog"), (dog, paths));
}

#[test]
fn one_error_a_place_is_told_where_fields_of_other_types_stand_beside_it() {
    let sdl = "type Query { pet: Pet }
        interface Pet { name: String }
        type Dog implements Pet { name: String bark: String }
        type Cat implements Pet { name: String purr: String }";
    // Which of both it is nobody says: what may be asked of it stands side by side.
    let query = "{ pet { ... on Dog { bark } ... on Cat { purr } } }";
    let error = |path: &str| format!(r#"{{"message":"m","path":["pet","{path}"]}}"#);
    let text = format!(
        r#"{{"data":{{"pet":{{"bark":null,"purr":null}}}},"errors":[{},{},{}]}}"#,
        error("bark"),
        error("purr"),
        error("bark")
    );
    assert_eq!(paths(&answer(sdl, query, &text)).1, [r#"["pet","bark"]"#, r#"["pet","purr"]"#]);
}
