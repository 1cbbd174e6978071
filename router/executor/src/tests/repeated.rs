//! Objects that come several times: kept once or not, the response is the same.

use federation::TypeSet;
use planner::QueryPlan;
use planner::plan::{FetchKind, RepresentationMember, RepresentationSelection, Selection};

use super::support::{Canned, Reply, entities, parts, paths, plan, root, run, run_with, supergraph};
use crate::fetch::FetchError;
use crate::policy::Policy;

const SDL: &str = "type Query { list: [Thing] users: [User] } interface Thing { owner: User } \
    type A implements Thing { id: ID owner: User } type B implements Thing { id: ID owner: User } \
    type User { id: ID name: String sure: Int! friend: User friends: [User] strict: [User!] }";

const FRIENDS: &str = "{ users { friend { __typename id } } }";
const TWICE: &str =
    r#"{"data":{"users":[{"friend":{"__typename":"User","id":"1"}},{"friend":{"__typename":"User","id":"1"}}]}}"#;

fn apart(selection: &mut Selection) {
    selection.alike = None;
    selection.fields.iter_mut().filter_map(|field| field.selection.as_mut()).for_each(apart);
}

fn kept_once(selection: &Selection) -> usize {
    let below = selection.fields.iter().filter_map(|field| field.selection.as_ref()).map(kept_once);
    below.sum::<usize>() + usize::from(selection.alike.is_some())
}

