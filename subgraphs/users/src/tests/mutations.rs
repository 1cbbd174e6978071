//! Profile and address mutations.

use futures::StreamExt as _;

use super::*;

const UPDATE_PROFILE: &str = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
    user { name email locale } errors { __typename ... on InvalidProfileError { field message } ... on EmailTakenError { message } } } }";
const ADD_ADDRESS: &str = "mutation($input: AddAddressInput!) { addAddress(input: $input) {
    address { id city country } errors { __typename ... on InvalidAddressError { field } ... on TooManyAddressesError { addressesMax } } } }";
const UPDATE_ADDRESS: &str = "mutation($input: UpdateAddressInput!) { updateAddress(input: $input) {
    address { city } errors { __typename } } }";
const REMOVE_ADDRESS: &str = "mutation($input: RemoveAddressInput!) { removeAddress(input: $input) {
    addressId errors { __typename } } }";

fn address(city: &str) -> Value {
    json!({ "label": "Home", "recipient": "Carla", "street": "Mill Lane 1", "city": city, "postalCode": "10115", "country": "DE" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_changes_their_own_profile() {
    let fixture = Fixture::new().await;
    let input = json!({ "input": { "name": " Carla C. ", "locale": "de" } });
    let response = fixture.run_with(&customer(), UPDATE_PROFILE, input).await;
    assert_eq!(
        response["data"]["updateProfile"],
        json!({ "user": { "name": "Carla C.", "email": "carla.customer@example.com", "locale": "de" }, "errors": [] })
    );
    let unchanged = fixture.run_with(&customer(), UPDATE_PROFILE, json!({ "input": {} })).await;
    assert_eq!(unchanged["data"]["updateProfile"]["user"]["name"], "Carla C.");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_a_profile_are_typed_and_all_at_once() {
    let fixture = Fixture::new().await;
    let input = json!({ "input": { "name": "", "email": "no", "locale": "de" } });
    let response = fixture.run_with(&customer(), UPDATE_PROFILE, input).await;
    let payload = &response["data"]["updateProfile"];
    assert_eq!(payload["user"], Value::Null);
    assert_eq!(payload["errors"][0]["field"], "name");
    assert_eq!(payload["errors"][1]["field"], "email");

    let input = json!({ "input": { "email": "ADA.admin@example.com" } });
    let response = fixture.run_with(&customer(), UPDATE_PROFILE, input).await;
    let errors = &response["data"]["updateProfile"]["errors"];
    assert_eq!(errors[0]["__typename"], "EmailTakenError");
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_changed_by_administrators_alone() {
    let fixture = Fixture::new().await;
    let input = || json!({ "input": { "userId": user(3), "name": "Mallory" } });
    let response = fixture.run_with(&customer(), UPDATE_PROFILE, input()).await;
    assert_eq!(codes(&response), ["FORBIDDEN"]);
    let response = fixture.run_with(&Identity::anonymous(), UPDATE_PROFILE, input()).await;
    assert_eq!(codes(&response), ["UNAUTHENTICATED"]);
    let response = fixture.run_with(&administrator(), UPDATE_PROFILE, input()).await;
    assert_eq!(response["data"]["updateProfile"]["user"]["name"], "Mallory");
    let nobody = json!({ "input": { "userId": user(999), "name": "Nobody" } });
    let response = fixture.run_with(&administrator(), UPDATE_PROFILE, nobody).await;
    let errors = &response["data"]["updateProfile"]["errors"];
    assert_eq!(errors[0]["__typename"], "UserNotFoundError");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_added_changed_and_removed() {
    let fixture = Fixture::new().await;
    let input = json!({ "input": { "address": address("Berlin") } });
    let added = fixture.run_with(&customer(), ADD_ADDRESS, input).await;
    let id = added["data"]["addAddress"]["address"]["id"].clone();
    assert_eq!(added["data"]["addAddress"]["address"]["country"], "DE");

    let change = || json!({ "input": { "addressId": id, "address": address("Bonn") } });
    let stranger = Identity::user(user(3));
    let refused = fixture.run_with(&stranger, UPDATE_ADDRESS, change()).await;
    let errors = &refused["data"]["updateAddress"]["errors"];
    assert_eq!(errors[0]["__typename"], "AddressNotFoundError");
    let changed = fixture.run_with(&customer(), UPDATE_ADDRESS, change()).await;
    assert_eq!(changed["data"]["updateAddress"]["address"]["city"], "Bonn");

    let remove = || json!({ "input": { "addressId": id } });
    let refused = fixture.run_with(&stranger, REMOVE_ADDRESS, remove()).await;
    assert_eq!(refused["data"]["removeAddress"]["addressId"], Value::Null);
    let removed = fixture.run_with(&customer(), REMOVE_ADDRESS, remove()).await;
    assert_eq!(removed["data"]["removeAddress"]["addressId"], id);
    let again = fixture.run_with(&customer(), REMOVE_ADDRESS, remove()).await;
    let errors = &again["data"]["removeAddress"]["errors"];
    assert_eq!(errors[0]["__typename"], "AddressNotFoundError");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_never_has_more_than_twenty_addresses() {
    let fixture = Fixture::new().await;
    let input = || json!({ "input": { "address": address("Berlin") } });
    let calls = (0..30).map(|_| {
        let fixture = &fixture;
        async move { fixture.run_with(&customer(), ADD_ADDRESS, input()).await }
    });
    // As many at once as the pool has connections: others would only wait for one, and give up on a slow machine.
    let responses: Vec<Value> = futures::stream::iter(calls).buffer_unordered(8).collect().await;
    let refused = responses
        .iter()
        .filter(|response| {
            let errors = &response["data"]["addAddress"]["errors"];
            errors[0] == json!({ "__typename": "TooManyAddressesError", "addressesMax": 20 })
        })
        .count();
    assert_eq!(refused, 11, "one address is seeded");
    let me = fixture.run(&customer(), "{ me { addresses { id } } }").await;
    assert_eq!(me["data"]["me"]["addresses"].as_array().unwrap().len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_mutation_of_the_same_request_sees_the_earlier_one() {
    let fixture = Fixture::new().await;
    let query = r#"mutation { a: updateProfile(input: {name: "One"}) { user { name addresses { id } } }
        b: updateProfile(input: {name: "Two"}) { user { name } } }"#;
    let response = fixture.run(&customer(), query).await;
    assert_eq!(response["data"]["a"]["user"]["name"], "One");
    assert_eq!(response["data"]["b"]["user"]["name"], "Two");
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_addresses_are_refused_by_field() {
    let fixture = Fixture::new().await;
    let mut bad = address("");
    bad["postalCode"] = json!("x".repeat(21));
    let input = json!({ "input": { "address": bad } });
    let response = fixture.run_with(&customer(), ADD_ADDRESS, input).await;
    let errors = &response["data"]["addAddress"]["errors"];
    assert_eq!((&errors[0]["field"], &errors[1]["field"]), (&json!("city"), &json!("postalCode")));
    let mut bad = address("Berlin");
    bad["country"] = json!("germany");
    let input = json!({ "input": { "address": bad } });
    let response = fixture.run_with(&customer(), ADD_ADDRESS, input).await;
    assert_eq!(codes(&response).len(), 1, "{response}");
}
