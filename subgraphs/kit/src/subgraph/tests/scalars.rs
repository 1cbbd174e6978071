//! Values of scalars that aren't one, written out or in a variable: the field that they are given to is refused, and nothing beside it.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Call, Root, body, code};
use crate::{CountryCode, MoneyInput, SubgraphBuilder, testing::TestIdentity};

struct Query;

#[Object]
impl Query {
    async fn costs(&self, price: MoneyInput) -> Option<String> {
        Some(format!("{} {}", price.amount_minor.0, price.currency))
    }

    async fn ships(&self, to: Vec<CountryCode>) -> Option<usize> {
        Some(to.len())
    }

    async fn ends(&self, at: Option<DateTime<Utc>>) -> Option<bool> {
        Some(at.is_some())
    }
}

const BY_VARIABLES: &str = "query($price: MoneyInput!, $to: [CountryCode!]!, $at: DateTime) { \
    costs(price: $price) ships(to: $to) ends(at: $at) }";

async fn answer(query: &str, variables: &Value) -> (u16, Value) {
    let keys = TestIdentity::new("orders");
    let schema = Schema::build(Root(Query), EmptyMutation, EmptySubscription);
    let subgraph = SubgraphBuilder::new("things", schema, keys.access()).build();
    let token = keys.token(&Identity::anonymous());
    let call = Call { identity: Some(&token), ..Call::default() };
    let reply = subgraph.call(body(query, variables), call).await;
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

fn price(amount: &Value, currency: &Value) -> Value {
    json!({ "amountMinor": amount, "currency": currency })
}

#[tokio::test]
async fn what_is_one_is_read() {
    let given = json!({ "price": price(&json!("-7"), &json!("EUR")), "to": "DE", "at": "2026-01-01T00:00:00Z" });
    let expected = json!({ "costs": "-7 EUR", "ships": 1, "ends": true });
    assert_eq!(answer(BY_VARIABLES, &given).await, (200, json!({ "data": expected })));
    let written = "{ costs(price: { amountMinor: -7, currency: \"EUR\" }) ships(to: \"DE\") \
        ends(at: \"2026-01-01T00:00:00Z\") }";
    assert_eq!(answer(written, &json!({})).await, (200, json!({ "data": expected })));
}

#[tokio::test]
async fn what_is_none_in_a_variable_refuses_its_field_alone() {
    let euro = price(&json!("1"), &json!("EUR"));
    let of_money = |amount: Value, currency: Value| json!({ "price": price(&amount, &currency), "to": [] });
    for (variables, field, says) in [
        (of_money(json!("1"), json!("eur")), "costs", "CurrencyCode"),
        (of_money(json!("1"), json!(1)), "costs", "CurrencyCode"),
        (of_money(json!("1e3"), json!("EUR")), "costs", "BigInt"),
        (of_money(json!("9223372036854775808"), json!("EUR")), "costs", "BigInt"),
        (of_money(json!(1.5), json!("EUR")), "costs", "BigInt"),
        (json!({ "price": euro, "to": ["DE", "de"] }), "ships", "CountryCode"),
        (json!({ "price": euro, "to": [], "at": "today" }), "ends", "DateTime"),
    ] {
        let (status, response) = answer(BY_VARIABLES, &variables).await;
        assert_eq!((status, code(&response)), (200, "BAD_USER_INPUT"), "{response}");
        assert_eq!(response["errors"].as_array().unwrap().len(), 1, "{response}");
        assert_eq!(response["errors"][0]["path"], json!([field]));
        assert!(response["errors"][0]["message"].as_str().unwrap().contains(says), "{response}");
        let nulls = response["data"].as_object().unwrap().iter().filter(|(_, value)| value.is_null());
        assert_eq!(nulls.map(|(name, _)| name.as_str()).collect::<Vec<_>>(), [field], "{response}");
    }
}

#[tokio::test]
async fn so_does_what_is_none_in_the_document() {
    for (field, refused, says) in [
        ("costs", r#"costs(price: { amountMinor: "1", currency: "eur" })"#, "CurrencyCode"),
        ("costs", r#"costs(price: { amountMinor: "1", currency: EUR })"#, "CurrencyCode"),
        ("costs", r#"costs(price: { amountMinor: "1e3", currency: "EUR" })"#, "BigInt"),
        ("costs", r#"costs(price: { amountMinor: 9223372036854775808, currency: "EUR" })"#, "BigInt"),
        ("ships", r#"ships(to: ["DE", "Germany"])"#, "CountryCode"),
    ] {
        let (status, response) = answer(&format!("{{ {refused} ends }}"), &json!({})).await;
        assert_eq!((status, code(&response)), (200, "BAD_USER_INPUT"), "{response}");
        assert_eq!(response["data"], json!({ field: null, "ends": false }), "{response}");
        assert_eq!(response["errors"][0]["path"], json!([field]));
        assert!(response["errors"][0]["message"].as_str().unwrap().contains(says), "{response}");
    }
}
