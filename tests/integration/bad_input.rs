//! Whatever a client sends gets a clear answer: the status of the GraphQL over HTTP specification, a stable code, and
//! a message that says what was wrong. Each row runs under both media types.

use reqwest::{Client, RequestBuilder};

use crate::benchmark_workload::Workload;
use crate::support::client;

const LEGACY: &str = "application/json";
const STANDARD: &str = "application/graphql-response+json";

/// A bad request, and what must come of it.
struct Row {
    name: &'static str,
    /// Makes the request for an endpoint.
    request: fn(&Client, &str) -> RequestBuilder,
    /// The status for `Accept: application/json`.
    legacy: u16,
    /// The status for `Accept: application/graphql-response+json`.
    standard: u16,
    code: &'static str,
    /// A part of the message.
    says: &'static str,
}

fn json(client: &Client, url: &str, body: impl Into<String>) -> RequestBuilder {
    client.post(url).header("content-type", "application/json").body(body.into())
}

fn operation(client: &Client, url: &str, query: &str) -> RequestBuilder {
    json(client, url, serde_json::json!({ "query": query }).to_string())
}

fn nested(levels: usize) -> String {
    let (open, close) = ("{ reviews { product ".repeat(levels), "} }".repeat(levels));
    format!("{{ topProducts {open} {{ upc }} {close} }}")
}

