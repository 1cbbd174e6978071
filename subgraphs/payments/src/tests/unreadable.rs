//! A payment of which something is stored that this build can't read: it fails alone.

use axum::http::{Request as HttpRequest, StatusCode};
use kit::internal::InternalConfig;
use serde_json::json;
use wire::identity::{IDENTITY_HEADER, Identity};

use super::graphql::{Shop, administrator, order_id};
use super::internal::call;
use super::*;

const LIST: &str = "query ($after: String) { payments(first: 2, after: $after) { \
    edges { node { id } } pageInfo { endCursor hasNextPage } } }";
const ENTITIES: &str = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
    ... on Payment { id } ... on Order { payments { id } } } }";

/// Three payments, of orders 1 to 3, of which the second can't be read.
async fn spoilt(shop: &Shop) -> [String; 3] {
    let mut ids = Vec::new();
    for number in 1..=3 {
        let paid = shop.pay(&order_id(number), 1_000, &number.to_string()).await;
        ids.push(paid["payment"]["id"].as_str().unwrap().to_owned());
    }
    let listed = async || {
        let page = shop.ask(&administrator(), LIST, json!({})).await;
        (page["data"]["payments"]["pageInfo"]["hasNextPage"] == true).then_some(())
    };
    wait_for("the read model", listed).await;
    let spoil = format!(
        "SET session_replication_role = replica; UPDATE event SET data = 'spoilt' WHERE stream_id = '{}' AND version = 2",
        PaymentId::parse(&ids[1]).unwrap().uuid(),
    );
    shop.till.database().bulk_connection().await.unwrap().batch_execute(&spoil).await.unwrap();
    ids.try_into().unwrap()
}

fn errors(answer: &Value) -> Vec<(Value, &str)> {
    let errors = answer["errors"].as_array().unwrap();
    errors.iter().map(|error| (error["path"].clone(), error["extensions"]["code"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_entities_show_the_others() {
    let shop = Shop::open().await;
    let [first, second, third] = spoilt(&shop).await;
    let node = |id: &str| json!([{ "node": { "id": id } }]);
    // Newest first. Nothing is told of what is on the next page.
    let one = "{ payments(first: 1) { edges { node { id } } pageInfo { hasNextPage } } }";
    let page = shop.ask(&administrator(), one, json!({})).await;
    let expected = json!({ "edges": node(&third), "pageInfo": { "hasNextPage": true } });
    assert_eq!((&page["data"]["payments"], &page["errors"]), (&expected, &Value::Null), "{page}");
    // It has its place all the same.
    let page = shop.ask(&administrator(), LIST, json!({})).await;
    let payments = &page["data"]["payments"];
    assert_eq!((&payments["edges"], &payments["pageInfo"]["hasNextPage"]), (&node(&third), &json!(true)), "{page}");
    assert_eq!(errors(&page), [(json!(["payments"]), "INTERNAL_SERVER_ERROR")], "{page}");
    assert!(!page.to_string().contains("spoilt"), "{page}");
    let rest = shop.ask(&administrator(), LIST, json!({ "after": payments["pageInfo"]["endCursor"] })).await;
    assert_eq!((&rest["data"]["payments"]["edges"], &rest["errors"]), (&node(&first), &Value::Null), "{rest}");

    let payment = |id: &str| json!({ "__typename": "Payment", "id": id });
    let order = |number: u64| json!({ "__typename": "Order", "id": order_id(number) });
    let representations = [payment(&first), payment(&second), payment(&third), order(1), order(2)];
    let answer = shop.ask(&administrator(), ENTITIES, json!({ "representations": representations })).await;
    let of_first = json!({ "payments": [{ "id": first }] });
    let found = json!([{ "id": first }, null, { "id": third }, of_first, { "payments": [] }]);
    assert_eq!(answer["data"]["_entities"], found, "{answer}");
    let mut told = errors(&answer);
    told.sort_by_key(|(path, _)| path.to_string());
    let code = "INTERNAL_SERVER_ERROR";
    assert_eq!(told, [(json!(["_entities", 1]), code), (json!(["_entities", 4, "payments"]), code)], "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn services_are_told_which_it_is() {
    let shop = Shop::open().await;
    let [first, second, third] = spoilt(&shop).await;
    let access = shop.identity.access();
    let router = crate::internal_api(shop.till.database(), access, InternalConfig::default()).router;
    let token = shop.identity.token(&Identity::service("orders"));
    let get = |path: &str| HttpRequest::get(format!("/internal/v1/payments{path}")).header(IDENTITY_HEADER, &token);
    let (status, list) = call(&router, get(&format!("?ids={first},{second},{third}")), String::new()).await;
    assert_eq!((status, &list["unreadable"]), (StatusCode::OK, &json!([second])), "{list}");
    let ids = list["payments"].as_array().unwrap().iter().map(|payment| payment["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids, [json!(first), json!(third)]);
    let (status, _) = call(&router, get(&format!("?ids={second}")), String::new()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(call(&router, get(&format!("/{second}")), String::new()).await.0, StatusCode::INTERNAL_SERVER_ERROR);
}
