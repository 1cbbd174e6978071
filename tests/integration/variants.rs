//! A product that comes in variants, over all services: bought by variant, at the variant's price, out of the variant's stock.

use kit::testing::wait_within;
use serde_json::Value;

use crate::buying::{PURCHASE_MAX, ask, until_status};
use crate::support::shop::Shop;

/// Adds a product of 20 euros with five pieces; its id.
async fn add_product(url: &str, administrator: &str) -> String {
    let mutation = "mutation { createProduct(input: { sku: \"SHIRT-1\", name: \"Shirt\", category: \"Shirts\", weight: 200, stock: 5, \
        price: { amountMinor: \"2000\", currency: \"EUR\" } }) { product { id } errors { __typename } } }";
    let data = ask(url, administrator, mutation).await;
    data["createProduct"]["product"]["id"].as_str().unwrap_or_else(|| panic!("{data}")).to_owned()
}

/// Adds a variant with pieces of its own; its id.
async fn add_variant(
    url: &str,
    administrator: &str,
    product: &str,
    (size, price): (&str, &str),
    version: i32,
) -> String {
    let mutation = format!(
        "mutation {{ addVariant(input: {{ productId: \"{product}\", expectedVersion: {version}, sku: \"SHIRT-1-{size}\", price: {price}, \
         attributes: [{{ name: \"Size\", value: \"{size}\" }}] }}) {{ product {{ variants {{ id sku }} }} errors {{ __typename }} }} }}"
    );
    let data = ask(url, administrator, &mutation).await;
    let variants = data["addVariant"]["product"]["variants"].as_array().unwrap_or_else(|| panic!("{data}"));
    let id = variants.last().expect("a variant")["id"].as_str().expect("an id").to_owned();
    let restock = format!(
        "mutation {{ restock(input: {{ id: \"{product}\", variantId: \"{id}\", quantity: 6, idempotencyKey: \"first\" }}) {{ \
         errors {{ __typename }} }} }}"
    );
    // Once stock has heard of it.
    wait_within(PURCHASE_MAX, "the variant to be stocked", async || {
        let data = ask(url, administrator, &restock).await;
        data["restock"]["errors"].as_array().expect("errors").is_empty().then_some(())
    })
    .await;
    id
}

/// Orders these pieces of a product, each of a variant or of none; what the mutation says.
async fn place_variants(url: &str, token: &str, product: &str, lines: &[(Option<&str>, i64)]) -> Value {
    let line = |(variant, quantity): &(Option<&str>, i64)| {
        let variant = variant.map(|variant| format!("variantId: \"{variant}\", ")).unwrap_or_default();
        format!("{{ productId: \"{product}\", {variant}quantity: {quantity} }}")
    };
    let lines: Vec<String> = lines.iter().map(line).collect();
    let key = uuid::Uuid::now_v7();
    let mutation = format!(
        "mutation {{ placeOrder(input: {{ idempotencyKey: \"{key}\", paymentMethod: \"pm_card_visa\", lines: [{}] }}) {{ \
         order {{ id total {{ amountMinor }} }} errors {{ __typename }} }} }}",
        lines.join(", ")
    );
    ask(url, token, &mutation).await["placeOrder"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_is_bought_at_its_price_and_its_stock_alone_falls() {
    let shop = Shop::start("small").await;
    let (url, customer, administrator) = (shop.dev.graphql(), &shop.customer, &shop.administrator);
    let product = add_product(&url, administrator).await;
    let small = add_variant(&url, administrator, &product, ("S", "null"), 1).await;
    let large =
        add_variant(&url, administrator, &product, ("L", "{ amountMinor: \"2500\", currency: \"EUR\" }"), 2).await;
    let stocks = async || {
        let query = format!("{{ product(id: \"{product}\") {{ stock inStock variants {{ stock inStock }} }} }}");
        let product = ask(&url, customer, &query).await["product"].clone();
        let of = |place: usize| product["variants"][place]["stock"].as_i64();
        (product["stock"].as_i64(), of(0), of(1), product["inStock"].as_bool())
    };
    let listed = async || {
        let query = "{ products(filter: { category: \"Shirts\", inStock: true }) { edges { node { id } } } }";
        ask(&url, customer, query).await["products"]["edges"].as_array().map(Vec::len)
    };
    // The five pieces of the product itself are sold no more.
    assert_eq!(stocks().await, (Some(12), Some(6), Some(6), Some(true)));
    for lines in [&[(None, 1)][..], &[(Some(small.as_str()), 1), (None, 1)]] {
        let refused = place_variants(&url, customer, &product, lines).await;
        assert_eq!(refused["errors"][0]["__typename"], "VariantRequiredError", "{refused}");
    }

    let placed = place_variants(&url, customer, &product, &[(Some(large.as_str()), 2)]).await;
    assert_eq!(placed["order"]["total"]["amountMinor"], "5000", "{placed}");
    let order = placed["order"]["id"].as_str().expect("an id");
    until_status(&url, customer, order, "PAID").await;
    let query = format!(
        "{{ order(id: \"{order}\") {{ payments {{ amount {{ amountMinor }} }} \
         lines {{ unitPrice {{ amountMinor }} product {{ name }} variant {{ id sku attributes {{ value }} }} }} }} }}"
    );
    let data = ask(&url, customer, &query).await["order"].clone();
    assert_eq!(data["payments"][0]["amount"]["amountMinor"], "5000", "{data}");
    let (line, variant) = (&data["lines"][0], &data["lines"][0]["variant"]);
    assert_eq!((&line["unitPrice"]["amountMinor"], &line["product"]["name"]), (&"2500".into(), &"Shirt".into()));
    assert_eq!((&variant["id"], &variant["sku"]), (&large.as_str().into(), &"SHIRT-1-L".into()));
    assert_eq!(stocks().await, (Some(10), Some(6), Some(4), Some(true)));
    wait_within(PURCHASE_MAX, "the product to be listed", async || (listed().await == Some(1)).then_some(())).await;

    let rest = place_variants(&url, customer, &product, &[(Some(large.as_str()), 4), (Some(small.as_str()), 6)]).await;
    assert_eq!(rest["order"]["total"]["amountMinor"], "22000", "{rest}");
    until_status(&url, customer, rest["order"]["id"].as_str().expect("an id"), "PAID").await;
    assert_eq!(stocks().await, (Some(0), Some(0), Some(0), Some(false)));
    wait_within(PURCHASE_MAX, "the list to be empty", async || (listed().await == Some(0)).then_some(())).await;
}
