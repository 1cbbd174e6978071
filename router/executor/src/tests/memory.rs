//! What answers may take of memory and of a thread's time.

use std::time::Duration;

use bytes::Bytes;
use federation::TypeId;
use graphql::json;
use planner::plan::FetchId;

use super::support::{Canned, Reply, context, plan, root, supergraph};
use crate::policy::Policy;
use crate::read::{Data, Expect, read_answer};
use crate::store::{Node, Store};
use crate::{Request, execute};

const SDL: &str = "type Query { users: [User] } type User { a: ID b: ID c: ID d: ID }";

#[test]
fn a_node_takes_what_the_configuration_tells() {
    assert_eq!(std::mem::size_of::<Node>(), 40);
}

#[test]
fn objects_take_room_for_the_members_that_came_and_no_more() {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ users { a b c d } }", &[root("a", "{ users { a b c d } }")]);
    let mut store = Store::new(TypeId(0), 1_000);
    let text = Bytes::from(r#"{"data":{"users":[{},{"b":1,"b":2},{"a":1,"b":2,"c":3,"d":4}]}}"#);
    let selection = &plan.fetches[0].output;
    let of = (&supergraph, plan.fetches[0].subgraph);
    let answer = read_answer(&mut store, of, (FetchId(0), &text), (Expect::Root, selection)).unwrap();
    let Data::Root(top) = answer.data else { panic!("{answer:?}") };
    let list = store.object(top).unwrap().members[0].1;
    let &Node::Array { start, len, .. } = store.node(list) else { panic!("no list") };
    let room = |node| store.object(node).unwrap().members.capacity();
    let rooms: Vec<usize> = store.items(start, len).iter().map(|item| room(*item)).collect();
    assert_eq!(rooms, [0, 1, 4]);
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