const ROWS: &[Row] = &[
    Row {
        name: "malformed JSON",
        request: |client, url| json(client, url, "{\"query\": "),
        legacy: 400,
        standard: 400,
        code: "BAD_REQUEST",
        says: "JSON",
    },
    Row {
        name: "empty body",
        request: |client, url| json(client, url, ""),
        legacy: 400,
        standard: 400,
        code: "BAD_REQUEST",
        says: "",
    },
    Row {
        name: "a list instead of an object",
        request: |client, url| json(client, url, "[{\"query\":\"{__typename}\"}]"),
        legacy: 400,
        standard: 400,
        code: "BATCHING_NOT_SUPPORTED",
        says: "batch",
    },
    Row {
        name: "no query",
        request: |client, url| json(client, url, "{\"variables\":{}}"),
        legacy: 400,
        standard: 400,
        code: "BAD_REQUEST",
        says: "query",
    },
    Row {
        name: "variables of the wrong type",
        request: |client, url| json(client, url, "{\"query\":\"{__typename}\",\"variables\":[1]}"),
        legacy: 400,
        standard: 400,
        code: "BAD_REQUEST",
        says: "variables",
    },
    Row {
        name: "wrong content type",
        request: |client, url| client.post(url).header("content-type", "text/plain").body("{ __typename }"),
        legacy: 415,
        standard: 415,
        code: "UNSUPPORTED_MEDIA_TYPE",
        says: "application/json",
    },
    Row {
        name: "other charset",
        request: |client, url| {
            let body = "{\"query\":\"{__typename}\"}";
            client.post(url).header("content-type", "application/json; charset=utf-16").body(body)
        },
        legacy: 415,
        standard: 415,
        code: "UNSUPPORTED_MEDIA_TYPE",
        says: "utf-8",
    },
    Row {
        name: "syntax error",
        request: |client, url| operation(client, url, "{ topProducts { upc "),
        legacy: 200,
        standard: 400,
        code: "GRAPHQL_PARSE_FAILED",
        says: "",
    },
    Row {
        name: "unknown field, with suggestion",
        request: |client, url| operation(client, url, "{ topProduct { upc } }"),
        legacy: 200,
        standard: 400,
        code: "GRAPHQL_VALIDATION_FAILED",
        says: "topProducts",
    },
    Row {
        name: "missing variable",
        request: |client, url| operation(client, url, "query Q($id: ID!) { user(id: $id) { name } }"),
        legacy: 200,
        standard: 400,
        code: "BAD_USER_INPUT",
        says: "$id",
    },
    Row {
        name: "wrong variable type",
        request: |client, url| {
            let body = serde_json::json!({
                "query": "query Q($first: Int) { topProducts(first: $first) { upc } }",
                "variables": { "first": "three" },
            });
            json(client, url, body.to_string())
        },
        legacy: 200,
        standard: 400,
        code: "BAD_USER_INPUT",
        says: "$first",
    },
    Row {
        name: "too deep",
        request: |client, url| operation(client, url, &nested(60)),
        legacy: 200,
        standard: 400,
        code: "MAX_DEPTH_LIMIT",
        says: "deep",
    },
    Row {
        name: "far too deep",
        request: |client, url| operation(client, url, &"{ a ".repeat(100_000)),
        legacy: 200,
        standard: 400,
        code: "",
        says: "",
    },
    Row {
        name: "too many aliases",
        request: |client, url| {
            let aliases: String = (0..2_000).map(|n| format!("a{n}: __typename ")).collect();
            operation(client, url, &format!("{{ {aliases} }}"))
        },
        legacy: 200,
        standard: 400,
        code: "MAX_ALIASES_LIMIT",
        says: "alias",
    },
    Row {
        name: "too large",
        request: |client, url| json(client, url, format!("{{\"query\":\"{{__typename}}{}\"}}", " ".repeat(5_000_000))),
        legacy: 413,
        standard: 413,
        code: "REQUEST_TOO_LARGE",
        says: "bytes",
    },
    Row {
        name: "no operation",
        request: |client, url| operation(client, url, "fragment F on Product { upc }"),
        legacy: 200,
        standard: 400,
        code: "GRAPHQL_VALIDATION_FAILED",
        says: "",
    },
    Row {
        name: "two operations without a name",
        request: |client, url| operation(client, url, "query A { __typename } query B { __typename }"),
        legacy: 200,
        standard: 400,
        code: "OPERATION_RESOLUTION_FAILURE",
        says: "operation name",
    },
    Row {
        name: "unknown operation name",
        request: |client, url| json(client, url, "{\"query\":\"query A { __typename }\",\"operationName\":\"B\"}"),
        legacy: 200,
        standard: 400,
        code: "OPERATION_RESOLUTION_FAILURE",
        says: "B",
    },
    Row {
        name: "another method",
        request: |client, url| client.put(url).body("{}"),
        legacy: 405,
        standard: 405,
        code: "METHOD_NOT_ALLOWED",
        says: "",
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_get_clear_answers() {
    let workload = Workload::start().await;
    let router = workload.router().await;
    let http = Client::new();
    let mut faults = Vec::new();
    for row in ROWS {
        for (accept, status) in [(LEGACY, row.legacy), (STANDARD, row.standard)] {
            let request = (row.request)(&http, &router.graphql()).header("accept", accept);
            let answer = client::send(request).await;
            let mut fault = |what: String| faults.push(format!("{} under {accept}: {what}: {}", row.name, answer.text));
            if answer.status != status {
                fault(format!("status {} instead of {status}", answer.status));
                continue;
            }
            let body = answer.json();
            let message = body["errors"][0]["message"].as_str().unwrap_or_default().to_lowercase();
            if !row.code.is_empty() && answer.code() != row.code {
                fault(format!("code {} instead of {}", answer.code(), row.code));
            }
            if message.is_empty() || !message.contains(&row.says.to_lowercase()) {
                fault(format!("{message:?} does not say {:?}", row.says));
            }
            if body.get("data").is_some() {
                fault("a request error has no data".to_owned());
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn random_bodies_never_break_the_router() {
    const BODIES: usize = 10_000;
    let workload = Workload::start().await;
    let router = workload.router().await;
    let http = Client::new();
    let seeds: [&str; 4] = [
        r#"{"query":"query Q($a: Int = 1) { topProducts(first: $a) { upc ...F } } fragment F on Product { name @skip(if: true) }","variables":{"a":2}}"#,
        r#"{"query":"{ __schema { types { name fields { name } } } }","operationName":null,"extensions":{}}"#,
        r#"{"query":"mutation { a }","variables":{"x":[1.5e3,null,{"y":"\ud83d\ude00"}]}}"#,
        r#"{"query":"subscription S { topProducts { upc } }"}"#,
    ];
    let mut random = fastrand::Rng::with_seed(7);
    for number in 0..BODIES {
        let mut body = seeds[random.usize(..seeds.len())].as_bytes().to_vec();
        for _ in 0..random.usize(0..8) {
            let at = random.usize(..body.len());
            match random.u8(0..4) {
                0 => body[at] = random.u8(..),
                1 => body.insert(at, random.u8(..)),
                2 if body.len() > 1 => drop(body.remove(at)),
                _ => body.truncate(at.max(1)),
            }
        }
        let request = http.post(router.graphql()).header("content-type", "application/json").body(body.clone());
        let status = request.send().await.expect("an answer").status().as_u16();
        assert!(matches!(status, 200 | 400..=499), "{status} for body {number}: {}", String::from_utf8_lossy(&body));
    }
    let answer = client::query(&router.graphql(), None, "{ __typename }").await;
    assert_eq!(answer.text, r#"{"data":{"__typename":"Query"}}"#);
}
