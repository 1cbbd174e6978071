//! Keyset pages of orders, of everyone and of each user.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::paging::Direction;
use serde_json::{Value, json};

use super::{Shop, administrator, user_id};

const ALL: &str = "query ($first: Int, $after: String, $last: Int, $before: String) { \
    page: orders(first: $first, after: $after, last: $last, before: $before) { \
    edges { node { id placedAt } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
const OF_USER: &str = "query ($first: Int, $after: String, $last: Int, $before: String, $user: ID!) { \
    _entities(representations: [{ __typename: \"User\", id: $user }]) { ... on User { \
    page: orders(first: $first, after: $after, last: $last, before: $before) { \
    edges { node { id placedAt } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";

async fn walk(shop: &Shop, query: &str, size: i32, direction: Direction) -> Vec<String> {
    let mut pages: Vec<Vec<String>> = Vec::new();
    let mut cursor = Value::Null;
    for _ in 0..100 {
        let mut variables = json!({ "user": user_id(2) });
        let (length, position) = if direction == Direction::Forward { ("first", "after") } else { ("last", "before") };
        variables[length] = json!(size);
        variables[position] = cursor;
        let answer = shop.ask(&administrator(), query, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        let data = &answer["data"];
        let page = if data["page"].is_null() { &data["_entities"][0]["page"] } else { &data["page"] };
        let edges = page["edges"].as_array().unwrap();
        assert!(edges.is_sorted_by(|a, b| a["node"]["placedAt"].as_str() >= b["node"]["placedAt"].as_str()));
        pages.push(edges.iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned()).collect());
        let (more, next) = if direction == Direction::Forward {
            ("hasNextPage", "endCursor")
        } else {
            ("hasPreviousPage", "startCursor")
        };
        cursor = page["pageInfo"][next].clone();
        if page["pageInfo"][more] == false {
            break;
        }
    }
    if direction == Direction::Backward {
        pages.reverse();
    }
    pages.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_cover_everything_once_in_both_directions() {
    let shop = Shop::seeded().await;
    for (query, size, count) in [(ALL, 11, 72), (OF_USER, 1, 3)] {
        let forward = walk(&shop, query, size, Direction::Forward).await;
        assert_eq!(forward.len(), count);
        assert_eq!(walk(&shop, query, size, Direction::Backward).await, forward);
        let mut distinct = forward.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), count);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_pages_that_make_no_sense() {
    let shop = Shop::seeded().await;
    let key = json!({ "placed_at": -300_000_000_000_000_000_i64, "id": super::order_id(1) });
    let forged = URL_SAFE_NO_PAD.encode(json!(["orders:newest", key]).to_string());
    for (first, last, after) in [
        (Some(1), Some(1), None),
        (Some(101), None, None),
        (None, Some(-1), None),
        (Some(1), None, Some("x")),
        (Some(1), None, Some(forged.as_str())),
    ] {
        let variables = json!({ "first": first, "last": last, "after": after, "user": user_id(2) });
        for query in [ALL, OF_USER] {
            let answer = shop.ask(&administrator(), query, variables.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_PAGINATION", "{variables}");
        }
    }
}
