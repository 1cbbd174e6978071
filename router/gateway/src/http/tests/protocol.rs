//! Operations that run: POST and GET, plans from the cache, what subgraphs are sent, what faults leave.

use executor::FetchError;

use crate::Config;
use crate::testing::{Canned, Door};

const QUERY: &str = "{ user(id: 1) { name score } }";

#[tokio::test]
async fn an_operation_over_two_subgraphs_is_answered() {
    let door = Door::open(Config::default());
    for _ in 0..2 {
        let answer = door.query(QUERY).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (200, r#"{"data":{"user":{"name":"Ada","score":7}}}"#)
        );
    }
    let received = door.subgraphs.received();
    assert_eq!(received.iter().map(|call| call.subgraph).collect::<Vec<_>>(), [1, 0, 1, 0]);
    assert!(
        received[1].body.contains("\"representations\":[{\"__typename\":\"User\",\"id\":\"1\"}]"),
        "{}",
        received[1].body
    );
    let metrics = door.get("/metrics", &[]).await.text;
    assert!(metrics.contains("graphql_plan_cache_lookups_total{result=\"hit\"} 1"), "{metrics}");
    assert!(metrics.contains("graphql_plan_cache_lookups_total{result=\"miss\"} 1"), "{metrics}");
}

#[tokio::test]
async fn a_get_answers_as_a_post_does() {
    let door = Door::open(Config::default());
    let path = "/graphql?query=query+Q($id:ID!)%7Buser(id:$id)%7Bname%7D%7D&operationName=Q&variables=%7B%22id%22:1%7D";
    assert_eq!(door.get(path, &[]).await.text, r#"{"data":{"user":{"name":"Ada"}}}"#);
    assert!(door.subgraphs.received()[0].body.contains("\"variables\":{\"id\":"));
}

#[tokio::test]
async fn a_mutation_runs_by_post() {
    let door = Door::open(Config::default());
    let answer = door.query("mutation { rename(id: 1, name: \"Ada\") { name } }").await;
    assert_eq!(answer.text, r#"{"data":{"rename":{"name":"Ada"}}}"#);
}

#[tokio::test]
async fn the_same_text_with_other_names_and_conditions_is_planned_apart() {
    let door = Door::open(Config::default());
    let text = "query A($s: Boolean!) { user(id: 1) { name score @include(if: $s) } } query B { __typename }";
    let post = |name: &str, with_score: bool| {
        serde_json::json!({"query": text, "operationName": name, "variables": {"s": with_score}}).to_string()
    };
    for _ in 0..2 {
        assert_eq!(door.post(&post("A", true), &[]).await.text, r#"{"data":{"user":{"name":"Ada","score":7}}}"#);
        assert_eq!(door.post(&post("A", false), &[]).await.text, r#"{"data":{"user":{"name":"Ada"}}}"#);
        assert_eq!(door.post(&post("B", false), &[]).await.text, r#"{"data":{"__typename":"Query"}}"#);
    }
}

#[tokio::test]
async fn a_subgraph_that_fails_leaves_the_other_fields() {
    let failing = [FetchError::Timeout, FetchError::Status { status: 500 }, FetchError::Unreachable("secret".into())];
    for error in failing {
        let code = error.code();
        let answers = [Err(error), Canned::default().answers[1].clone()];
        let mut open = Config::default();
        open.errors.tell_all();
        let hidden = Door::over(Config::default(), Canned { answers: answers.clone(), ..Canned::default() });
        assert!(!hidden.query(QUERY).await.text.contains("scores"));
        let door = Door::over(open, Canned { answers, ..Canned::default() });
        let answer = door.query(QUERY).await;
        assert_eq!(answer.status.as_u16(), 200);
        let json = answer.json();
        assert_eq!(json["data"]["user"], serde_json::json!({"name": "Ada", "score": null}), "{json}");
        assert_eq!(json["errors"][0]["path"], serde_json::json!(["user", "score"]));
        assert_eq!(json["errors"][0]["extensions"]["code"], code);
        assert!(answer.text.contains("scores") && !answer.text.contains("secret"), "{json}");
    }
}

#[tokio::test]
async fn subgraphs_get_the_trace_and_the_headers_let_through_and_no_others() {
    let mut config = Config::default();
    config.headers.forward = vec!["x-tenant".into()];
    let door = Door::open(config);
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let sent = [("x-tenant", "a"), ("x-other", "b"), ("supergraph-identity", "forged"), ("traceparent", trace)];
    door.post(&serde_json::json!({ "query": QUERY }).to_string(), &sent).await;
    let call = &door.subgraphs.received()[0];
    assert_eq!(call.headers.len(), 2);
    assert_eq!(call.headers["x-tenant"], "a");
    assert!(call.headers["traceparent"].to_str().unwrap().starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    assert_eq!(call.identity, None);
}

#[tokio::test]
async fn crumbs_of_cookies_are_joined_and_the_state_of_a_trace_goes_with_it() {
    let mut config = Config::default();
    config.headers.forward = vec!["cookie".into(), "x-tenant".into()];
    let door = Door::open(config);
    let body = serde_json::json!({ "query": QUERY }).to_string();
    let crumbs = [("cookie", "a=1"), ("cookie", "b=2; c=3"), ("x-tenant", "a"), ("x-tenant", "b")];
    door.post(&body, &[&crumbs[..], &[("tracestate", "one=1")]].concat()).await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    door.post(&body, &[("traceparent", trace), ("tracestate", "one=1"), ("tracestate", "two=2")]).await;
    let received = door.subgraphs.received();
    let all = |call: usize, name: &str| -> Vec<&str> {
        received[call].headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    };
    assert_eq!((all(0, "cookie"), all(0, "x-tenant")), (vec!["a=1; b=2; c=3"], vec!["a", "b"]));
    assert!(all(0, "tracestate").is_empty(), "it belongs to a trace that is not given");
    assert_eq!(all(received.len() - 1, "tracestate"), ["one=1", "two=2"]);
}

#[tokio::test]
async fn introspection_is_answered_here() {
    let door = Door::open(Config::default());
    let answer = door.query("{ __type(name: \"User\") { fields { name } } }").await;
    assert_eq!(answer.text, r#"{"data":{"__type":{"fields":[{"name":"id"},{"name":"name"},{"name":"score"}]}}}"#);
    assert!(door.subgraphs.received().is_empty());
}

#[tokio::test]
async fn near_identical_texts_never_share_a_plan() {
    let mut config = Config::default();
    config.plan_cache.entries_max = 64;
    let door = Door::open(config);
    for n in 0..300 {
        let answer = door.query(&format!("{{ a{n}: __typename }}")).await;
        assert_eq!(answer.text, format!("{{\"data\":{{\"a{n}\":\"Query\"}}}}"));
    }
}
