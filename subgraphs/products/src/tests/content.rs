//! Categories, variants, content and pages as their callers meet them.

use serde_json::{Value, json};
use wire::events::products::ProductEvent;
use wire::identity::Identity;

use super::{Catalogue, product};

const DEFINE: &str = "mutation ($input: DefineCategoryInput!) { defineCategory(input: $input) { \
    category { name version closed attributes { name kind required allowed } } \
    errors { __typename ... on CategoryVersionConflictError { currentVersion } } } }";
const CREATE: &str = "mutation ($input: CreateProductInput!) { createProduct(input: $input) { \
    product { id } errors { __typename ... on InvalidProductError { field message } } } }";
const UPDATE: &str = "mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { \
    product { version blocks { __typename ... on TextBlock { markdown } ... on ShelfBlock { products { id } } } } \
    errors { __typename } } }";
const ADD_VARIANT: &str = "mutation ($input: AddVariantInput!) { addVariant(input: $input) { \
    product { version variants { id sku price { amountMinor } attributes { value } product { id } } } \
    errors { __typename ... on InvalidProductError { field } ... on SkuTakenError { sku } } } }";
const REMOVE_VARIANT: &str = "mutation ($input: RemoveVariantInput!) { removeVariant(input: $input) { \
    product { variants { id } } errors { __typename } } }";
const WITHDRAW: &str = "mutation ($input: WithdrawProductInput!) { withdrawProduct(input: $input) { \
    product { withdrawn } errors { __typename } } }";
const PAGE_FIELDS: &str = "page { id slug status version } errors { __typename ... on SlugTakenError { slug } \
    ... on PageVersionConflictError { currentVersion } ... on PageTransitionError { status } ... on InvalidPageError { field } }";

