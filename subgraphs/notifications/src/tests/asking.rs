//! Asking the users' service, in the process and over a connection.

use std::sync::Arc;

use axum::{Json, Router, extract::Path};
use kit::{
    Access,
    internal::{InternalApi, InternalClient, InternalConfig, Problem, client::ClientConfig, serve},
    subgraph::SdlAccess,
};
use serde_json::{Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use wire::{
    id::UserId,
    identity::{Issuer, Signer, TrustedKey, Verifier},
};

use crate::{
    contacts::{Contacts as _, UsersService},
    domain::Language,
};

/// As the users' service answers: user 1 is there, user 2 not, and at user 3 it fails.
#[utoipa::path(get, path = "/users/{id}/contact", params(("id" = String, Path)), responses((status = 200, body = Value)))]
async fn contact(Path(id): Path<String>) -> Result<Json<Value>, Problem> {
    match UserId::parse(&id).map(|id| id.uuid().as_u128()) {
        Some(1) => Ok(Json(json!({
            "userId": id, "email": "one@example.org", "name": "One", "locale": "de-DE", "timeZone": "Europe/Berlin",
            "channels": { "orders": ["IN_APP"], "payments": [], "account": ["EMAIL"] }, "quietHours": null, "digest": "NONE",
        }))),
        Some(3) => Err(Problem::internal("a fault")),
        _ => Err(Problem::not_found("There is no such user")),
    }
}

fn users(signer: &Signer) -> InternalApi {
    let issuer = Issuer::Service("notifications".to_owned());
    let trusted = TrustedKey { public_key: signer.public_key(), issuer };
    let access = Access { verifier: Some(Arc::new(Verifier::new(vec![trusted]))), sdl_open: SdlAccess::Signed };
    let routes = OpenApiRouter::new().routes(routes!(contact));
    serve("users", access, &["notifications"], InternalConfig::default(), routes)
}

async fn asks(client: InternalClient) {
    let service = UsersService::new(client);
    let ask = |number| {
        let service = &service;
        async move { service.contact(UserId::from(Uuid::from_u128(number))).await }
    };
    let one = ask(1).await.unwrap().unwrap();
    assert_eq!((one.email.as_str(), one.language), ("one@example.org", Language::German));
    assert_eq!(ask(2).await.unwrap(), None);
    assert!(ask(3).await.is_err(), "a fault isn't nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_users_service_is_asked_within_the_process_and_over_a_connection() {
    let signer = Arc::new(Signer::generate().unwrap());
    let api = users(&signer);
    let config = ClientConfig::default();
    asks(InternalClient::in_process(api.router.clone(), "notifications", Arc::clone(&signer), config)).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, api.router).await });
    asks(InternalClient::over_http(origin, "notifications", signer, config).unwrap()).await;
    serving.abort();
}

/// A proxy that knows no such path says nothing about users.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_the_service_says_nothing() {
    let signer = Arc::new(Signer::generate().unwrap());
    let nobody = Router::new().fallback(async || axum::http::StatusCode::NOT_FOUND);
    let client = InternalClient::in_process(nobody, "notifications", signer, ClientConfig::default());
    assert!(UsersService::new(client).contact(UserId::from(Uuid::from_u128(1))).await.is_err());
}
