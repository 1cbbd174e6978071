//! Every status of the GraphQL over HTTP table, under both media types, with its code.

use axum::body::Body;
use http::Request;

use crate::Config;
use crate::testing::Door;

const LEGACY: (&str, &str) = ("accept", "application/json");
const STANDARD: (&str, &str) = ("accept", "application/graphql-response+json");

#[tokio::test]
async fn bodies_that_are_refused() {
    let door = Door::open(Config::default());
    let deep = format!("{{\"query\":\"{}\"}}", "{ user ".repeat(5_000));
    let aliases: String = (0..300).map(|n| format!("a{n}: __typename ")).collect();
    let aliases = format!("{{\"query\":\"{{ {aliases} }}\"}}");
    let long =
        serde_json::json!({ "query": format!("{{ user(id: \"{}\") {{ id }} }}", "x".repeat(200_000)) }).to_string();
    let nested =
        format!("{{\"query\":\"{{__typename}}\",\"variables\":{{\"a\":{}1{}}}}}", "[".repeat(9_999), "]".repeat(9_999));
    let rows: &[(&str, u16, u16, &str, &str)] = &[
        ("", 400, 400, "BAD_REQUEST", "JSON"),
        ("{", 400, 400, "BAD_REQUEST", "JSON"),
        ("nonsense", 400, 400, "BAD_REQUEST", "JSON"),
        ("{\"query\":\"{__typename}\"} x", 400, 400, "BAD_REQUEST", "JSON"),
        ("\"{__typename}\"", 400, 400, "BAD_REQUEST", "object"),
        ("[{\"query\":\"{__typename}\"}]", 400, 400, "BATCHING_NOT_SUPPORTED", "batch"),
        (&nested, 400, 400, "BAD_REQUEST", "deep"),
        ("{}", 400, 400, "BAD_REQUEST", "query"),
        ("{\"query\":null}", 400, 400, "BAD_REQUEST", "query"),
        ("{\"query\":{}}", 400, 400, "BAD_REQUEST", "query"),
        ("{\"query\":0}", 400, 400, "BAD_REQUEST", "query"),
        ("{\"query\":false}", 400, 400, "BAD_REQUEST", "query"),
        ("{\"query\":[]}", 400, 400, "BAD_REQUEST", "query"),
        ("{\"query\":\"{__typename}\",\"operationName\":{}}", 400, 400, "BAD_REQUEST", "operationName"),
        ("{\"query\":\"{__typename}\",\"variables\":\"a\"}", 400, 400, "BAD_REQUEST", "variables"),
        ("{\"query\":\"{__typename}\",\"variables\":[]}", 400, 400, "BAD_REQUEST", "variables"),
        ("{\"query\":\"{__typename}\",\"extensions\":7}", 400, 400, "BAD_REQUEST", "extensions"),
        ("{\"query\":\"{\"}", 200, 400, "GRAPHQL_PARSE_FAILED", "Syntax"),
        ("{\"query\":\"\"}", 200, 400, "", ""),
        ("{\"query\":\"{ usr(id: 1) { id } }\"}", 200, 400, "GRAPHQL_VALIDATION_FAILED", "user"),
        ("{\"query\":\"query($id: ID!) { user(id: $id) { id } }\"}", 200, 400, "BAD_USER_INPUT", "$id"),
        (
            "{\"query\":\"query($id: ID!) { user(id: $id) { id } }\",\"variables\":{\"id\":true}}",
            200,
            400,
            "BAD_USER_INPUT",
            "$id",
        ),
        (
            "{\"query\":\"query A {__typename} query B {__typename}\"}",
            200,
            400,
            "OPERATION_RESOLUTION_FAILURE",
            "operation",
        ),
        ("{\"query\":\"query A {__typename}\",\"operationName\":\"B\"}", 200, 400, "OPERATION_RESOLUTION_FAILURE", "B"),
        ("{\"query\":\"fragment F on User { id }\"}", 200, 400, "", ""),
        (&deep, 200, 400, "MAX_DEPTH_LIMIT", "deep"),
        (&long, 200, 400, "MAX_DOCUMENT_LIMIT", "200000 bytes"),
        (&aliases, 200, 400, "MAX_ALIASES_LIMIT", "alias"),
        (
            "{\"extensions\":{\"persistedQuery\":{\"version\":1}}}",
            200,
            200,
            "PERSISTED_QUERY_NOT_SUPPORTED",
            "PersistedQueryNotSupported",
        ),
    ];
    for (body, legacy, standard, code, says) in rows {
        for (accept, status) in [(LEGACY, legacy), (STANDARD, standard)] {
            let answer = door.post(body, &[accept]).await;
            let shown = body.get(..80).unwrap_or(body);
            assert_eq!(answer.status.as_u16(), *status, "{shown} {accept:?} {}", answer.text);
            assert_eq!(answer.header("content-type"), format!("{}; charset=utf-8", accept.1));
            assert!(answer.json().get("data").is_none(), "{shown}");
            assert!(code.is_empty() || answer.code() == *code, "{shown} {}", answer.text);
            let message = answer.json()["errors"][0]["message"].as_str().unwrap().to_lowercase();
            assert!(!message.is_empty() && message.contains(&says.to_lowercase()), "{shown}: {message}");
        }
    }
    assert!(door.subgraphs.received().is_empty());
}

