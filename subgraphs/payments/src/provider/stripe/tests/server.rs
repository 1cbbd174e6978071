//! A server that behaves like Stripe's, as far as the adapter asks: forms, keys, states, errors.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::provider::stripe::{API_VERSION, StripeConfig, StripeProvider};
use crate::provider::test::{EXPIRED, FRAUDULENT, GOOD, INSUFFICIENT_FUNDS};

const KEY: &str = "sk_test_123";

/// What goes wrong with the next request.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Status(u16),
    /// Refused as it was asked, by this code.
    Invalid(&'static str),
    /// Refused for this parameter, without a code.
    Parameter(&'static str),
    /// The connection ends in the midst of the body.
    Drop,
    Garbage,
    /// More than is read.
    Endless,
}

#[derive(Default)]
struct Books {
    intents: BTreeMap<String, Value>,
    refunds: BTreeMap<String, Value>,
    disputes: BTreeMap<String, Value>,
    /// By key: what was asked, and what was answered.
    keys: BTreeMap<String, (String, StatusCode, Value)>,
    fault: Option<Fault>,
}

/// The server. Runs as long as the test.
#[derive(Clone, Default)]
pub struct Stripe {
    books: Arc<Mutex<Books>>,
    pub requests: Arc<AtomicU32>,
}

type Form = BTreeMap<String, String>;

impl Stripe {
    pub async fn start() -> (Self, StripeProvider) {
        let stripe = Self::default();
        let routes = Router::new()
            .route("/base/v1/payment_intents", post(create))
            .route("/base/v1/payment_intents/search", get(search))
            .route("/base/v1/payment_intents/{id}", get(intent))
            .route("/base/v1/payment_intents/{id}/{action}", post(change))
            .route("/base/v1/refunds", post(refund).get(refunds))
            .route("/base/v1/disputes/{id}", get(dispute))
            .fallback(async || missing())
            .with_state(stripe.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/base/", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let provider = StripeProvider::new(StripeConfig { url, secret_key: KEY.to_owned() }).unwrap();
        (stripe, provider)
    }

    pub fn fail(&self, fault: Fault) {
        self.books.lock().unwrap().fault = Some(fault);
    }

    pub fn intents(&self) -> usize {
        self.books.lock().unwrap().intents.len()
    }

    pub fn dispute(&self, name: &str, intent: &str, status: &str) {
        let dispute = json!({ "id": name, "object": "dispute", "amount": 5_000, "currency": "eur", "status": status,
            "payment_intent": intent, "balance_transactions": [{ "fee": 2_000, "currency": "eur" }] });
        self.books.lock().unwrap().disputes.insert(name.to_owned(), dispute);
    }

    /// Keys: the first answer each time, and another question refused.
    fn keyed(
        &self,
        headers: &HeaderMap,
        body: &Bytes,
        path: &str,
        effect: impl FnOnce(&mut Books, &Form) -> (StatusCode, Value),
    ) -> Response {
        self.requests.fetch_add(1, Ordering::Relaxed);
        assert_eq!(headers["authorization"], format!("Bearer {KEY}"));
        assert_eq!(headers["stripe-version"], API_VERSION);
        assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
        let mut books = self.books.lock().unwrap();
        if let Some(fault) = books.fault.take() {
            return fault.response();
        }
        let (key, asked) = (headers["idempotency-key"].to_str().unwrap(), format!("{path} {body:?}"));
        if let Some((known, status, answer)) = books.keys.get(key) {
            if *known != asked {
                return error(StatusCode::BAD_REQUEST, json!({ "type": "idempotency_error", "message": "other" }));
            }
            return (*status, answer.to_string()).into_response();
        }
        let form: Form = url::form_urlencoded::parse(body).into_owned().collect();
        let (status, answer) = effect(&mut books, &form);
        books.keys.insert(key.to_owned(), (asked, status, answer.clone()));
        (status, answer.to_string()).into_response()
    }
}

impl Fault {
    fn response(self) -> Response {
        match self {
            Self::Status(status) => {
                let error = json!({ "error": { "type": "api_error", "code": "told_to", "message": "told to" } });
                (StatusCode::from_u16(status).unwrap(), error.to_string()).into_response()
            }
            Self::Invalid(code) => error(
                StatusCode::BAD_REQUEST,
                json!({ "type": "invalid_request_error", "code": code, "message": "told to" }),
            ),
            Self::Parameter(name) => error(
                StatusCode::BAD_REQUEST,
                json!({ "type": "invalid_request_error", "param": name, "message": "told to" }),
            ),
            Self::Garbage => "<html>".into_response(),
            Self::Drop => {
                let broken = futures::stream::iter([Ok("{"), Err(std::io::Error::other("told to"))]);
                Body::from_stream(broken).into_response()
            }
            Self::Endless => "x".repeat(2 * 1024 * 1024).into_response(),
        }
    }
}

async fn create(State(stripe): State<Stripe>, headers: HeaderMap, body: Bytes) -> Response {
    stripe.keyed(&headers, &body, "create", |books, form| {
        assert_eq!((&*form["capture_method"], &*form["confirm"], &*form["currency"]), ("manual", "true", "eur"));
        let token = &form["payment_method"];
        if token == "pm_missing" {
            return refused(StatusCode::BAD_REQUEST, "invalid_request_error", "resource_missing", None);
        }
        if token == "pm_amount_too_small" {
            return refused(StatusCode::BAD_REQUEST, "invalid_request_error", "amount_too_small", None);
        }
        // Stripe's own tokens for tests, and any code of a decline.
        let decline = match token.as_str() {
            GOOD => None,
            INSUFFICIENT_FUNDS => Some("insufficient_funds"),
            FRAUDULENT => Some("fraudulent"),
            EXPIRED => Some("expired_card"),
            token => token.strip_prefix("pm_"),
        };
        if let Some(decline) = decline {
            return refused(StatusCode::PAYMENT_REQUIRED, "card_error", "card_declined", Some(decline));
        }
        let id = format!("pi_{}", books.intents.len());
        let intent = json!({ "id": id, "object": "payment_intent", "status": "requires_capture", "currency": "eur",
            "amount": form["amount"].parse::<i64>().unwrap(), "amount_received": 0,
            "metadata": { "payment_id": form["metadata[payment_id]"], "order_id": form["metadata[order_id]"] },
            "latest_charge": { "payment_method_details": { "card": { "capture_before": 1_900_000_000 } } } });
        books.intents.insert(id, intent.clone());
        (StatusCode::OK, intent)
    })
}

async fn change(
    State(stripe): State<Stripe>,
    Path((id, action)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    stripe.keyed(&headers, &body, &format!("{id} {action}"), |books, form| {
        let Some(intent) = books.intents.get_mut(&id) else {
            return refused(StatusCode::NOT_FOUND, "invalid_request_error", "resource_missing", None);
        };
        if intent["status"] != "requires_capture" {
            return refused(StatusCode::BAD_REQUEST, "invalid_request_error", "payment_intent_unexpected_state", None);
        }
        if action == "capture" {
            intent["status"] = "succeeded".into();
            intent["amount_received"] = form["amount_to_capture"].parse::<i64>().unwrap().into();
            intent["latest_charge"]["balance_transaction"] = json!({ "fee": 85, "currency": "eur" });
        } else {
            intent["status"] = "canceled".into();
        }
        (StatusCode::OK, intent.clone())
    })
}

async fn refund(State(stripe): State<Stripe>, headers: HeaderMap, body: Bytes) -> Response {
    stripe.keyed(&headers, &body, "refund", |books, form| {
        let amount: i64 = form["amount"].parse().unwrap();
        let intent = &form["payment_intent"];
        let received = books.intents[intent]["amount_received"].as_i64().unwrap();
        let of_it = books.refunds.values().filter(|refund| refund["payment_intent"] == **intent);
        let given: i64 = of_it.map(|refund| refund["amount"].as_i64().unwrap()).sum();
        if given + amount > received {
            return refused(StatusCode::BAD_REQUEST, "invalid_request_error", "charge_already_refunded", None);
        }
        let id = format!("re_{}", books.refunds.len());
        let refund = json!({ "id": id, "object": "refund", "status": "succeeded", "amount": amount,
            "payment_intent": form["payment_intent"], "metadata": { "refund_id": form["metadata[refund_id]"] } });
        books.refunds.insert(id, refund.clone());
        (StatusCode::OK, refund)
    })
}

async fn intent(State(stripe): State<Stripe>, Path(id): Path<String>) -> Response {
    stripe.books.lock().unwrap().intents.get(&id).map_or_else(missing, |intent| intent.to_string().into_response())
}

async fn dispute(State(stripe): State<Stripe>, Path(id): Path<String>) -> Response {
    stripe.books.lock().unwrap().disputes.get(&id).map_or_else(missing, |dispute| dispute.to_string().into_response())
}

async fn search(State(stripe): State<Stripe>, Query(query): Query<Form>) -> Response {
    let books = stripe.books.lock().unwrap();
    let id = query["query"].strip_prefix("metadata['payment_id']:'").and_then(|rest| rest.strip_suffix('\''));
    let id = Value::from(id.unwrap());
    let data: Vec<&Value> = books.intents.values().filter(|intent| intent["metadata"]["payment_id"] == id).collect();
    json!({ "object": "search_result", "data": data, "has_more": false }).to_string().into_response()
}

/// One a page, to be turned over.
async fn refunds(State(stripe): State<Stripe>, Query(query): Query<Form>) -> Response {
    let books = stripe.books.lock().unwrap();
    let after = query.get("starting_after");
    let mut data =
        books.refunds.iter().filter(|(id, _)| after.is_none_or(|after| *id > after)).map(|(_, refund)| refund);
    let page: Vec<&Value> = data.next().into_iter().collect();
    json!({ "object": "list", "data": page, "has_more": data.next().is_some() }).to_string().into_response()
}

fn refused(status: StatusCode, kind: &str, code: &str, decline: Option<&str>) -> (StatusCode, Value) {
    let error = json!({ "type": kind, "code": code, "decline_code": decline, "message": "told to" });
    (status, json!({ "error": error }))
}

fn error(status: StatusCode, error: Value) -> Response {
    (status, json!({ "error": error }).to_string()).into_response()
}

fn missing() -> Response {
    let (status, body) = refused(StatusCode::NOT_FOUND, "invalid_request_error", "resource_missing", None);
    (status, body.to_string()).into_response()
}
