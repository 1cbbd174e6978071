//! No N+1.

use super::*;

async fn statements(fixture: &Fixture, query: &str, variables: Value) -> u64 {
    let before = fixture.database.database().statements_executed();
    let response = fixture.run_with(&administrator(), query, variables).await;
    assert_eq!(codes(&response), [""; 0], "{response}");
    fixture.database.database().statements_executed() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_users_with_addresses_takes_two_statements() {
    let fixture = Fixture::new().await;
    let query = "{ users(first: 24) { edges { node { name email addresses { city } } } } }";
    assert_eq!(statements(&fixture, query, json!({})).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_entities_takes_two_statements() {
    let fixture = Fixture::new().await;
    let query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { name addresses { city } } } }";
    let representations: Vec<Value> =
        (1..=200).map(|number| json!({ "__typename": "User", "id": user(number % 30 + 1) })).collect();
    assert_eq!(statements(&fixture, query, json!({ "r": representations })).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_user_asked_for_twice_is_read_once() {
    let fixture = Fixture::new().await;
    let query = format!("{{ me {{ name }} a: user(id: \"{0}\") {{ name }} b: user(id: \"{0}\") {{ name }} }}", user(1));
    assert_eq!(statements(&fixture, &query, json!({})).await, 1);
}
