//! Whom a server answers, and how it refuses.

use axum::{
    body::Body,
    http::{Request, Response, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use utoipa_axum::router::OpenApiRouter;
use wire::identity::{IDENTITY_HEADER, Identity};

use super::bank::{Bank, token};
use crate::{
    Access, SdlAccess,
    internal::{InternalConfig, serve},
};

/// A request, and what its answer says.
async fn ask(bank: &Bank, request: Request<Body>) -> (StatusCode, Value) {
    let response = bank.api.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let is_problem = status.is_client_error() || status.is_server_error();
    let expected = if is_problem { "application/problem+json" } else { "application/json" };
    assert_eq!(content_type(&response), expected);
    let body = axum::body::to_bytes(response.into_body(), 1_000_000).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    if is_problem {
        assert_eq!(body["status"], status.as_u16(), "{body}");
        assert_eq!(body["type"], format!("urn:supergraph:problem:{}", body["code"].as_str().unwrap()));
        assert_eq!(body["traceId"].as_str().unwrap().len(), 32);
    }
    (status, body)
}

fn content_type(response: &Response<Body>) -> &str {
    response.headers()["content-type"].to_str().unwrap()
}

fn get(path: &str) -> axum::http::request::Builder {
    Request::get(format!("/internal/v1{path}"))
}

fn post(path: &str) -> axum::http::request::Builder {
    Request::post(format!("/internal/v1{path}")).header("content-type", "application/json")
}

async fn refusal(bank: &Bank, request: Request<Body>) -> (u16, String) {
    let (status, body) = ask(bank, request).await;
    (status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_services_that_it_was_told_of_alone() {
    let bank = Bank::open().await;
    let with = |token: String| get("/accounts/a").header(IDENTITY_HEADER, token).body(Body::empty()).unwrap();
    let (status, account) = ask(&bank, with(bank.token())).await;
    assert_eq!((status, &account["balance"], &account["asked_by"]), (StatusCode::OK, &json!(100), &json!("orders")));
    for (request, status, code) in [
        (get("/accounts/a").body(Body::empty()).unwrap(), 401, "UNAUTHENTICATED"),
        (with("nonsense".into()), 401, "UNAUTHENTICATED"),
        (with(token(&bank.router, &Identity::user("VXNlcjox"))), 403, "FORBIDDEN"),
        (with(token(&bank.router, &Identity::administrator("VXNlcjox"))), 403, "FORBIDDEN"),
        (with(token(&bank.router, &Identity::anonymous())), 403, "FORBIDDEN"),
        (with(token(&bank.search, &Identity::service("search"))), 403, "FORBIDDEN"),
        // A key that says it were another service's.
        (with(token(&bank.search, &Identity::service("orders"))), 401, "UNAUTHENTICATED"),
        (get("/nowhere").body(Body::empty()).unwrap(), 401, "UNAUTHENTICATED"),
        (get("/openapi.json").body(Body::empty()).unwrap(), 401, "UNAUTHENTICATED"),
    ] {
        assert_eq!(refusal(&bank, request).await, (status, code.to_owned()));
    }
    assert_eq!(bank.books.calls(), 1);
}

/// It stands beside what else a service serves, and speaks for what is below its path alone.
#[tokio::test(flavor = "multi_thread")]
async fn leaves_other_paths_alone() {
    let bank = Bank::open().await;
    let beside = axum::Router::new().route("/health/live", axum::routing::get(async || "alive"));
    let all = beside.merge(bank.api.router.clone());
    for (path, status) in
        [("/health/live", 200), ("/nowhere", 404), ("/internal/v1/nowhere", 401), ("/internal/v1", 401)]
    {
        let response = all.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
}

/// Where the contract is open to all, for composition in development, this one is too, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_as_open_as_the_contract() {
    let access = Access { verifier: None, sdl_open: SdlAccess::Open };
    let api = serve("bank", access, &["orders"], InternalConfig::default(), OpenApiRouter::new());
    for (path, status) in [("/internal/v1/openapi.json", 200), ("/internal/v1/accounts/a", 401)] {
        let response = api.router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_is_a_problem_with_a_code() {
    let bank = Bank::open().await;
    let key = "idempotency-key";
    let small = Body::from(r#"{"amount":1}"#);
    for (request, status, code) in [
        (get("/nowhere").body(Body::empty()), 404, "NOT_FOUND"),
        (get("/accounts/z").body(Body::empty()), 404, "NOT_FOUND"),
        (post("/accounts/a").body(Body::empty()), 405, "METHOD_NOT_ALLOWED"),
        (get("/accounts/%ff").body(Body::empty()), 400, "BAD_REQUEST"),
        (post("/accounts/a/deposits").body(small), 400, "IDEMPOTENCY_KEY_INVALID"),
        (
            post("/accounts/a/deposits").header(key, "").body(Body::from(r#"{"amount":1}"#)),
            400,
            "IDEMPOTENCY_KEY_INVALID",
        ),
        (post("/accounts/a/deposits").header(key, "k").body(Body::from("{")), 422, "UNPROCESSABLE"),
        (post("/accounts/a/deposits").header(key, "k").body(Body::from("{}")), 422, "UNPROCESSABLE"),
        (post("/accounts/a/deposits").header(key, "k").body(Body::from("x".repeat(1_001))), 413, "PAYLOAD_TOO_LARGE"),
        (post("/accounts/a/deposits").header(key, "k").body(Body::from(r#"{"amount":0}"#)), 422, "AMOUNT_NOT_POSITIVE"),
        (
            Request::post("/internal/v1/accounts/a/deposits").header(key, "k").body(Body::from("a=1")),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        (get("/accounts/a").header("supergraph-deadline-ms", "soon").body(Body::empty()), 400, "DEADLINE_INVALID"),
        (get("/secret").body(Body::empty()), 400, "BAD_REQUEST"),
        (get("/fault").body(Body::empty()), 500, "INTERNAL_SERVER_ERROR"),
    ] {
        let mut request = request.unwrap();
        request.headers_mut().insert(IDENTITY_HEADER, bank.token().parse().unwrap());
        let (said, body) = ask(&bank, request).await;
        assert_eq!((said.as_u16(), body["code"].as_str().unwrap()), (status, code), "{body}");
        assert!(!body.to_string().contains("1234"), "{body}");
    }
    assert_eq!(bank.balance().await, 100);
}

/// Whoever is at it is dropped, and nothing is kept of it.
#[tokio::test(flavor = "multi_thread")]
async fn no_one_works_past_the_deadline() {
    let bank = Bank::open().await;
    bank.books.takes_ms.store(3_600_000, std::sync::atomic::Ordering::SeqCst);
    let request = get("/accounts/a")
        .header(IDENTITY_HEADER, bank.token())
        .header("supergraph-deadline-ms", "100")
        .body(Body::empty())
        .unwrap();
    assert_eq!(refusal(&bank, request).await, (504, "DEADLINE_EXCEEDED".to_owned()));
    assert_eq!(bank.books.calls(), 1);
    let past = get("/accounts/a").header(IDENTITY_HEADER, bank.token()).header("supergraph-deadline-ms", "0");
    assert_eq!(refusal(&bank, past.body(Body::empty()).unwrap()).await, (504, "DEADLINE_EXCEEDED".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_a_services_own_and_of_one_body() {
    let bank = Bank::open().await;
    let deposit = |path: &str, body: &'static str| {
        post(path).header(IDENTITY_HEADER, bank.token()).header("idempotency-key", "k").body(Body::from(body)).unwrap()
    };
    let first = bank.api.router.clone().oneshot(deposit("/accounts/a/deposits", r#"{"amount":1}"#)).await.unwrap();
    assert_eq!((first.status(), &first.headers()["idempotency-replayed"]), (StatusCode::OK, &"false".parse().unwrap()));
    let again = bank.api.router.clone().oneshot(deposit("/accounts/a/deposits", r#"{"amount":1}"#)).await.unwrap();
    assert_eq!((again.status(), &again.headers()["idempotency-replayed"]), (StatusCode::OK, &"true".parse().unwrap()));
    let [first, again] = [first, again].map(|response| axum::body::to_bytes(response.into_body(), 1_000));
    assert_eq!(first.await.unwrap(), again.await.unwrap());
    for (path, body) in [("/accounts/a/deposits", r#"{"amount":2}"#), ("/accounts/a%2Fb/deposits", r#"{"amount":1}"#)] {
        let refused = refusal(&bank, deposit(path, body)).await;
        assert_eq!(refused, (422, "IDEMPOTENCY_KEY_REUSED".to_owned()), "{path} {body}");
    }
    assert_eq!(bank.balance().await, 101);
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_its_routes_as_openapi() {
    let bank = Bank::open().await;
    let request = get("/openapi.json").header(IDENTITY_HEADER, bank.token()).body(Body::empty()).unwrap();
    let (_, document) = ask(&bank, request).await;
    assert_eq!(document, serde_json::from_str::<Value>(&bank.api.document).unwrap());
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let deposit = &document["paths"]["/internal/v1/accounts/{id}/deposits"]["post"];
    let problem = &deposit["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
    assert_eq!(problem, "#/components/schemas/Problem");
    assert_eq!(document["components"]["schemas"]["Problem"]["properties"]["code"]["type"], "string");
    assert_eq!(document["components"]["schemas"]["Account"]["properties"]["balance"]["type"], "integer");
    assert_eq!(document["components"]["securitySchemes"]["identity"]["name"], IDENTITY_HEADER);
    let parameters: Vec<&str> =
        deposit["parameters"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(parameters, ["id", "supergraph-deadline-ms"]);
}
