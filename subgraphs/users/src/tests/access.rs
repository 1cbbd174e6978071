//! Who sees what.

use super::*;

const PRIVATE: &str = "name email addresses { city }";

#[tokio::test(flavor = "multi_thread")]
async fn a_user_sees_their_own_profile_whole() {
    let fixture = Fixture::new().await;
    let response = fixture.run(&customer(), &format!("{{ me {{ {PRIVATE} }} }}")).await;
    assert_eq!(codes(&response), [""; 0], "{response}");
    assert_eq!(response["data"]["me"]["name"], "Carla Customer");
    assert_eq!(response["data"]["me"]["email"], "carla.customer@example.com");
    assert_eq!(response["data"]["me"]["addresses"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_see_the_name_alone() {
    let fixture = Fixture::new().await;
    let query = format!("{{ user(id: \"{}\") {{ {PRIVATE} }} }}", user(3));
    let strangers = [
        (customer(), "FORBIDDEN"),
        (Identity::service("orders"), "FORBIDDEN"),
        (Identity::anonymous(), "UNAUTHENTICATED"),
    ];
    for (caller, code) in strangers {
        let response = fixture.run(&caller, &query).await;
        let shown = &response["data"]["user"];
        assert!(shown["name"].is_string(), "{response}");
        assert_eq!((&shown["email"], &shown["addresses"]), (&Value::Null, &Value::Null));
        assert_eq!(codes(&response), [code, code]);
    }
    let response = fixture.run(&administrator(), &query).await;
    assert!(response["data"]["user"]["email"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_are_guarded_like_fields() {
    let fixture = Fixture::new().await;
    let query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { name email } } }";
    let ids = [user(3), user(2), user(999), id::encode("Order", seed::user_id(2)), "x".to_owned()];
    let representations: Vec<Value> = ids.iter().map(|id| json!({ "__typename": "User", "id": id })).collect();
    let response = fixture.run_with(&customer(), query, json!({ "r": representations })).await;
    let entities = &response["data"]["_entities"];
    assert_eq!(entities[0]["email"], Value::Null);
    assert!(entities[0]["name"].is_string());
    assert_eq!(entities[1]["email"], "carla.customer@example.com");
    assert_eq!([&entities[2], &entities[3], &entities[4]], [&Value::Null; 3]);
    let mut failed: Vec<(String, &str)> = response["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["path"].to_string(), error["extensions"]["code"].as_str().unwrap()))
        .collect();
    failed.sort();
    assert_eq!(
        failed,
        [
            (json!(["_entities", 0, "email"]).to_string(), "FORBIDDEN"),
            (json!(["_entities", 3]).to_string(), "INVALID_ID"),
            (json!(["_entities", 4]).to_string(), "INVALID_ID"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_users_is_an_administrators() {
    let fixture = Fixture::new().await;
    let query = "{ users(first: 1) { edges { node { email } } } }";
    let response = fixture.run(&customer(), query).await;
    assert_eq!((&response["data"]["users"], codes(&response)), (&Value::Null, vec!["FORBIDDEN"]));
    let response = fixture.run(&Identity::anonymous(), query).await;
    assert_eq!(codes(&response), ["UNAUTHENTICATED"]);
    let response = fixture.run(&administrator(), query).await;
    assert_eq!(response["data"]["users"]["edges"][0]["node"]["email"], "ada.admin@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_me_for_an_anonymous_caller() {
    let fixture = Fixture::new().await;
    let response = fixture.run(&Identity::anonymous(), "{ me { id } }").await;
    assert_eq!(response, json!({ "data": { "me": null } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_ids_are_a_coded_error() {
    let fixture = Fixture::new().await;
    for id in [r#""nonsense""#, r#""""#, "7"] {
        let response = fixture.run(&customer(), &format!("{{ user(id: {id}) {{ name }} }}")).await;
        assert_eq!(codes(&response), ["INVALID_ID"], "{response}");
    }
}
