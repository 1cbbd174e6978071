//! What other services may ask, by the client that they ask with.

use std::sync::Arc;

use kit::{
    Access, GlobalId as _, SdlAccess,
    internal::{CallError, ClientConfig, InternalClient},
};
use wire::identity::{Issuer, Signer, TrustedKey, Verifier};

use super::*;
use crate::contact::Contact;

/// The same key for all: by which name it speaks is what it is trusted for.
fn client(fixture: &Fixture, name: &str) -> InternalClient {
    let signer = Arc::new(Signer::generate().unwrap());
    let key = TrustedKey { public_key: signer.public_key(), issuer: Issuer::Service(name.to_owned()) };
    let access = Access { verifier: Some(Arc::new(Verifier::new(vec![key]))), sdl_open: SdlAccess::Signed };
    let api = crate::internal_api(fixture.database.database().clone(), access);
    InternalClient::in_process(api.router, name, signer, ClientConfig::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_read_a_users_contact() {
    let fixture = Fixture::new().await;
    let client = client(&fixture, "notifications");
    let contact: Contact = client.get(&["users", &user(seed::CUSTOMER), "contact"]).send().await.unwrap();
    assert_eq!((contact.name.as_str(), contact.time_zone.as_str()), ("Carla Customer", "UTC"));
    assert_eq!(contact.email, "carla.customer@example.com");
    for nobody in [user(999), id::encode("Order", seed::user_id(seed::CUSTOMER)), "x".to_owned()] {
        let refused = client.get(&["users", &nobody, "contact"]).send::<Contact>().await.unwrap_err();
        assert_eq!(refused.code(), Some("NOT_FOUND"), "{nobody}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_does() {
    let fixture = Fixture::new().await;
    let client = client(&fixture, "orders");
    let refused = client.get(&["users", &user(seed::CUSTOMER), "contact"]).send::<Contact>().await.unwrap_err();
    assert!(matches!(refused, CallError::Problem(_)), "{refused}");
    assert_eq!(refused.code(), Some("FORBIDDEN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_user_has_no_contact() {
    let fixture = Fixture::new().await;
    let author = crate::domain::Author::calling(&administrator());
    let erased = crate::UserId::parse_global(&user(seed::CUSTOMER)).unwrap();
    let database = fixture.database.database();
    database.unit(async |connection| crate::store::user_erase_in_txn(connection, &author, erased).await).await.unwrap();
    let client = client(&fixture, "notifications");
    let refused = client.get(&["users", &user(seed::CUSTOMER), "contact"]).send::<Contact>().await.unwrap_err();
    assert_eq!(refused.code(), Some("NOT_FOUND"));
}

#[test]
fn the_document_tells_of_it() {
    let api = crate::internal_api(kit::Database::unconnected(), Access::closed());
    let document: Value = serde_json::from_str(&api.document).unwrap();
    let path = &document["paths"]["/internal/v1/users/{id}/contact"]["get"];
    assert!(path["responses"]["200"].is_object(), "{document}");
    assert!(document["components"]["schemas"]["Contact"]["properties"]["timeZone"].is_object());
}
