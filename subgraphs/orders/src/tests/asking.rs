//! Asking payments, in the process and over a connection: a stand-in that answers as its OpenAPI document says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use kit::internal::{ClientConfig, InternalApi, InternalClient, InternalConfig, Problem, codes, serve};
use kit::{GlobalId as _, Money};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use wire::id::PaymentId;
use wire::identity::{Issuer, Signer, TrustedKey, Verifier};

use crate::OrderId;
use crate::domain::Refund;
use crate::payments::{PaymentStates, Payments as _, PaymentsError, PaymentsService, RefundError, RefundState};

fn order(number: u128) -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(number))
}

fn euro(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap())
}

#[derive(Deserialize)]
struct Listed {
    ids: String,
}

/// Payments 1 to 10 are there, and 11 can't be read; who asks for number 99 waits for ever, and at number 98 it fails.
#[utoipa::path(get, path = "/payments", params(("ids" = String, Query)), responses((status = 200, body = Value)))]
async fn list(Query(Listed { ids }): Query<Listed>) -> Result<Json<Value>, Problem> {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for id in ids.split(',') {
        match PaymentId::parse(id).map_or(0, |id| id.uuid().as_u128()) {
            1..=10 => {
                found.push(json!({ "id": id, "orderId": "of no use", "status": "partially-refunded", "currency": "EUR",
                "amountMinor": 500, "capturedMinor": 500, "refundedMinor": 200, "refundableMinor": 300,
                "requestedAt": "2026-11-22T00:00:00Z", "refunds": [] }))
            }
            11 => unreadable.push(id),
            98 => return Err(Problem::internal("a fault")),
            99 => std::future::pending().await,
            _ => {}
        }
    }
    match &*unreadable {
        [] => Ok(Json(json!({ "payments": found }))),
        unreadable => Ok(Json(json!({ "payments": found, "unreadable": unreadable }))),
    }
}

/// By the amount: a refusal of each kind, or an answer.
#[utoipa::path(post, path = "/payments/{id}/refunds", params(("id" = String, Path)), request_body = Value,
    responses((status = 200, body = Value)))]
async fn refund(Json(body): Json<Value>) -> Result<Json<Value>, Problem> {
    let status = match body["amountMinor"].as_i64().unwrap() {
        1 => "requested",
        2 => "refunded",
        3 => "in words of tomorrow",
        4 => return Err(Problem::not_found("There is no such payment")),
        5 => return Err(Problem::refused("INVALID_AMOUNT", "so much isn't left")),
        6 => return Err(Problem::new(StatusCode::CONFLICT, "REFUND_CONFLICT", "of another amount")),
        7 => return Err(Problem::refused(codes::IDEMPOTENCY_KEY_REUSED, "of another body")),
        8 => return Err(Problem::unavailable("the database is away")),
        _ => return Err(Problem::refused("SOMETHING_NEW", "nobody knows")),
    };
    Ok(Json(json!({ "id": body["refundId"], "amountMinor": body["amountMinor"], "status": status })))
}

fn payments(signer: &Signer) -> InternalApi {
    let trusted = TrustedKey { public_key: signer.public_key(), issuer: Issuer::Service("orders".to_owned()) };
    let verifier = Some(Arc::new(Verifier::new(vec![trusted])));
    let access = kit::Access { verifier, sdl_open: kit::SdlAccess::Signed };
    let routes = OpenApiRouter::new().routes(routes!(list)).routes(routes!(refund));
    serve("payments", access, &["orders"], InternalConfig::default(), routes)
}

async fn asks(client: InternalClient) {
    let payments = PaymentsService::new(client);
    let asked = payments.states(&[order(1), order(50), order(11), order(2)]).await.unwrap();
    assert_eq!(asked.unreadable, [order(11)]);
    let states = asked.known;
    assert_eq!(states.iter().map(|state| state.order_id).collect::<Vec<_>>(), [order(1), order(2)]);
    assert_eq!((&*states[0].status, states[0].refundable), ("PARTIALLY_REFUNDED", euro(300)));
    assert_eq!(payments.states(&[order(1)]).await.unwrap().unreadable, []);
    assert_eq!(payments.states(&[]).await.unwrap(), PaymentStates::default());
    assert!(matches!(payments.states(&[order(98)]).await, Err(PaymentsError::Unavailable(_))));
    let refund = async |minor| {
        let reason = "Broken".to_owned();
        payments.refund(&Refund { id: Uuid::now_v7(), order_id: order(1), amount: euro(minor), reason }).await
    };
    assert_eq!(refund(1).await.unwrap(), RefundState::Requested);
    assert_eq!(refund(2).await.unwrap(), RefundState::Refunded);
    assert!(matches!(refund(3).await, Err(RefundError::NoAnswer(PaymentsError::Fault(_)))));
    for (minor, expected) in [(4, "NOT_PAID"), (5, "INVALID_AMOUNT")] {
        assert!(matches!(refund(minor).await, Err(RefundError::Refused { code, .. }) if code == expected), "{minor}");
    }
    assert!(matches!(refund(6).await, Err(RefundError::Conflict)));
    assert!(matches!(refund(7).await, Err(RefundError::Conflict)));
    assert!(matches!(refund(8).await, Err(RefundError::NoAnswer(PaymentsError::Unavailable(_)))));
    assert!(matches!(refund(9).await, Err(RefundError::NoAnswer(PaymentsError::Fault(_)))));
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_is_asked_within_the_process_and_over_a_connection() {
    let signer = Arc::new(Signer::generate().unwrap());
    let api = payments(&signer);
    let config = ClientConfig::default();
    asks(InternalClient::in_process(api.router.clone(), "orders", Arc::clone(&signer), config)).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, api.router).await });
    asks(InternalClient::over_http(origin, "orders", signer, config).unwrap()).await;
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_not_waited_for() {
    let signer = Arc::new(Signer::generate().unwrap());
    let api = payments(&signer);
    let slow = InternalClient::in_process(api.router, "orders", Arc::clone(&signer), ClientConfig::default());
    let began = Instant::now();
    let answer = PaymentsService::new(slow).states(&[order(1), order(99)]).await;
    assert!(matches!(answer, Err(PaymentsError::Unavailable(_))), "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    // Nobody listens there: the port was just given back.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let away = InternalClient::over_http(origin, "orders", signer, ClientConfig::default()).unwrap();
    let answer = PaymentsService::new(away).states(&[order(1)]).await;
    assert!(matches!(answer, Err(PaymentsError::Unavailable(_))), "{answer:?}");
}

/// A proxy that knows no such path says nothing about payments; a service that doesn't know us says that we are wrong.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_payments_says_nothing_of_them() {
    let signer = Arc::new(Signer::generate().unwrap());
    let nobody = axum::Router::new().fallback(async || StatusCode::NOT_FOUND);
    let client = InternalClient::in_process(nobody, "orders", Arc::clone(&signer), ClientConfig::default());
    let reason = "Broken".to_owned();
    let refund = Refund { id: Uuid::now_v7(), order_id: order(1), amount: euro(1), reason };
    let answer = PaymentsService::new(client).refund(&refund).await;
    assert!(matches!(answer, Err(RefundError::NoAnswer(PaymentsError::Unavailable(_)))), "{answer:?}");
    let api = payments(&Signer::generate().unwrap());
    let stranger = InternalClient::in_process(api.router, "orders", signer, ClientConfig::default());
    let answer = PaymentsService::new(stranger).states(&[order(1)]).await;
    assert!(matches!(answer, Err(PaymentsError::Fault(_))), "{answer:?}");
}
