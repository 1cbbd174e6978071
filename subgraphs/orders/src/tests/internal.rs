//! What other services may ask, by the client that they ask with.

use std::sync::Arc;

use kit::internal::{ClientConfig, InternalClient};
use kit::{Access, SdlAccess};
use wire::identity::{Issuer, Signer, TrustedKey, Verifier};

use super::*;
use crate::CustomerView;
use crate::store::{Erasure, customer_erase};

/// The same key for all: by which name it speaks is what it is trusted for.
fn client(shop: &Shop, name: &str) -> InternalClient {
    let signer = Arc::new(Signer::generate().unwrap());
    let key = TrustedKey { public_key: signer.public_key(), issuer: Issuer::Service(name.to_owned()) };
    let access = Access { verifier: Some(Arc::new(Verifier::new(vec![key]))), sdl_open: SdlAccess::Signed };
    let api = crate::internal_api(shop.database.database(), access);
    InternalClient::in_process(api.router, name, signer, ClientConfig::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_learn_whose_an_order_is() {
    let shop = Shop::seeded().await;
    let payments = client(&shop, "payments");
    let listed = "{ orders(first: 1) { edges { node { id customer { id } } } } }";
    let listed = shop.ask(&administrator(), listed, json!({})).await;
    let order = &listed["data"]["orders"]["edges"][0]["node"];
    let (id, owner) = (order["id"].as_str().unwrap(), order["customer"]["id"].as_str().unwrap());
    let ask = async || payments.get(&["orders", id, "customer"]).send::<CustomerView>().await.unwrap();
    let told = CustomerView { order_id: id.to_owned(), customer_id: owner.to_owned(), is_erased: false };
    assert_eq!(ask().await, told);

    let client = shop.database.database().bulk_connection().await.unwrap();
    client.execute("UPDATE customer SET orders_under_way = 0", &[]).await.unwrap();
    let owner = UserId::parse_global(owner).unwrap();
    let erase = shop.database.database().unit(async |connection| customer_erase(connection, owner).await);
    assert_eq!(erase.await.unwrap(), Erasure::Done);
    assert_eq!(ask().await, CustomerView { is_erased: true, ..told });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_placed_is_no_order_and_nobody_else_asks() {
    let shop = Shop::seeded().await;
    let payments = client(&shop, "payments");
    let add = "mutation ($id: ID!) { addToCart(input: { productId: $id, quantity: 1 }) { errors { __typename } } }";
    let added = shop.ask(&Identity::user(user_id(77)), add, json!({ "id": product_id(1).to_global() })).await;
    assert_eq!(added["data"]["addToCart"]["errors"], json!([]), "{added}");
    let database = shop.database.database().bulk_connection().await.unwrap();
    let cart = format!("SELECT cart_id::text FROM customer WHERE id = '{}'", kit::seed::user_id(77));
    let cart: String = database.query_one(&cart, &[]).await.unwrap().get(0);
    let cart = OrderId::from_uuid(cart.parse().unwrap()).to_global();
    for none in [order_id(999_999), cart, user_id(1), "x".to_owned()] {
        let refused = payments.get(&["orders", &none, "customer"]).send::<CustomerView>().await.unwrap_err();
        assert_eq!(refused.code(), Some("NOT_FOUND"), "{none}");
    }
    let others = client(&shop, "notifications");
    let refused = others.get(&["orders", &order_id(1), "customer"]).send::<CustomerView>().await.unwrap_err();
    assert_eq!(refused.code(), Some("FORBIDDEN"));
}

#[test]
fn the_document_tells_of_it() {
    let api = crate::internal_api(&kit::Database::unconnected(), Access::closed());
    let document: Value = serde_json::from_str(&api.document).unwrap();
    assert!(document["paths"]["/internal/v1/orders/{id}/customer"]["get"]["responses"]["200"].is_object());
    assert!(document["components"]["schemas"]["CustomerView"]["properties"]["isErased"].is_object());
}
