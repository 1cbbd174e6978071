//! Asking orders, in the process and over a connection: a stand-in that answers as its OpenAPI document says.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kit::internal::{ClientConfig, InternalApi, InternalClient, InternalConfig, Problem, serve};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::identity::{Issuer, Signer, TrustedKey, Verifier};

use super::*;
use crate::orders::{Customer, NotPayable, Orders as _, OrdersError, OrdersService, check_payable};

fn order(number: u128) -> OrderId {
    Uuid::from_u128(number).into()
}

fn user(number: u128) -> UserId {
    Uuid::from_u128(number).into()
}

/// Orders 1 to 10 are user 7's, 11 is of one who was erased; at number 97 another answer comes, at 98 it fails, and who asks for 99 waits
/// for ever.
#[utoipa::path(get, path = "/orders/{id}/customer", params(("id" = String, Path)), responses((status = 200, body = Value)))]
async fn customer(Path(id): Path<String>) -> Result<Json<Value>, Problem> {
    let customer = |is_erased: bool| json!({ "orderId": id, "customerId": user(7), "isErased": is_erased, "more": 1 });
    match OrderId::parse(&id).map_or(0, |id| id.uuid().as_u128()) {
        1..=10 => Ok(Json(customer(false))),
        11 => Ok(Json(customer(true))),
        97 => Ok(Json(json!({ "customerId": "nobody", "isErased": false }))),
        98 => Err(Problem::internal("a fault")),
        99 => std::future::pending().await,
        _ => Err(Problem::not_found("There is no such order")),
    }
}

fn orders(signer: &Signer) -> InternalApi {
    let trusted = TrustedKey { public_key: signer.public_key(), issuer: Issuer::Service("payments".to_owned()) };
    let access =
        kit::Access { verifier: Some(Arc::new(Verifier::new(vec![trusted]))), sdl_open: kit::SdlAccess::Signed };
    let routes = OpenApiRouter::new().routes(routes!(customer));
    serve("orders", access, &["payments"], InternalConfig::default(), routes)
}

async fn asks(client: InternalClient) {
    let service = OrdersService::new(client);
    let found = service.customer(order(1)).await.unwrap();
    assert_eq!(found, Some(Customer { id: user(7), is_erased: false }));
    for (number, payer, expected) in [
        (1, 7, Ok(())),
        (1, 8, Err(NotPayable::OtherCustomer)),
        (11, 7, Err(NotPayable::CustomerErased)),
        (50, 7, Err(NotPayable::UnknownOrder)),
    ] {
        let checked = check_payable(&service, order(number), user(payer)).await.unwrap();
        assert_eq!(checked, expected, "{number} of {payer}");
    }
    assert!(matches!(service.customer(order(97)).await, Err(OrdersError::Fault(_))));
    assert!(matches!(service.customer(order(98)).await, Err(OrdersError::Unavailable(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_is_asked_within_the_process_and_over_a_connection() {
    let signer = Arc::new(Signer::generate().unwrap());
    let api = orders(&signer);
    let config = ClientConfig::default();
    asks(InternalClient::in_process(api.router.clone(), "payments", Arc::clone(&signer), config)).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, api.router).await });
    asks(InternalClient::over_http(origin, "payments", signer, config).unwrap()).await;
    serving.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_not_waited_for_and_who_is_not_orders_says_nothing() {
    let signer = Arc::new(Signer::generate().unwrap());
    let config = ClientConfig::default();
    let slow = InternalClient::in_process(orders(&signer).router, "payments", Arc::clone(&signer), config);
    let answer = OrdersService::new(slow).customer(order(99)).await;
    assert!(matches!(answer, Err(OrdersError::Unavailable(_))), "{answer:?}");
    // A proxy that knows no such path says nothing about orders.
    let nobody = axum::Router::new().fallback(async || StatusCode::NOT_FOUND);
    let client = InternalClient::in_process(nobody, "payments", Arc::clone(&signer), config);
    let answer = OrdersService::new(client).customer(order(1)).await;
    assert!(matches!(answer, Err(OrdersError::Unavailable(_))), "{answer:?}");
    // A service that doesn't know us says that we are wrong.
    let stranger = orders(&Signer::generate().unwrap());
    let client = InternalClient::in_process(stranger.router, "payments", signer, config);
    let answer = OrdersService::new(client).customer(order(1)).await;
    assert!(matches!(answer, Err(OrdersError::Fault(_))), "{answer:?}");
}
