//! Callers whose tokens are valid and who have no account: what they do costs nobody else an answer.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::testing::wait_for;
use serde_json::{Map, Value, json};
use wire::id::UserId;

use crate::buying::{ask, until_status};
use crate::support::client;
use crate::support::shop::Shop;

/// A token as the identity provider of the demonstration issues them, for somebody whom users doesn't know.
fn strangers_token(keys: &Path) -> String {
    let read = |name: &str| std::fs::read(keys.join(name)).expect("a key");
    let jwks: Value = serde_json::from_slice(&read("clients.jwks.json")).expect("JSON");
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = jwks["keys"][0]["kid"].as_str().map(str::to_owned);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs();
    let subject = UserId::from(kit::seed::user_id(999_999_999)).to_string();
    let claims = json!({ "iss": "supergraph-dev", "aud": "supergraph", "sub": subject, "iat": now, "exp": now + 3_600,
        "roles": [] });
    let key = EncodingKey::from_ed_pem(&read("clients.pem")).expect("a key");
    jsonwebtoken::encode(&header, &claims, &key).expect("a token")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_without_an_account_costs_no_list_anything() {
    let shop = Shop::start("small").await;
    let (url, stranger) = (shop.dev.graphql(), strangers_token(&shop.folder.path().join("keys")));
    let products = ask(&url, &stranger, "{ products(first: 1) { edges { node { id } } } }").await;
    let product = &products["products"]["edges"][0]["node"]["id"];
    let mutation = format!(
        "mutation {{ placeOrder(input: {{ idempotencyKey: \"a\", paymentMethod: \"pm_card_visa\", \
         lines: [{{ productId: {product}, quantity: 1 }}] }}) {{ order {{ id }} errors {{ __typename }} }} }}"
    );
    let placed = ask(&url, &stranger, &mutation).await;
    let order = placed["placeOrder"]["order"]["id"].as_str().unwrap_or_else(|| panic!("{placed}"));
    until_status(&url, &stranger, order, "PAID").await;

    let own = format!("{{ order(id: \"{order}\") {{ number payments {{ status customer {{ name }} }} }} }}");
    for (token, query) in [
        (&shop.administrator, "{ orders(first: 5) { edges { node { id number customer { name } } } } }"),
        (&shop.administrator, "{ payments(first: 5) { edges { node { status customer { name } order { id } } } } }"),
        (&stranger, &*own),
    ] {
        // Lists of payments follow within milliseconds.
        wait_for("the stranger's among what is listed", async || {
            let answer = client::query(&url, Some(token), query).await;
            let is_answered = |data: &Map<String, Value>| data.values().all(|value| !value.is_null());
            assert!(answer.json()["data"].as_object().is_some_and(is_answered), "{answer:?}");
            answer.text.contains("\"customer\":null").then_some(())
        })
        .await;
    }
}
