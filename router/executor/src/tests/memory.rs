//! What answers may take of memory and of a thread's time.

use std::time::Duration;

use bytes::Bytes;
use federation::{SubgraphId, TypeId};
use graphql::json;
use planner::plan::{FetchId, KeyId, OutputField, Selection, Target};

use super::support::{Canned, Reply, context, entities, paths, plan, root, run_with, supergraph};
use crate::policy::Policy;
use crate::read::{Data, Expect, read_answer};
use crate::store::{Node, Store};
use crate::{Request, execute};

const SDL: &str = "type Query { users: [User] } type User { a: ID b: ID c: ID d: ID }";

#[test]
fn a_node_takes_what_the_configuration_tells() {
    assert_eq!(std::mem::size_of::<Node>(), 24);
}

#[test]
fn objects_take_room_for_the_members_that_came_and_no_more() {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ users { a b c d } }", &[root("a", "{ users { a b c d } }")]);
    let mut store = Store::new(TypeId(0), &Policy::default());
    let text = Bytes::from(r#"{"data":{"users":[{},{"b":1,"b":2},{"a":1,"b":2,"c":3,"d":4}]}}"#);
    let selection = &plan.fetches[0].output;
    let of = (&supergraph, plan.fetches[0].subgraph);
    let answer = read_answer(&mut store, of, (FetchId(0), &text), (Expect::Root, selection)).unwrap();
    let Data::Root(top) = answer.data else { panic!("{answer:?}") };
    let list = store.members(store.object(top).unwrap())[0].1;
    let &Node::Array { start, len, .. } = store.node(list) else { panic!("no list") };
    let place = |node| store.object(node).unwrap().members.places();
    let places: Vec<_> = store.items(start, len).iter().map(|item| place(*item)).collect();
    assert_eq!(places, [0..0, 0..1, 1..5]);
}

/// So many members that nobody asked for, and so many fields, that comparing each with each would take minutes.
#[test]
fn members_that_nobody_asked_for_cost_little_however_much_is_asked() {
    let supergraph = supergraph(SDL);
    let field = |number: u32| OutputField {
        response_key: format!("f{number}"),
        target: Target::Key(KeyId(number)),
        field: None,
        selection: None,
    };
    let selection = Selection { fields: (0..5_000).map(field).collect(), alike: None };
    let unknown = vec![r#""x":0"#; 200_000].join(",");
    let text = Bytes::from(format!(r#"{{"data":{{"f4999":1,{unknown},"f7":2}}}}"#));
    let mut store = Store::new(TypeId(0), &Policy::default());
    let started = std::time::Instant::now();
    let answer = read_answer(&mut store, (&supergraph, SubgraphId(0)), (FetchId(0), &text), (Expect::Root, &selection));
    let Data::Root(top) = answer.unwrap().data else { panic!("no object") };
    let keys: Vec<KeyId> = store.members(store.object(top).unwrap()).iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, [KeyId(4_999), KeyId(7)]);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn answers_that_are_kept_take_no_more_bytes_than_allowed() {
    let supergraph = supergraph("type Query { x: String y: String }");
    let plan = plan(&supergraph, "{ x y }", &[root("a", "{ x }"), root("b", "{ y }").after(&[0])]);
    let long = "x".repeat(600);
    let reply = |key: &str, end: &str| Reply::Text(format!(r#"{{"data":{{"{key}":"{long}"}}{end}"#).into_bytes());
    let policy = Policy { answers_bytes_max: 1_000, ..Policy::default() };
    let told = |first: Reply| {
        let fetch = Canned::new([("a", first), ("b", reply("y", "}"))]);
        paths(std::str::from_utf8(&run_with(&supergraph, &plan, &fetch, &policy).body).unwrap())
    };
    let (x, y) = (r#"["x"]"#.to_owned(), r#"["y"]"#.to_owned());
    assert_eq!(told(reply("x", "}")), (format!(r#"{{"x":"{long}","y":null}}"#), vec![y]));
    // What can't be used is not kept.
    for useless in [reply("x", ""), reply("z", "] }"), Reply::Text(format!(r#"{{"errors":["{long}"]}}"#).into_bytes())]
    {
        assert_eq!(told(useless), (format!(r#"{{"x":null,"y":"{long}"}}"#), vec![x.clone()]));
    }
}

/// Each answer is nested as deep as one may be, at the end of the one before.
#[test]
fn lists_that_answers_nest_below_each_other_take_little_of_the_stack() {
    let supergraph = supergraph("type Query { user: User } type User { id: ID user: User }");
    let last = |lists: usize| {
        let user = format!("{}{}{}", "[".repeat(lists), r#"{"__typename":"User","id":"1"}"#, "]".repeat(lists));
        let (mut steps, mut path) = (vec![root("a", "{ user { __typename id } }")], "user".to_owned());
        let mut replies = vec![("a", format!(r#"{{"data":{{"user":{user}}}}}"#))];
        for hop in 0..45 {
            let at = Box::leak(path.clone().into_boxed_str());
            steps.push(entities("a", at, ("User", "id"), "{ user { __typename id } }").after(&[hop]));
            replies.push(("a", format!(r#"{{"data":{{"_entities":[{{"user":{user}}}]}}}}"#)));
            path.push_str(".user");
        }
        let plan = plan(&supergraph, "{ user { id } }", &steps);
        let fetch = Canned::new(replies.iter().map(|(subgraph, text)| (*subgraph, text.as_str())));
        run_with(&supergraph, &plan, &fetch, &Policy::default());
        fetch.bodies().len()
    };
    assert_eq!((last(8), last(9), last(250)), (46, 1, 1));
}

#[test]
fn a_large_answer_keeps_no_other_request_of_its_thread_waiting() {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ users { a b c d } }", &[root("a", "{ users { a b c d } }")]);
    let user = format!(r#"{{"a":"{}","b":"1","c":"1","d":"1"}}"#, "x".repeat(50));
    let text = format!(r#"{{"data":{{"users":[{}]}}}}"#, vec![user; 60_000].join(","));
    let fetch = Canned::new([("a", Reply::Text(text.into_bytes()))]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    // Both on the only thread there is.
    let large = runtime.spawn(async move {
        let (context, variables, policy) = (context(), json::Object::new(), Policy::default());
        let (plan, supergraph) = (&plan, &supergraph);
        let request =
            Request { plan, supergraph, variables: &variables, fetch: &fetch, context: &context, policy: &policy };
        assert_eq!(execute(request).await.errors, 0);
    });
    let other = runtime.spawn(async move {
        let mut turns = 0;
        while !large.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
            turns += 1;
        }
        large.await.unwrap();
        turns
    });
    // With the thread to itself the large one would leave it at most before and after.
    let turns = runtime.block_on(other).unwrap();
    assert!(turns >= 10, "{turns} turns");
}
