//! Webhooks as they come: forged, old, twice, and about something else.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use kit::testing::TestDatabase;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::signature::{HEADER, sign, verify};
use super::*;

fn secret() -> Secret {
    Secret::new("whsec_test")
}

fn body(id: &str, kind: &str, object: Value) -> String {
    json!({ "id": id, "object": "event", "type": kind, "data": { "object": object } }).to_string()
}

/// Signed with another implementation: `printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_test`.
#[test]
fn signatures_are_those_of_the_scheme() {
    let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    assert_eq!(sign(b"{}", &secret(), now), OPENSSL);
    assert_eq!(verify(OPENSSL, b"{}", &[secret()], now), Ok(()));
}

const OPENSSL: &str = "t=1700000000,v1=35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91";

#[test]
fn old_and_forged_ones_are_refused() {
    let (now, body) = (Utc::now(), b"{\"amount\":1}");
    let header = sign(body, &secret(), now);
    let at = |seconds| now + TimeDelta::seconds(seconds);
    for seconds in [-300, 0, 300] {
        assert_eq!(verify(&header, body, &[secret()], at(seconds)), Ok(()), "{seconds}");
    }
    for seconds in [-301, 301, 1_000_000_000] {
        assert_eq!(verify(&header, body, &[secret()], at(seconds)), Err(SignatureError::Stale), "{seconds}");
    }
    assert_eq!(verify(&header, b"{\"amount\":2}", &[secret()], now), Err(SignatureError::Mismatch));
    assert_eq!(verify(&header, body, &[Secret::new("whsec_other")], now), Err(SignatureError::Mismatch));
    assert_eq!(verify(&header, body, &[], now), Err(SignatureError::Mismatch));
    let later = header.replace(&now.timestamp().to_string(), &at(60).timestamp().to_string());
    assert_eq!(verify(&later, body, &[secret()], now), Err(SignatureError::Mismatch), "its time is signed too");
}

#[test]
fn secrets_are_exchanged_without_losing_any() {
    let (now, body) = (Utc::now(), b"{}");
    let (old, new) = (Secret::new("whsec_old"), Secret::new("whsec_new"));
    let by_old = sign(body, &old, now);
    assert_eq!(verify(&by_old, body, &[new.clone(), old.clone()], now), Ok(()));
    let new_too = sign(body, &new, now).split_once(',').unwrap().1.to_owned();
    assert_eq!(verify(&format!("{by_old},{new_too},v0=00"), body, &[new], now), Ok(()));
}

#[test]
fn headers_that_are_none_are_refused() {
    let (now, body) = (Utc::now(), b"{}");
    let good = sign(body, &secret(), now);
    let (time, tag) = good.split_once(',').unwrap();
    let many = format!("{time},{}", vec!["v1=00"; 300].join(","));
    for header in
        ["", "t=", time, tag, "t=1,t=1", "t=x,v1=00", &format!("{time},v1=xy"), &format!("{good}0"), "no header", &many]
    {
        assert_eq!(verify(header, body, &[secret()], now), Err(SignatureError::Malformed), "{header}");
    }
}

async fn post(router: &axum::Router, header: &str, body: String) -> StatusCode {
    let request = Request::post(PATH).header(HEADER, header).body(Body::from(body)).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_believed_becomes_one_job_however_often_it_comes() {
    let test = TestDatabase::create("payments", crate::MIGRATIONS).await;
    let router = router(Webhooks::new(test.database().clone(), vec![secret()]));
    let signed = |body: &str| sign(body.as_bytes(), &secret(), Utc::now());
    let events = [
        body("evt_1", "payment_intent.succeeded", json!({ "id": "pi_1" })),
        body("evt_2", "charge.dispute.created", json!({ "id": "dp_1", "payment_intent": "pi_1" })),
        body("evt_3", "refund.updated", json!({ "id": "re_1", "payment_intent": "pi_1" })),
        body("evt_4", "customer.created", json!({ "id": "cus_1" })),
        body("evt_5", "payment_intent.succeeded", json!({ "id": "../../v1/accounts" })),
        body("evt_6", "refund.updated", json!({ "id": "re_1", "payment_intent": null })),
    ];
    for body in events.iter().chain(&events) {
        assert_eq!(post(&router, &signed(body), body.clone()).await, StatusCode::OK);
    }
    let old = sign(events[0].as_bytes(), &secret(), Utc::now() - TimeDelta::seconds(400));
    assert_eq!(post(&router, &old, events[0].clone()).await, StatusCode::BAD_REQUEST);
    let forged = sign(events[0].as_bytes(), &Secret::new("guess"), Utc::now());
    assert_eq!(post(&router, &forged, events[0].clone()).await, StatusCode::BAD_REQUEST);
    assert_eq!(post(&router, &signed("[]"), "[]".to_owned()).await, StatusCode::BAD_REQUEST);
    let long = "x".repeat(256 * 1024 + 1);
    assert_eq!(post(&router, &signed(&long), long).await, StatusCode::PAYLOAD_TOO_LARGE);
    let client = test.database().bulk_connection().await.unwrap();
    let jobs = client.query("SELECT payload FROM job ORDER BY payload", &[]).await.unwrap();
    let jobs: Vec<String> = jobs.iter().map(|row| row.get(0)).collect();
    let said = ["dispute\":\"dp_1", "payment\":\"pi_1", "refunds\":\"pi_1"]
        .map(|said| format!(r#"{{"subject":{{"{said}"}}}}"#));
    assert_eq!(jobs, said);
}
