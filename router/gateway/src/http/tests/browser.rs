//! What browsers meet: GraphiQL under its policy, CORS, the rule on foreign pages.

use axum::body::Body;
use http::Request;

use crate::Config;
use crate::testing::Door;

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

fn graphiql() -> Config {
    let mut config = Config::default();
    config.graphiql.enabled = true;
    config
}

#[tokio::test]
async fn the_page_comes_with_its_policy() {
    let door = Door::open(graphiql());
    let answer = door.get("/", &[HTML]).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self' https://"));
    assert!(answer.text.contains("/graphiql/start.js"));
    let script = door.get("/graphiql/start.js", &[]).await;
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn only_browsers_get_the_page() {
    assert_eq!(Door::open(graphiql()).get("/", &[("accept", "application/json")]).await.status.as_u16(), 404);
}

#[tokio::test]
async fn no_path_reaches_the_file_system() {
    let door = Door::open(graphiql());
    for path in ["/graphiql/..%2fCargo.toml", "/graphiql/%2e%2e/Cargo.toml", "/graphiql/graphiql.min.js", "/graphiql/"]
    {
        assert_eq!(door.get(path, &[]).await.status.as_u16(), 404, "{path}");
    }
}

async fn preflight(door: &Door, origin: &str) -> crate::testing::Answer {
    let request = Request::options("/graphql").header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    let request = request.header("access-control-request-headers", "content-type");
    door.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn cors_is_off_until_origins_are_named() {
    let door = Door::open(Config::default());
    let answer = preflight(&door, "https://shop.example").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (405, ""));

    let mut config = Config::default();
    config.cors.origins = vec!["https://shop.example".into()];
    let door = Door::open(config);
    let answer = preflight(&door, "https://shop.example").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, "https://shop.example"));
    assert_eq!(answer.header("access-control-allow-headers"), "content-type");
    assert_eq!(preflight(&door, "https://other.example").await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn origins_that_are_none_are_refused_at_the_start() {
    for origin in ["shop.example", "https://shop.example/", "https://shop.example/path", "null"] {
        let mut config = Config::default();
        config.cors.origins = vec![origin.into()];
        let made = crate::Gateway::new(
            config,
            crate::testing::supergraph(),
            std::sync::Arc::new(crate::testing::Canned::default()),
            std::sync::Arc::new(crate::testing::Nothing),
        );
        assert!(made.is_err(), "{origin}");
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_use_a_cookie() {
    let door = Door::open(Config::default());
    let path = "/graphql?query=%7B__typename%7D";
    let answer = door.get(path, &[("cookie", "a=b")]).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "CSRF_PREVENTED"));
    assert_eq!(door.get(path, &[("content-type", "text/plain")]).await.status.as_u16(), 415);
    let allowed = door.get(path, &[("cookie", "a=b"), ("x-apollo-operation-name", "Q")]).await;
    assert_eq!(allowed.text, r#"{"data":{"__typename":"Query"}}"#);
}