async fn write(catalogue: &Catalogue, query: &str, input: Value) -> Value {
    let answer = catalogue.ask_as_administrator(query, json!({ "input": input })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let mut fields: Vec<Value> = answer["data"].as_object().unwrap().values().cloned().collect();
    fields.remove(0)
}

async fn write_page(catalogue: &Catalogue, mutation: &str, kind: &str, input: Value) -> Value {
    let query = format!("mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {PAGE_FIELDS} }} }}");
    write(catalogue, &query, input).await
}

fn pot(sku: &str, attributes: Value) -> Value {
    json!({ "sku": sku, "name": "Pot", "price": { "amountMinor": "1999", "currency": "EUR" }, "category": "Pots",
        "weight": 900, "attributes": attributes })
}

#[tokio::test(flavor = "multi_thread")]
async fn products_keep_to_their_categorys_schema() {
    let catalogue = Catalogue::seeded().await;
    let free = write(&catalogue, CREATE, pot("POT-0", json!([]))).await;
    assert_eq!(free["errors"], json!([]), "nobody has described the category");
    let schema = json!({ "name": "Pots", "expectedVersion": 0, "closed": true, "attributes": [
        { "name": "Capacity", "kind": "DECIMAL", "required": true },
        { "name": "Colour", "kind": "TEXT", "allowed": ["blue", "red"] }] });
    let defined = write(&catalogue, DEFINE, schema.clone()).await;
    assert_eq!((&defined["errors"], &defined["category"]["version"]), (&json!([]), &json!(1)));
    let again = write(&catalogue, DEFINE, schema).await;
    assert_eq!(again["errors"][0], json!({ "__typename": "CategoryVersionConflictError", "currentVersion": 1 }));
    let wrong = json!({ "name": "Cups", "expectedVersion": 0, "attributes": [
        { "name": "Size", "kind": "INTEGER", "allowed": ["big"] }] });
    assert_eq!(write(&catalogue, DEFINE, wrong).await["errors"][0]["__typename"], "InvalidCategoryError");
    for (attributes, errors) in [
        (json!([{ "name": "Capacity", "value": "1.5" }, { "name": "Colour", "value": "red" }]), 0),
        (json!([]), 1),
        (json!([{ "name": "Capacity", "value": "much" }, { "name": "Colour", "value": "green" }]), 2),
        (json!([{ "name": "Capacity", "value": "1" }, { "name": "Story", "value": "long" }]), 1),
    ] {
        let created = write(&catalogue, CREATE, pot("POT-1", attributes.clone())).await;
        assert_eq!(created["errors"].as_array().unwrap().len(), errors, "{attributes}: {created}");
    }
    // One that was there goes on; once its attributes are written they are asked for.
    let id = &free["product"]["id"];
    let renamed = write(&catalogue, UPDATE, json!({ "id": id, "expectedVersion": 1, "name": "Old pot" })).await;
    assert_eq!(renamed["errors"], json!([]));
    let attributes = json!({ "id": id, "expectedVersion": 2, "attributes": [{ "name": "Colour", "value": "red" }] });
    assert_eq!(write(&catalogue, UPDATE, attributes).await["errors"][0]["__typename"], "InvalidProductError");
    let moved = json!({ "id": product(1), "expectedVersion": 1, "category": "Pots" });
    assert_eq!(write(&catalogue, UPDATE, moved).await["errors"][0]["__typename"], "InvalidProductError");
    let query = "{ categories { name attributes { name kind } } }";
    let answer = catalogue.ask_as_anyone(query, json!({})).await;
    assert_eq!(answer["data"]["categories"][0]["attributes"][0], json!({ "name": "Capacity", "kind": "DECIMAL" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn variants_come_and_go() {
    let catalogue = Catalogue::seeded().await;
    let variant = |version: i32, sku: &str, size: &str, price: Value| {
        json!({ "productId": product(1), "expectedVersion": version, "sku": sku, "price": price,
            "attributes": [{ "name": "Size", "value": size }] })
    };
    let euro = json!({ "amountMinor": "5", "currency": "EUR" });
    let small = write(&catalogue, ADD_VARIANT, variant(1, "VAR-S", "S", Value::Null)).await;
    assert_eq!(small["errors"], json!([]), "{small}");
    let large = write(&catalogue, ADD_VARIANT, variant(2, "VAR-L", "L", euro.clone())).await;
    let variants = &large["product"]["variants"];
    assert_eq!(
        (&variants[1]["price"]["amountMinor"], &variants[1]["product"]["id"]),
        (&json!("5"), &json!(product(1)))
    );
    assert_ne!(variants[0]["price"]["amountMinor"], "5");
    for (input, kind) in [
        (variant(2, "VAR-X", "X", Value::Null), "ProductVersionConflictError"),
        (variant(3, "VAR-S", "X", Value::Null), "SkuTakenError"),
        (variant(3, "no sku", "X", Value::Null), "InvalidProductError"),
        (variant(3, "VAR-X", "S", Value::Null), "InvalidProductError"),
        (variant(3, "VAR-X", "X", json!({ "amountMinor": "5", "currency": "USD" })), "InvalidProductError"),
    ] {
        assert_eq!(write(&catalogue, ADD_VARIANT, input.clone()).await["errors"][0]["__typename"], kind, "{input}");
    }
    let id = variants[1]["id"].clone();
    let entities = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
        ... on ProductVariant { sku } } }";
    let representations = json!({ "representations": [{ "__typename": "ProductVariant", "id": id }] });
    let answer = catalogue.ask_as_anyone(entities, representations.clone()).await;
    assert_eq!(answer["data"]["_entities"][0]["sku"], "VAR-L", "{answer}");
    // Prices of their own and the product's are in one currency.
    let price = "mutation ($input: ChangePriceInput!) { changePrice(input: $input) { errors { __typename } } }";
    let dollars = json!({ "id": product(1), "expectedVersion": 3, "price": { "amountMinor": "5", "currency": "USD" } });
    assert_eq!(write(&catalogue, price, dollars).await["errors"][0]["__typename"], "InvalidProductError");
    let remove = |version: i32| json!({ "productId": product(1), "expectedVersion": version, "variantId": id });
    let removed = write(&catalogue, REMOVE_VARIANT, remove(3)).await;
    assert_eq!(removed["product"]["variants"].as_array().unwrap().len(), 1);
    let again = write(&catalogue, REMOVE_VARIANT, remove(4)).await;
    assert_eq!(again["errors"][0]["__typename"], "ProductVariantNotFoundError");
    let answer = catalogue.ask_as_anyone(entities, representations).await;
    assert_eq!(answer["data"]["_entities"], json!([null]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_can_be_read_and_not_written() {
    let catalogue = Catalogue::seeded().await;
    let withdraw = |version: i32| json!({ "id": product(1), "expectedVersion": version });
    let withdrawn = write(&catalogue, WITHDRAW, withdraw(1)).await;
    assert_eq!(withdrawn, json!({ "product": { "withdrawn": true }, "errors": [] }));
    assert_eq!(write(&catalogue, WITHDRAW, withdraw(2)).await["errors"][0]["__typename"], "ProductWithdrawnError");
    let name = json!({ "id": product(1), "expectedVersion": 2, "name": "Back" });
    assert_eq!(write(&catalogue, UPDATE, name).await["errors"][0]["__typename"], "ProductWithdrawnError");
    let query = "query ($id: ID!) { product(id: $id) { withdrawn } products(first: 100) { edges { node { id } } } }";
    let answer = catalogue.ask_as_anyone(query, json!({ "id": product(1) })).await;
    assert_eq!(answer["data"]["product"]["withdrawn"], true);
    assert_eq!(answer["data"]["products"]["edges"].as_array().unwrap().len(), 59);
}

#[tokio::test(flavor = "multi_thread")]
async fn content_stands_beside_products() {
    let catalogue = Catalogue::seeded().await;
    let shelf = json!([{ "text": "Goes well with" }, { "shelf": [product(2), product(3)] }]);
    let write_blocks = async |version: i32, blocks: Value| {
        write(&catalogue, UPDATE, json!({ "id": product(1), "expectedVersion": version, "blocks": blocks })).await
    };
    let written = write_blocks(1, shelf).await;
    let expected = json!([{ "__typename": "TextBlock", "markdown": "Goes well with" },
        { "__typename": "ShelfBlock", "products": [{ "id": product(2) }, { "id": product(3) }] }]);
    assert_eq!(written["product"]["blocks"], expected, "{written}");
    for blocks in [
        json!([{}]),
        json!([{ "text": "a", "heading": "b" }]),
        json!([{ "text": "" }]),
        json!([{ "shelf": [] }]),
        json!([{ "shelf": [product(2), product(999_999)] }]),
        json!([{ "image": { "address": "javascript:alert(1)", "caption": "x" } }]),
        Value::Array(vec![json!({ "text": "x" }); 51]),
    ] {
        assert_eq!(write_blocks(2, blocks.clone()).await["errors"][0]["__typename"], "InvalidProductError", "{blocks}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_once_they_are_published() {
    let catalogue = Catalogue::seeded().await;
    let create = |slug: &str| json!({ "slug": slug, "title": "Sale", "blocks": [{ "heading": "Sale!" }] });
    let page = write_page(&catalogue, "createPage", "CreatePageInput", create("sale")).await["page"].clone();
    let taken = write_page(&catalogue, "createPage", "CreatePageInput", create("sale")).await;
    assert_eq!(taken["errors"][0], json!({ "__typename": "SlugTakenError", "slug": "sale" }));
    let wrong = write_page(&catalogue, "createPage", "CreatePageInput", create("No Slug")).await;
    assert_eq!(wrong["errors"][0], json!({ "__typename": "InvalidPageError", "field": "slug" }));
    let is_read = async || {
        let query = "query ($representations: [_Any!]!) { page(slug: \"sale\") { title } pages { edges { node { slug } } } \
            _entities(representations: $representations) { ... on Page { slug } } }";
        let representations = json!({ "representations": [{ "__typename": "Page", "id": page["id"] }] });
        let answer = catalogue.ask_as_anyone(query, representations.clone()).await;
        let is_listed = answer["data"]["pages"]["edges"] != json!([]);
        assert_eq!(is_listed, answer["data"]["page"] != Value::Null, "{answer}");
        assert_eq!(is_listed, answer["data"]["_entities"] != json!([null]), "{answer}");
        let answer = catalogue.ask_as_administrator(query, representations).await;
        assert_eq!(answer["data"]["_entities"].as_array().map(Vec::len), Some(1), "{answer}");
        assert_ne!(answer["data"]["_entities"], json!([null]), "{answer}");
        is_listed
    };
    let turn = async |mutation: &str, version: i32| {
        let input = json!({ "id": page["id"], "expectedVersion": version });
        write_page(&catalogue, mutation, "PageVersionInput", input).await
    };
    assert!(!is_read().await);
    let early = turn("withdrawPage", 1).await;
    assert_eq!(early["errors"][0], json!({ "__typename": "PageTransitionError", "status": "DRAFT" }));
    assert_eq!(turn("publishPage", 1).await["page"]["status"], "PUBLISHED");
    assert!(is_read().await);
    assert_eq!(turn("publishPage", 2).await["errors"][0]["status"], "PUBLISHED");
    let stale = turn("withdrawPage", 1).await;
    assert_eq!(stale["errors"][0], json!({ "__typename": "PageVersionConflictError", "currentVersion": 2 }));
    let update = json!({ "id": page["id"], "expectedVersion": 2, "slug": "sale", "title": "New", "blocks": [] });
    assert_eq!(write_page(&catalogue, "updatePage", "UpdatePageInput", update).await["page"]["version"], 3);
    assert_eq!(turn("withdrawPage", 3).await["page"]["status"], "WITHDRAWN");
    assert!(!is_read().await);
    let drafts = "{ pages(status: WITHDRAWN) { edges { node { slug } } } }";
    let answer = catalogue.ask_as_anyone(drafts, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let answer = catalogue.ask_as_administrator(drafts, json!({})).await;
    assert_eq!(answer["data"]["pages"]["edges"][0]["node"]["slug"], "sale");
    let told: Vec<_> = super::telling::told(&catalogue).await;
    let told: Vec<ProductEvent> = told.iter().map(|told| ProductEvent::read(told).unwrap().unwrap()).collect();
    assert!(matches!(
        &told[..],
        [ProductEvent::PagePublished(_), ProductEvent::PagePublished(_), ProductEvent::PageWithdrawn(_)]
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_on_a_pages_shelf_is_there() {
    let catalogue = Catalogue::seeded().await;
    let blocks = |products: &[String]| json!([{ "heading": "Sale!" }, { "shelf": products }]);
    let create = async |slug: &str, products: &[String]| {
        let input = json!({ "slug": slug, "title": "Sale", "blocks": blocks(products) });
        write_page(&catalogue, "createPage", "CreatePageInput", input).await
    };
    let refused = json!([{ "__typename": "InvalidPageError", "field": "blocks" }]);
    assert_eq!(create("sale", &[product(1), product(999_999)]).await["errors"], refused);
    let page = create("sale", &[product(1), product(2)]).await["page"].clone();
    // One that is sold no more stays on the shelf, out of sight.
    let withdraw = json!({ "id": product(1), "expectedVersion": 1 });
    assert_eq!(write(&catalogue, WITHDRAW, withdraw).await["errors"], json!([]));
    let update = async |version: i32, products: &[String]| {
        let input = json!({ "id": page["id"], "expectedVersion": version, "slug": "sale", "title": "Sale",
            "blocks": blocks(products) });
        write_page(&catalogue, "updatePage", "UpdatePageInput", input).await
    };
    assert_eq!(update(1, &[product(1), product(2)]).await["page"]["version"], 2);
    assert_eq!(update(2, &[product(999_999)]).await["errors"], refused);
    let shown = "{ page(slug: \"sale\") { blocks { ... on ShelfBlock { products { id } } } } }";
    let answer = catalogue.ask_as_administrator(shown, json!({})).await;
    assert_eq!(answer["data"]["page"]["blocks"][1]["products"], json!([{ "id": product(2) }]), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_write_content() {
    let catalogue = Catalogue::seeded().await;
    let read = json!({ "id": product(1), "expectedVersion": 1 });
    let category = json!({ "name": "Pots", "expectedVersion": 0, "attributes": [] });
    let page = "mutation ($input: CreatePageInput!) { createPage(input: $input) { page { id } } }";
    for (query, input) in [(WITHDRAW, read), (DEFINE, category), (page, json!({ "slug": "sale", "title": "Sale" }))] {
        for (identity, code) in [(Identity::anonymous(), "UNAUTHENTICATED"), (Identity::service("orders"), "FORBIDDEN")]
        {
            let answer = catalogue.ask(&identity, query, json!({ "input": input })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{query}: {answer}");
        }
    }
}
