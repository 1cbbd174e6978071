//! Merging answers.

use super::support::{Canned, paths, plan, root, run, supergraph};

const SDL: &str = "type Query { me: User list: [User] } type User { id: ID! name: String friend: User }";

fn two(query: &'static str, (first, a): (&'static str, &str), (second, b): (&'static str, &str)) -> String {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, query, &[root("a", first), root("b", second).after(&[0])]);
    run(&supergraph, &plan, &Canned::new([("a", a), ("b", b)]))
}

#[test]
fn objects_merge_deeply_and_null_never_overwrites() {
    let body = two(
        "{ me { id friend { id name } } }",
        ("{ me { id friend { id } } }", r#"{"data":{"me":{"id":"1","friend":{"id":"2"}}}}"#),
        ("{ me { id friend { name } } }", r#"{"data":{"me":{"id":null,"friend":{"name":"n"}}}}"#),
    );
    assert_eq!(body, r#"{"data":{"me":{"id":"1","friend":{"id":"2","name":"n"}}}}"#);
    let body = two(
        "{ me { id friend { id } } }",
        ("{ me { id friend { id } } }", r#"{"data":{"me":null}}"#),
        ("{ me { id friend { id } } }", r#"{"data":{"me":{"id":"1","friend":{"id":"2"}}}}"#),
    );
    assert_eq!(body, r#"{"data":{"me":{"id":"1","friend":{"id":"2"}}}}"#);
}

#[test]
fn leaves_that_differ_go_by_the_plans_order() {
    let supergraph = supergraph(SDL);
    for after in [(vec![], vec![0]), (vec![1], vec![])] {
        let steps = [root("a", "{ me { id } }").after(&after.0), root("b", "{ me { id } }").after(&after.1)];
        let plan = plan(&supergraph, "{ me { id } }", &steps);
        let replies = [("a", r#"{"data":{"me":{"id":"first"}}}"#), ("b", r#"{"data":{"me":{"id":"second"}}}"#)];
        assert_eq!(run(&supergraph, &plan, &Canned::new(replies)), r#"{"data":{"me":{"id":"first"}}}"#);
    }
}

#[test]
fn lists_merge_by_index_if_equally_long() {
    let body = two(
        "{ list { id name } }",
        ("{ list { id } }", r#"{"data":{"list":[{"id":"1"},null,{"id":"3"}]}}"#),
        ("{ list { name } }", r#"{"data":{"list":[{"name":"a"},null,{"name":"c"}]}}"#),
    );
    assert_eq!(body, r#"{"data":{"list":[{"id":"1","name":"a"},null,{"id":"3","name":"c"}]}}"#);
    let body = two(
        "{ list { id } }",
        ("{ list { id } }", r#"{"data":{"list":[{"id":"1"}]}}"#),
        ("{ list { id } }", r#"{"data":{"list":[{"id":"1"},{"id":"2"}]}}"#),
    );
    assert_eq!(paths(&body), (r#"{"list":[{"id":"1"}]}"#.into(), vec![String::new()]));
    assert!(body.contains("SUBREQUEST_CONFLICT"), "{body}");
}
