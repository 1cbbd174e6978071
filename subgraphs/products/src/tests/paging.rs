//! Lists of products: filters, orders, and keyset pages in both directions.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::paging::Direction;
use serde_json::{Value, json};

use super::{Catalogue, product};

/// Products of the small seed of which there are no pieces.
const SOLD_OUT: [u64; 5] = [2, 23, 26, 31, 42];

const PAGE: &str = "query ($filter: ProductFilter, $orderBy: ProductOrder, $first: Int, $after: String, \
    $last: Int, $before: String) { products(filter: $filter, orderBy: $orderBy, first: $first, after: $after, \
    last: $last, before: $before) { edges { cursor node { id name category createdAt \
    price { amountMinor currency } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

fn nodes(answer: &Value) -> Vec<Value> {
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let edges = answer["data"]["products"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"].clone()).collect()
}

async fn walk(catalogue: &Catalogue, order: &str, direction: Direction) -> Vec<Value> {
    let mut pages: Vec<Vec<Value>> = Vec::new();
    let mut cursor = Value::Null;
    for _ in 0..20 {
        let variables = if direction == Direction::Forward {
            json!({ "orderBy": order, "first": 7, "after": cursor })
        } else {
            json!({ "orderBy": order, "last": 7, "before": cursor })
        };
        let answer = catalogue.ask_as_anyone(PAGE, variables).await;
        pages.push(nodes(&answer));
        let info = &answer["data"]["products"]["pageInfo"];
        let (more, next) = if direction == Direction::Forward {
            ("hasNextPage", "endCursor")
        } else {
            ("hasPreviousPage", "startCursor")
        };
        cursor = info[next].clone();
        if info[more] == false {
            break;
        }
    }
    if direction == Direction::Backward {
        pages.reverse();
    }
    pages.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_walks_through_everything_both_ways() {
    let catalogue = Catalogue::seeded().await;
    let key = |order: &str, node: &Value| match order {
        "NAME" => (node["name"].as_str().unwrap().to_lowercase(), 0),
        "NEWEST" => (node["createdAt"].as_str().unwrap().to_owned(), 0),
        _ => (
            node["price"]["currency"].as_str().unwrap().to_owned(),
            node["price"]["amountMinor"].as_str().unwrap().parse::<i64>().unwrap(),
        ),
    };
    for order in ["NAME", "PRICE_ASCENDING", "PRICE_DESCENDING", "NEWEST"] {
        let forward = walk(&catalogue, order, Direction::Forward).await;
        assert_eq!(forward.len(), 60, "{order}");
        let mut keys: Vec<_> = forward.iter().map(|node| key(order, node)).collect();
        if matches!(order, "PRICE_DESCENDING" | "NEWEST") {
            keys.reverse();
        }
        assert!(keys.is_sorted(), "{order}");
        assert_eq!(walk(&catalogue, order, Direction::Backward).await, forward, "{order}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_the_list_and_its_pages() {
    let catalogue = Catalogue::seeded().await;
    let all = walk(&catalogue, "NAME", Direction::Forward).await;
    let expect = async |filter: Value, keep: &dyn Fn(&Value) -> bool| {
        let answer = catalogue.ask_as_anyone(PAGE, json!({ "filter": filter, "first": 100 })).await;
        let expected: Vec<_> = all.iter().filter(|node| keep(node)).cloned().collect();
        assert!(!expected.is_empty(), "{filter}");
        assert_eq!(nodes(&answer), expected, "{filter}");
    };
    expect(json!({ "category": "Kitchen" }), &|node| node["category"] == "Kitchen").await;
    let sold_out: Vec<String> = SOLD_OUT.iter().map(|number| product(*number)).collect();
    let is_sold_out = |node: &Value| sold_out.iter().any(|id| node["id"] == **id);
    expect(json!({ "inStock": true }), &|node| !is_sold_out(node)).await;
    expect(json!({ "inStock": false }), &|node| is_sold_out(node)).await;
    let minor = |node: &Value| node["price"]["amountMinor"].as_str().unwrap().parse::<i64>().unwrap();
    expect(json!({ "price": { "currency": "EUR", "minMinor": "5000", "maxMinor": 20_000 } }), &|node| {
        node["price"]["currency"] == "EUR" && (5_000..=20_000).contains(&minor(node))
    })
    .await;
    let prefix = all[0]["name"].as_str().unwrap()[..4].to_uppercase();
    expect(json!({ "nameStartsWith": prefix }), &|node| {
        node["name"].as_str().unwrap().to_uppercase().starts_with(&prefix)
    })
    .await;
    let answer = catalogue.ask_as_anyone(PAGE, json!({ "filter": { "nameStartsWith": "%" } })).await;
    assert_eq!(nodes(&answer), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_pages_that_make_no_sense() {
    let catalogue = Catalogue::seeded().await;
    let answer = catalogue.ask_as_anyone(PAGE, json!({ "orderBy": "NAME", "first": 1 })).await;
    let cursor = answer["data"]["products"]["pageInfo"]["endCursor"].clone();
    let forged = |ordering: &str, key: Value| URL_SAFE_NO_PAD.encode(json!([ordering, key]).to_string());
    for variables in [
        json!({ "after": forged("products:name", json!({ "Name": ["\0", product(1)] })) }),
        json!({ "after": forged("products:name", json!({ "Price": ["EUR", 1, product(1)] })) }),
        json!({ "after": forged("products:price", json!({ "Price": ["\0", 1, product(1)] })), "orderBy": "PRICE_ASCENDING" }),
        json!({ "before": forged("products:newest", json!({ "Age": [-300_000_000_000_000_000_i64, product(1)] })), "orderBy": "NEWEST" }),
        json!({ "first": 1, "last": 1 }),
        json!({ "first": -1 }),
        json!({ "first": 101 }),
        json!({ "last": 101 }),
        json!({ "first": 1, "after": "garbage" }),
        json!({ "first": 1, "after": product(1) }),
        json!({ "first": 1, "after": cursor, "orderBy": "NEWEST" }),
    ] {
        let answer = catalogue.ask_as_anyone(PAGE, variables.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_PAGINATION", "{variables}");
    }
    for (text, reason) in [
        ("x".repeat(201), "A filter's text has at most 200 characters"),
        ("\0".to_owned(), "A filter's text has no NUL character"),
    ] {
        let answer = catalogue.ask_as_anyone(PAGE, json!({ "filter": { "nameStartsWith": text } })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!(answer["errors"][0]["message"], reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_page_leaves_what_stands_beside_it_alone() {
    let catalogue = Catalogue::seeded().await;
    let query = "query ($id: ID!) { products(first: -1) { edges { cursor } } product(id: $id) { id } }";
    let answer = catalogue.ask_as_anyone(query, json!({ "id": product(1) })).await;
    assert_eq!(answer["data"], json!({ "products": null, "product": { "id": product(1) } }));
    assert!(
        catalogue.subgraph.sdl().contains(") : ProductConnection\n")
            || catalogue.subgraph.sdl().contains("): ProductConnection\n")
    );
}