#[tokio::test]
async fn null_and_unknown_members_are_as_absent() {
    let door = Door::open(Config::default());
    let body = r#"{"query":"{__typename}","operationName":null,"variables":null,"extensions":null,"other":[1]}"#;
    assert_eq!(door.post(body, &[STANDARD]).await.text, r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn content_types_other_than_json_are_refused_unread() {
    let door = Door::open(Config::default());
    for content_type in
        [None, Some("text/plain"), Some("multipart/form-data"), Some("application/json; charset=utf-16")]
    {
        let mut request = Request::post("/graphql");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let body =
            Body::from_stream(futures::stream::poll_fn(|_| -> std::task::Poll<Option<Result<&str, std::io::Error>>> {
                panic!("the body was read")
            }));
        let answer = door.send(request.body(body).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"));
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let mut config = Config::default();
    config.limits.body_bytes_max = 100;
    let door = Door::open(config);
    let answer = door.query(&" ".repeat(100)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "REQUEST_TOO_LARGE"));
}

#[tokio::test]
async fn methods_that_do_not_fit_are_told_those_that_do() {
    let door = Door::open(Config::default());
    for method in ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
        let request = Request::builder().method(method).uri("/graphql").body(Body::empty()).unwrap();
        let answer = door.send(request).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, POST"), "{method}");
    }
    for accept in [LEGACY, STANDARD] {
        let mutation = "/graphql?query=mutation%7Brename(id:1,name:%22x%22)%7Bid%7D%7D";
        let answer = door.get(mutation, &[accept]).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
        assert_eq!(answer.code(), "METHOD_NOT_ALLOWED");
    }
    assert!(door.subgraphs.received().is_empty());
}

#[tokio::test]
async fn media_types_that_are_not_served_are_not_acceptable() {
    let answer = Door::open(Config::default()).post(r#"{"query":"{__typename}"}"#, &[("accept", "text/html")]).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (406, "NOT_ACCEPTABLE"));
}

#[tokio::test]
async fn other_paths_hold_nothing() {
    let door = Door::open(Config::default());
    for path in ["/", "/graphql/x", "/graphiql/start.js", "/graphiql/..%2f..%2fetc%2fpasswd", "/health"] {
        let answer = door.get(path, &[("accept", "text/html")]).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "NOT_FOUND"), "{path}");
    }
}

#[tokio::test]
async fn with_introspection_off_nothing_of_the_schema_is_told() {
    let mut config = Config::default();
    config.introspection.enabled = false;
    let door = Door::open(config);
    for query in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"User\") { name } }",
        "{ a: __typename ...F } fragment F on Query { __schema { types { name } } }",
    ] {
        assert_eq!(door.query(query).await.code(), "INTROSPECTION_DISABLED");
    }
    let message = door.query("{ usr(id: 1) { id } }").await.text;
    assert!(!message.contains("user"), "{message}");
    assert_eq!(door.query("{ __typename }").await.text, r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn introspection_that_multiplies_is_refused_before_it_is_answered() {
    let door = Door::open(Config::default());
    let aliases = |each: &str| (0..190).map(|n| format!("a{n}: {each} ")).collect::<String>();
    let types = aliases("types { fields { name type { kind name ofType { fields { name type { kind name } } } } } }");
    let answer = door.query(&format!("{{ __schema {{ {types} }} }}")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (200, "MAX_INTROSPECTION_SIZE_LIMIT"));
    assert!(!answer.text.contains("\"data\""), "{}", answer.text);
}

#[tokio::test]
async fn other_hosts_than_those_configured_are_refused_on_every_path() {
    let mut config = Config::default();
    config.server.hosts = vec!["localhost".into()];
    config.graphiql.enabled = true;
    let door = Door::open(config);
    for path in ["/", "/graphql?query=%7B__typename%7D", "/graphiql/state", "/health/live", "/metrics", "/nowhere"] {
        let answer = door.get(path, &[("host", "evil.example:4000"), ("accept", "*/*, text/html")]).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (421, "HOST_NOT_SERVED"), "{path}");
    }
    let answer = door.get("/graphql?query=%7B__typename%7D", &[("host", "localhost:4000")]).await;
    assert_eq!(answer.status.as_u16(), 200);
}
