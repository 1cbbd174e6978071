//! Other services' questions.

use axum::body::{Body, to_bytes};
use axum::http::{Request as HttpRequest, StatusCode};
use kit::internal::InternalConfig;
use kit::testing::TestIdentity;
use serde_json::json;
use tower::ServiceExt as _;
use wire::identity::{IDENTITY_HEADER, Identity};

use super::*;

pub(super) async fn call(
    router: &axum::Router,
    request: axum::http::request::Builder,
    body: String,
) -> (StatusCode, Value) {
    let response = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let (status, body) = (response.status(), to_bytes(response.into_body(), 1 << 20).await.unwrap());
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn services_ask_how_a_payment_stands_and_have_it_given_back() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    let identity = TestIdentity::new("orders");
    let router = crate::internal_api(till.database(), identity.access(), InternalConfig::default()).router;
    let token = identity.token(&Identity::service("orders"));
    let path = format!("/internal/v1/payments/{payment}");
    let get = |path: &str| HttpRequest::get(path).header(IDENTITY_HEADER, &token);
    let (status, view) = call(&router, get(&path), String::new()).await;
    assert_eq!(
        (status, &view["status"], &view["refundableMinor"]),
        (StatusCode::OK, &json!("captured"), &json!(5_000))
    );

    let refunds = format!("{path}/refunds");
    let refund_id = RefundId::from(Uuid::now_v7());
    let body = |minor: i64| json!({ "refundId": refund_id, "amountMinor": minor, "currency": "EUR" }).to_string();
    let post = |key: &str| {
        let post = HttpRequest::post(&refunds).header(IDENTITY_HEADER, &token).header("idempotency-key", key);
        post.header("content-type", "application/json")
    };
    let (status, first) = call(&router, post("a"), body(2_000)).await;
    assert_eq!((status, &first["status"]), (StatusCode::OK, &json!("requested")), "{first}");
    till.wait_for_status(payment, PaymentStatus::PartiallyRefunded).await;
    assert_eq!(call(&router, post("a"), body(2_000)).await, (StatusCode::OK, first), "the reply of then");
    assert_eq!(call(&router, post("a"), body(2_001)).await.1["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(call(&router, post("b"), body(2_001)).await.1["code"], "REFUND_CONFLICT");
    let (status, again) = call(&router, post("c"), body(2_000)).await;
    assert_eq!((status, &again["status"]), (StatusCode::OK, &json!("refunded")));
    assert_eq!(till.provider.charged(payment).await.unwrap().refunds, 1);
    let much = json!({ "refundId": RefundId::from(Uuid::now_v7()), "amountMinor": 3_001, "currency": "EUR" });
    let (status, refused) = call(&router, post("d"), much.to_string()).await;
    assert_eq!((status, &refused["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("INVALID_AMOUNT")));

    let said =
        json!({ "refundId": RefundId::from(Uuid::now_v7()), "amountMinor": 1, "currency": "EUR", "reason": "Broken" });
    assert_eq!(call(&router, post("e"), said.to_string()).await.1["status"], "requested");
    let mut empty = said.clone();
    empty["reason"] = json!("");
    let (status, refused) = call(&router, post("f"), empty.to_string()).await;
    assert_eq!((status, &refused["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("INVALID_REFUND")));

    let listed = async |ids: &str| {
        let request = get(&format!("/internal/v1/payments?ids={ids}"));
        call(&router, request, String::new()).await
    };
    let given = async || (listed(&payment.to_string()).await.1["payments"][0]["refundedMinor"] == 2_001).then_some(());
    wait_for("the refund", given).await;
    let nobodys = PaymentId::from(Uuid::now_v7());
    let (status, found) = listed(&format!("{nobodys},{payment}")).await;
    assert_eq!((status, found["payments"].as_array().unwrap().len()), (StatusCode::OK, 1), "{found}");
    assert_eq!(found["payments"][0]["id"], json!(payment));
    let many = vec![nobodys.to_string(); 101].join(",");
    for ids in ["", "x", &*many] {
        let (status, refused) = listed(ids).await;
        assert_eq!((status, &refused["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("INVALID_IDS")), "{refused}");
    }

    let unknown = format!("/internal/v1/payments/{}", PaymentId::from(Uuid::now_v7()));
    assert_eq!(call(&router, get(&unknown), String::new()).await.0, StatusCode::NOT_FOUND);
    let user = identity.token(&Identity::user("somebody"));
    let by_user = HttpRequest::get(&path).header(IDENTITY_HEADER, user);
    assert_eq!(call(&router, by_user, String::new()).await.0, StatusCode::FORBIDDEN);
    // A service that has no business with payments, and a key that payments knows all the same.
    let others = TestIdentity::new("users");
    let router = crate::internal_api(till.database(), others.access(), InternalConfig::default()).router;
    let token = others.token(&Identity::service("users"));
    let by_other = HttpRequest::get(&path).header(IDENTITY_HEADER, token);
    assert_eq!(call(&router, by_other, String::new()).await.0, StatusCode::FORBIDDEN);
    till.check_books().await;
    running.stop().await;
}
