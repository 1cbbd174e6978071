//! The same bytes over HTTP.

use axum::{body::Body, http::Request};
use tower::ServiceExt as _;
use wire::identity::IDENTITY_HEADER;

use super::*;

async fn post(subgraph: &Subgraph, content_type: &str, body: Bytes, token: &str) -> (u16, Bytes) {
    let request = Request::post("/graphql")
        .header("content-type", content_type)
        .header(IDENTITY_HEADER, token)
        .body(Body::from(body))
        .unwrap();
    let response = subgraph.clone().router().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, body)
}

#[tokio::test]
async fn answers_as_in_process() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::user("someone"));
    let long = " ".repeat(super::super::limits::BODY_BYTES_MAX + 1);
    for (body, token) in [
        (body("{ slow fast who administrators }", &json!({})), token.as_str()),
        (body("{ nothing }", &json!({})), &token),
        (body("{ fast }", &json!({})), ""),
        (Bytes::from("{"), &token),
        (Bytes::from(long), &token),
    ] {
        let call = Call { identity: Some(token), ..Call::default() };
        let reply = subgraph.call(body.clone(), call).await;
        let http = post(&subgraph, "application/json", body, token).await;
        assert_eq!(http, (reply.status, reply.body));
    }
}

#[tokio::test]
async fn refuses_other_content_types() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    for content_type in ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-7", ""] {
        let (status, _) = post(&subgraph, content_type, body("{ fast }", &json!({})), &token).await;
        assert_eq!(status, 415, "{content_type}");
    }
    let (status, _) = post(&subgraph, "application/json; charset=UTF-8", body("{ fast }", &json!({})), &token).await;
    assert_eq!(status, 200);
}
