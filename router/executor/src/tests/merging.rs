//! Merging answers.

use super::support::{Canned, parts, paths, plan, root, run, supergraph};

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
    assert_eq!(paths(&body), (r#"{"list":[{"id":"1"}]}"#.into(), vec![r#"["list"]"#.into()]));
    assert!(body.contains("SUBREQUEST_CONFLICT"), "{body}");
}

/// Every order in which three answers can come.
const ORDERS: [[&[u32]; 3]; 6] =
    [[&[], &[0], &[1]], [&[], &[2], &[0]], [&[1], &[], &[0]], [&[2], &[], &[1]], [&[1], &[2], &[]], [&[2], &[0], &[]]];

fn in_every_order(query: &str, take: [&'static str; 3], replies: [&str; 3]) -> Vec<String> {
    let supergraph = supergraph(SDL);
    let mut bodies = Vec::new();
    for after in ORDERS {
        let [a, b, c] = after;
        let steps = [root("a", take[0]).after(a), root("b", take[1]).after(b), root("c", take[2]).after(c)];
        let plan = plan(&supergraph, query, &steps);
        let [a, b, c] = replies;
        bodies.push(run(&supergraph, &plan, &Canned::new([("a", a), ("b", b), ("c", c)])));
    }
    bodies
}

#[test]
fn of_lists_of_different_length_the_plans_first_stands_whichever_came_first() {
    let bodies = in_every_order(
        "{ list { id name friend { id } } }",
        ["{ list { id } }", "{ list { id friend { id } } }", "{ list { name } }"],
        [
            r#"{"data":{"list":[{"id":"a1"}]}}"#,
            r#"{"data":{"list":[{"id":"b1","friend":null},{"id":"b2","friend":null}]}}"#,
            r#"{"data":{"list":[{"name":"c1"}]}}"#,
        ],
    );
    for body in &bodies {
        // The lists of one length are put together, whatever came between.
        let data = r#"{"list":[{"id":"a1","name":"c1","friend":null}]}"#;
        assert_eq!(paths(body), (data.into(), vec![r#"["list"]"#.into()]), "{body}");
        assert!(body.contains("SUBREQUEST_CONFLICT") && body.contains("lists of different length"), "{body}");
        assert_eq!(body, &bodies[0]);
    }
}

#[test]
fn of_two_concrete_types_the_plans_first_stands_whichever_came_first() {
    let supergraph =
        supergraph("type Query { pet: Pet } union Pet = Dog | Cat type Dog { id: ID } type Cat { id: ID }");
    for after in [(vec![], vec![0]), (vec![1], vec![])] {
        let take = "{ pet { __typename id } }";
        let steps = [root("a", take).after(&after.0), root("b", take).after(&after.1)];
        let plan = plan(&supergraph, "{ pet { ... on Dog { id } } }", &steps);
        let replies = [
            ("a", r#"{"data":{"pet":{"__typename":"Dog","id":"d"}}}"#),
            ("b", r#"{"data":{"pet":{"__typename":"Cat","id":"c"}}}"#),
        ];
        let body = run(&supergraph, &plan, &Canned::new(replies));
        assert_eq!(paths(&body), (r#"{"pet":{"id":"d"}}"#.into(), vec![r#"["pet"]"#.into()]), "{body}");
        assert!(body.contains("objects of different types"), "{body}");
    }
}

#[test]
fn a_list_where_others_have_an_object_is_a_conflict_whichever_came_first() {
    let bodies = in_every_order(
        "{ list { id } }",
        ["{ list { id } }"; 3],
        [r#"{"data":{"list":{"id":"a"}}}"#, r#"{"data":{"list":[{"id":"b"}]}}"#, r#"{"data":{"list":"c"}}"#],
    );
    for body in &bodies {
        assert_eq!(paths(body), (r#"{"list":[{"id":"b"}]}"#.into(), vec![r#"["list"]"#.into()]), "{body}");
        assert!(body.contains("values of different forms"), "{body}");
    }
}

#[test]
fn lists_of_scalars_differ_as_any_shared_leaf_does() {
    let supergraph = supergraph("type Query { tags: [String] }");
    for after in [(vec![], vec![0]), (vec![1], vec![])] {
        let steps = [root("a", "{ tags }").after(&after.0), root("b", "{ tags }").after(&after.1)];
        let plan = plan(&supergraph, "{ tags }", &steps);
        let replies = [("a", r#"{"data":{"tags":["one"]}}"#), ("b", r#"{"data":{"tags":["one","two"]}}"#)];
        assert_eq!(run(&supergraph, &plan, &Canned::new(replies)), r#"{"data":{"tags":["one"]}}"#);
    }
}

#[test]
fn an_object_that_others_lack_is_the_same_whichever_came_first() {
    let answers = |own: &str| {
        let other = r#"{"data":{"me":{"id":"1"},"list":[{"id":"2"},{"id":"3"}]}}"#;
        let mut bodies = in_every_order(
            "{ me { id friend { name } } list { id name } }",
            ["{ me { friend { name } } list { name } }", "{ me { id } list { id } }", "{ list { id } }"],
            [own, other, r#"{"data":{"list":[{"id":"2"},{"id":"3"}]}}"#],
        );
        bodies.dedup();
        assert_eq!(bodies.len(), 1, "{bodies:#?}");
        paths(&bodies[0])
    };
    let data = r#"{"me":{"id":"1","friend":null},"list":[{"id":"2","name":null},{"id":"3","name":null}]}"#;
    // Whoever answers null says that there is nothing.
    assert_eq!(answers(r#"{"data":{"me":null,"list":null}}"#), (data.into(), vec![]));
    let told = vec![r#"["me"]"#.to_owned(), r#"["list"]"#.to_owned()];
    let each =
        r#"{"data":{"me":null,"list":null},"errors":[{"message":"m","path":["me"]},{"message":"m","path":["list"]}]}"#;
    assert_eq!(answers(each), (data.into(), told));
    // Each null says why, also those that the one error is not at.
    let one = r#"{"data":null,"errors":[{"message":"m","path":["list",1]}]}"#;
    let told = [r#"["me"]"#, r#"["list",0,"name"]"#, r#"["list",1]"#].map(str::to_owned).to_vec();
    assert_eq!(answers(one), (data.into(), told));
}

#[test]
fn a_fault_is_not_told_where_another_subgraph_gave_all_of_it() {
    let replies =
        [r#"{"data":{"list":[]}}"#, r#"{"data":{"list":null},"errors":[{"message":"m","path":["list"]}]}"#, "{"];
    let take = ["{ list { id } }", "{ list { name } }", "{ list { id } }"];
    for body in in_every_order("{ list { id name } }", take, replies) {
        assert_eq!(body, r#"{"data":{"list":[]}}"#);
    }
    // What a subgraph says of a value that it gives is none of its faults.
    let replies = [r#"{"data":{"list":[]},"errors":[{"message":"old","path":["list"]}]}"#, replies[1], replies[2]];
    for body in in_every_order("{ list { id name } }", take, replies) {
        assert_eq!(paths(&body), (r#"{"list":[]}"#.into(), vec![r#"["list"]"#.into()]));
    }
}

#[test]
fn of_several_conflicts_at_one_place_the_same_is_told_whichever_came_first() {
    let take = ["{ me { id } }", "{ me { id } }", "{ me { id } }"];
    let replies = [r#"{"data":{"me":[{"id":"1"}]}}"#, r#"{"data":{"me":[{"id":"1"},null]}}"#, r#"{"data":{"me":{}}}"#];
    for body in in_every_order("{ me { id } }", take, replies) {
        let message = "Subgraphs gave values of different forms.".to_owned();
        assert_eq!(parts(&body), (r#"{"me":null}"#.into(), vec![(r#"["me"]"#.into(), message)]));
    }
}