/// The friends of friends of users, of whom there are so many at each hop and all the same: what takes their names, and what
/// the subgraphs answer before that.
fn many(count: usize) -> (QueryPlan, Vec<(&'static str, Reply)>) {
    let key = ("User", "id");
    let steps = [
        root("a", "{ users { __typename id } }"),
        entities("b", "users", key, "{ friends { __typename id } }"),
        entities("c", "users.friends", key, "{ friends { __typename id friend { id } } }").after(&[1]),
        entities("a", "users.friends.friends", key, "{ friend { id } name }").after(&[2]),
    ];
    let plan = plan(&supergraph(SDL), "{ users { friends { friends { name friend { id } } } } }", &steps);
    let list = |user: &str| vec![user; count].join(",");
    let user = list(r#"{"__typename":"User","id":"1"}"#);
    let last = list(r#"{"__typename":"User","id":"1","friend":{"id":"1"}}"#);
    let below =
        |users: &str| Reply::Text(format!(r#"{{"data":{{"_entities":[{{"friends":[{users}]}}]}}}}"#).into_bytes());
    let first = Reply::Text(format!(r#"{{"data":{{"users":[{user}]}}}}"#).into_bytes());
    (plan, vec![("a", first), ("b", below(&user)), ("c", below(&last))])
}

/// What may be amiss with an answer to the last of them.
fn faults() -> Vec<Reply> {
    vec![
        Reply::Fail(FetchError::Timeout),
        r#"{"data":{"_entities":[null]},"errors":[{"message":"m","path":["_entities",0,"name"]}]}"#.into(),
        r#"{"data":null,"errors":[{"message":"m"}]}"#.into(),
        r#"{"data":{"_entities":[{"name":"n","friend":[]}]}}"#.into(),
    ]
}

/// The response, which is the same if nothing is kept once.
fn both(plan: &QueryPlan, replies: &[(&'static str, Reply)]) -> String {
    let supergraph = supergraph(SDL);
    let once = run(&supergraph, plan, &Canned::new(replies.to_vec()));
    let mut plan = plan.clone();
    plan.fetches.iter_mut().for_each(|fetch| apart(&mut fetch.output));
    assert_eq!(once, run(&supergraph, &plan, &Canned::new(replies.to_vec())));
    once
}

fn friends(query: &str, take: &'static str, reply: impl Into<Reply>) -> String {
    let steps = [root("a", FRIENDS), entities("b", "users.friend", ("User", "id"), take)];
    let plan = plan(&supergraph(SDL), query, &steps);
    assert_eq!(kept_once(&plan.fetches[0].output), 2);
    both(&plan, &[("a", TWICE.into()), ("b", reply.into())])
}

#[test]
fn what_comes_later_stands_at_all_places() {
    let body = friends("{ users { friend { name } } }", "{ name }", r#"{"data":{"_entities":[{"name":"n"}]}}"#);
    assert_eq!(body, r#"{"data":{"users":[{"friend":{"name":"n"}},{"friend":{"name":"n"}}]}}"#);
}

#[test]
fn faults_are_told_at_all_places() {
    let all = || r#"{"data":null,"errors":[{"message":"m"}]}"#;
    assert_eq!(paths(&friends("{ users { friend { name } } }", "{ name }", all())).1, [r#"["users"]"#]);
    for reply in [
        Reply::Fail(FetchError::Timeout),
        r#"{"data":{"_entities":[{"name":null}]},"errors":[{"message":"m","path":["_entities",0,"name"]}]}"#.into(),
        r#"{"data":{"_entities":[{"name":{}}]}}"#.into(),
    ] {
        let (data, errors) = paths(&friends("{ users { friend { name } } }", "{ name }", reply));
        assert_eq!(data, r#"{"users":[{"friend":{"name":null}},{"friend":{"name":null}}]}"#);
        assert_eq!(errors.len(), 2, "{errors:?}");
    }
    let (_, errors) = paths(&friends("{ users { friend { sure } } }", "{ sure }", r#"{"data":{"_entities":[null]}}"#));
    assert_eq!(errors, [r#"["users",0,"friend","sure"]"#, r#"["users",1,"friend","sure"]"#]);
}

#[test]
fn conflicts_are_told_at_all_places() {
    let steps = [
        root("a", "{ users { __typename id friend { id } } }"),
        entities("b", "users", ("User", "id"), "{ friend { id } }"),
    ];
    let plan = plan(&supergraph(SDL), "{ users { friend { id } } }", &steps);
    let user = r#"{"__typename":"User","id":"1","friend":{"id":"2"}}"#;
    let first = format!(r#"{{"data":{{"users":[{user},{user}]}}}}"#);
    let replies = [("a", first.as_str().into()), ("b", r#"{"data":{"_entities":[{"friend":[]}]}}"#.into())];
    let (_, errors) = parts(&both(&plan, &replies));
    let errors: Vec<&str> = errors.iter().map(|(path, _)| path.as_str()).collect();
    assert!(errors.contains(&r#"["users",0,"friend"]"#) && errors.contains(&r#"["users",1,"friend"]"#), "{errors:?}");
}

#[test]
fn of_many_places_some_are_told_and_all_are_counted() {
    for fault in faults() {
        let (plan, mut replies) = many(6);
        replies.push(("a", fault));
        both(&plan, &replies);
    }
    let (plan, mut replies) = many(6);
    replies.push(("a", Reply::Fail(FetchError::Timeout)));
    let (_, errors) = parts(&both(&plan, &replies));
    let counted = errors.iter().find(|(path, _)| path == r#"["users"]"#).unwrap();
    assert!(counted.1.ends_with(" At 196 more positions."), "{counted:?}");
}

/// So many places that visiting each would take minutes.
#[test]
fn a_fault_at_places_without_number_costs_little() {
    let policy = Policy { response_bytes_max: 10_000, ..Policy::default() };
    let started = std::time::Instant::now();
    for fault in faults() {
        let (plan, mut replies) = many(3_000);
        replies.push(("a", fault));
        run_with(&supergraph(SDL), &plan, &Canned::new(replies), &policy);
    }
    let (plan, mut replies) = many(3_000);
    replies.truncate(2);
    replies.push(("c", r#"{"data":{"_entities":[{"friends":[{"__typename":"User"}]}]}}"#.into()));
    run_with(&supergraph(SDL), &plan, &Canned::new(replies), &policy);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// So many bytes in one representation that no memory could hold them.
#[test]
fn what_is_required_of_places_without_number_is_not_sent() {
    let key = ("User", "id");
    let steps = [
        root("a", "{ users { __typename id friends { __typename id } } }"),
        entities("b", "users.friends", key, "{ friends { __typename id } }"),
        entities("b", "users.friends.friends", key, "{ friends { id } }").after(&[1]),
        entities("c", "users", ("User", "id friends"), "{ name }").after(&[2]),
    ];
    let mut plan = plan(&supergraph(SDL), "{ users { id name } }", &steps);
    let FetchKind::Entities(asked) = &mut plan.fetches[3].kind else { panic!() };
    let [id, friends] = asked.representations[0].members.as_mut_slice() else { panic!() };
    let with = |below: RepresentationMember| {
        let selection = vec![RepresentationSelection { types: TypeSet::default(), members: vec![below] }];
        RepresentationMember { selection, ..friends.clone() }
    };
    *friends = with(with(with(id.clone())));
    let user = r#"{"__typename":"User","id":"1"}"#;
    let list = vec![user; 5_000].join(",");
    let first = format!(r#"{{"data":{{"users":[{{"__typename":"User","id":"1","friends":[{list}]}}]}}}}"#);
    let below = format!(r#"{{"data":{{"_entities":[{{"friends":[{list}]}}]}}}}"#);
    let fetch = Canned::new([("a", first.as_str()), ("b", &below), ("b", &below)]);
    let policy = Policy { response_bytes_max: 10_000, ..Policy::default() };
    let body = run_with(&supergraph(SDL), &plan, &fetch, &policy).body;
    let (data, errors) = paths(std::str::from_utf8(&body).unwrap());
    assert_eq!(data, r#"{"users":[{"id":"1","name":null}]}"#);
    assert_eq!((errors.as_slice(), fetch.bodies().len()), ([r#"["users",0,"name"]"#.to_owned()].as_slice(), 3));
}

/// So much text for one null of each place that writing it would take minutes.
#[test]
fn text_that_is_taken_back_at_places_without_number_is_bounded() {
    let key = ("User", "id");
    let steps = [
        root("a", "{ users { __typename id } }"),
        entities("b", "users", key, "{ friends { __typename id } }"),
        entities("c", "users.friends", key, "{ strict { id sure } }").after(&[1]),
    ];
    let plan = plan(&supergraph(SDL), "{ users { friends { strict { id sure } } } }", &steps);
    let list = vec![r#"{"__typename":"User","id":"1"}"#; 3_000].join(",");
    let strict = vec![r#"{"id":"1","sure":1}"#; 3_000].join(",");
    let replies = [
        ("a", format!(r#"{{"data":{{"users":[{list}]}}}}"#)),
        ("b", format!(r#"{{"data":{{"_entities":[{{"friends":[{list}]}}]}}}}"#)),
        ("c", format!(r#"{{"data":{{"_entities":[{{"strict":[{strict},{{"id":"1","sure":null}}]}}]}}}}"#)),
    ];
    let fetch = Canned::new(replies.iter().map(|(subgraph, text)| (*subgraph, text.as_str())));
    let policy = Policy { response_bytes_max: 1_000_000, ..Policy::default() };
    let started = std::time::Instant::now();
    let body = run_with(&supergraph(SDL), &plan, &fetch, &policy).body;
    assert!(std::str::from_utf8(&body).unwrap().contains("RESPONSE_TOO_LARGE"));
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// So many faults that telling each would take minutes, and little text.
#[test]
fn faults_written_at_places_without_number_are_bounded() {
    let (plan, mut replies) = many(1_000);
    replies.push(("a", r#"{"data":{"_entities":[{"name":{},"friend":{"id":"1"}}]}}"#.into()));
    let policy = Policy { response_bytes_max: usize::MAX, ..Policy::default() };
    let started = std::time::Instant::now();
    let body = run_with(&supergraph(SDL), &plan, &Canned::new(replies), &policy).body;
    assert!(std::str::from_utf8(&body).unwrap().contains("RESPONSE_TOO_LARGE"));
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn what_came_before_is_not_nested_deeper_than_anything_may_be() {
    // With the lists around them just as deep as may be.
    let levels = 28;
    let take = format!("{{ users {{ friend {{ {}id {} }} }} }}", "friends { ".repeat(levels), "}".repeat(levels));
    let take: &'static str = Box::leak(take.into_boxed_str());
    let plan = plan(&supergraph(SDL), take, &[root("a", take)]);
    let nested = |inner: &str, lists: usize| format!("{}{inner}{}", "[".repeat(lists), "]".repeat(lists));
    let friend =
        (0..levels).fold(r#"{"id":"1"}"#.to_owned(), |below, _| format!(r#"{{"friends":{}}}"#, nested(&below, 8)));
    let user = format!(r#"{{"friend":{friend}}}"#);
    let errors = |second: &str| {
        let text = format!(r#"{{"data":{{"users":[{user},{second}]}}}}"#);
        parts(&both(&plan, &[("a", text.as_str().into())])).1
    };
    assert!(errors(&user).iter().all(|(_, message)| !message.contains("malformed")));
    assert!(errors(&nested(&user, 1)).iter().any(|(_, message)| message.contains("malformed")));
}

#[test]
fn an_error_about_one_place_is_told_there_alone() {
    let plan = plan(&supergraph(SDL), "{ users { friend { name } } }", &[root("a", "{ users { friend { name } } }")]);
    let text = r#"{"data":{"users":[{"friend":{"name":null}},{"friend":{"name":null}}]},
        "errors":[{"message":"m","path":["users",1,"friend","name"]}]}"#;
    let (_, errors) = paths(&both(&plan, &[("a", text.into())]));
    assert_eq!(errors, [r#"["users",1,"friend","name"]"#]);
}

#[test]
fn text_that_was_taken_back_is_not_copied() {
    let take = "{ users { friend { id name } sure } }";
    let plan = plan(&supergraph(SDL), take, &[root("a", take)]);
    let user = |sure: &str| format!(r#"{{"friend":{{"id":"1","name":"n"}},"sure":{sure}}}"#);
    let users = [user("null"), user("1"), user("2"), user("null"), user("3")].join(",");
    let (data, errors) = paths(&both(&plan, &[("a", format!(r#"{{"data":{{"users":[{users}]}}}}"#).as_str().into())]));
    assert_eq!(data, format!(r#"{{"users":[null,{},{},null,{}]}}"#, user("1"), user("2"), user("3")));
    assert_eq!(errors, [r#"["users",0,"sure"]"#, r#"["users",3,"sure"]"#]);
}

#[test]
fn what_others_bring_along_with_something_above_is_told_apart() {
    let steps = [root("a", "{ users { friend { id } } }"), root("b", "{ users { friend { name } } }").after(&[0])];
    let plan = plan(&supergraph(SDL), "{ users { friend { id name } } }", &steps);
    assert!(plan.fetches.iter().all(|fetch| fetch.output.fields[0].selection.as_ref().unwrap().alike.is_none()));
    let second = r#"{"data":{"users":[{"friend":{"name":"n"}},{"friend":{"name":"m"}}]}}"#;
    let body = both(&plan, &[("a", TWICE.into()), ("b", second.into())]);
    assert_eq!(body, r#"{"data":{"users":[{"friend":{"id":"1","name":"n"}},{"friend":{"id":"1","name":"m"}}]}}"#);
}

#[test]
fn what_is_asked_below_objects_of_some_types_is_told_apart() {
    let query = "{ list { ... on A { owner { name } } ... on B { owner { name } } } }";
    let steps = [
        root("a", "{ list { __typename owner { __typename id friend { id } } } }"),
        entities("b", "list|A.owner", ("User", "id"), "{ name }"),
        entities("c", "list|B.owner", ("User", "id"), "{ name }"),
    ];
    let plan = plan(&supergraph(SDL), query, &steps);
    let list = plan.fetches[0].output.fields[0].selection.as_ref().unwrap();
    let owner = list.fields[1].selection.as_ref().unwrap();
    assert_eq!((list.alike.is_some(), owner.alike, kept_once(owner)), (true, None, 1));
    let owner = r#"{"__typename":"User","id":"1","friend":{"id":"2"}}"#;
    let first =
        format!(r#"{{"data":{{"list":[{{"__typename":"A","owner":{owner}}},{{"__typename":"B","owner":{owner}}}]}}}}"#);
    let named = |name: &str| Reply::from(format!(r#"{{"data":{{"_entities":[{{"name":"{name}"}}]}}}}"#).as_str());
    let body = both(&plan, &[("a", first.as_str().into()), ("b", named("a")), ("c", named("b"))]);
    assert_eq!(body, r#"{"data":{"list":[{"owner":{"name":"a"}},{"owner":{"name":"b"}}]}}"#);
}

#[test]
fn what_is_asked_at_several_paths_at_once_is_told_apart() {
    let steps = [
        root("a", "{ users { __typename id } list { owner { __typename id } } }"),
        entities("b", "users", ("User", "id"), "{ friend { id } }"),
    ];
    let mut plan = plan(&supergraph(SDL), "{ users { id } }", &steps);
    assert_eq!(kept_once(&plan.fetches[1].output), 1);
    let list = plan.fetches[0].output.fields[1].target;
    let FetchKind::Entities(asked) = &mut plan.fetches[1].kind else { panic!() };
    let planner::plan::Target::Key(list) = list else { panic!() };
    asked.paths.push(vec![planner::plan::PathSegment::Key(list)]);
    plan.find_alike();
    assert_eq!(kept_once(&plan.fetches[1].output), 0);
}

#[test]
fn copies_count_towards_the_limit_of_a_response() {
    let take = "{ users { friend { id name } } }";
    let plan = plan(&supergraph(SDL), take, &[root("a", take)]);
    let user = format!(r#"{{"friend":{{"id":"1","name":"{}"}}}}"#, "n".repeat(400));
    let text = format!(r#"{{"data":{{"users":[{}]}}}}"#, vec![user; 5].join(","));
    let body = |response_bytes_max| {
        let policy = Policy { response_bytes_max, ..Policy::default() };
        let body = run_with(&supergraph(SDL), &plan, &Canned::new([("a", text.as_str())]), &policy).body;
        String::from_utf8(body.to_vec()).unwrap()
    };
    assert_eq!(body(10_000), text);
    assert!(body(2_000).contains("RESPONSE_TOO_LARGE"));
}
