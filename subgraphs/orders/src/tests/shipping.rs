//! `Product.shippingEstimate`, from what `@requires` hands in.

use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Shop, product_id};

const ESTIMATE: &str = "query ($representations: [_Any!]!, $country: CountryCode!) { \
    _entities(representations: $representations) { ... on Product { \
    shippingEstimate(country: $country) { amountMinor currency } } } }";

fn representation(number: u64, price: Value, weight: Value) -> Value {
    json!({ "__typename": "Product", "id": product_id(number).to_string(), "price": price, "weight": weight })
}

#[test]
fn the_contract_says_what_the_estimate_requires() {
    let sdl = crate::sdl();
    assert_eq!(sdl, crate::sdl());
    for part in [
        r#"type Order @key(fields: "id") {"#,
        r#"type Product @key(fields: "id") {"#,
        r#"type User @key(fields: "id") {"#,
        "  price: Money! @external",
        "  weight: Int! @external",
        r#"): Money @requires(fields: "price { amountMinor currency } weight")"#,
    ] {
        assert!(sdl.contains(part), "{part} in:\n{sdl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn estimates_each_representation_on_its_own() {
    let shop = Shop::seeded().await;
    let euro = |minor: Value| json!({ "amountMinor": minor, "currency": "EUR" });
    let representations = json!([
        representation(1, euro(json!("1000")), json!(1_500)),
        representation(2, euro(json!(1_000)), json!(500)),
        representation(3, json!({ "amountMinor": "1", "currency": "JPY" }), json!(1)),
        representation(4, Value::Null, json!(1)),
        representation(5, euro(json!("many")), json!("heavy")),
        { "__typename": "Product", "id": product_id(6).to_string() },
        representation(7, json!({ "__typename": "Money", "amountMinor": "1000", "currency": "EUR" }), json!(1)),
    ]);
    let variables = json!({ "representations": representations, "country": "FR" });
    let answer = shop.ask(&Identity::anonymous(), ESTIMATE, variables).await;
    let found = answer["data"]["_entities"].as_array().unwrap();
    let minor: Vec<_> = found.iter().map(|product| product["shippingEstimate"]["amountMinor"].as_str()).collect();
    assert_eq!(minor, [Some("1230"), Some("1110"), None, None, None, None, Some("1110")], "{answer}");
    let mut paths: Vec<String> =
        answer["errors"].as_array().unwrap().iter().map(|error| error["path"].to_string()).collect();
    paths.sort();
    let expected: Vec<String> = (2..=5).map(|index| format!(r#"["_entities",{index},"shippingEstimate"]"#)).collect();
    assert_eq!(paths, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_countries_without_a_tariff_and_what_is_no_country() {
    let shop = Shop::seeded().await;
    let product = representation(1, json!({ "amountMinor": "1000", "currency": "EUR" }), json!(1_500));
    for (country, code, message) in
        [("AQ", "BAD_USER_INPUT", "We do not ship to AQ"), ("Germany", "BAD_USER_INPUT", "CountryCode")]
    {
        let variables = json!({ "representations": [product], "country": country });
        let answer = shop.ask(&Identity::anonymous(), ESTIMATE, variables).await;
        let error = &answer["errors"][0];
        assert!(error["message"].as_str().unwrap().contains(message), "{answer}");
        assert_eq!(error["extensions"]["code"], code, "{answer}");
    }
}
