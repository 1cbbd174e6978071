//! What two edit at once.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_was_changed_meanwhile_stays() {
    let fixture = Fixture::new().await;
    let query = "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) {
        user { name version } errors { __typename ... on UserVersionConflictError { version } } } }";
    let change = |name: &str, version: i32| json!({ "input": { "name": name, "version": version } });
    let first = fixture.run_with(&customer(), query, change("One", 1)).await;
    assert_eq!(first["data"]["updateProfile"]["user"], json!({ "name": "One", "version": 2 }));
    let late = fixture.run_with(&customer(), query, change("Other", 1)).await;
    let conflict = json!([{ "__typename": "UserVersionConflictError", "version": 2 }]);
    assert_eq!(late["data"]["updateProfile"], json!({ "user": null, "errors": conflict }));
    // Which isn't a change of the profile.
    let block =
        format!("mutation {{ blockUser(input: {{userId: \"{}\"}}) {{ user {{ version }} }} }}", user(seed::CUSTOMER));
    let blocked = fixture.run(&administrator(), &block).await;
    assert_eq!(blocked["data"]["blockUser"]["user"]["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_at_once_one_wins() {
    let fixture = Fixture::new().await;
    let query = "mutation($input: UpdateNotificationPreferencesInput!) { updateNotificationPreferences(input: $input) {
        preferences { version } errors { __typename } } }";
    let zones = ["Europe/Berlin", "Europe/Paris", "Asia/Tokyo", "America/New_York"];
    let calls = zones.map(|zone| {
        let fixture = &fixture;
        async move {
            let input = json!({ "input": { "timeZone": zone, "version": 0 } });
            fixture.run_with(&customer(), query, input).await
        }
    });
    let responses = kit::reexport::join_all(calls).await;
    let won = responses
        .iter()
        .filter(|response| response["data"]["updateNotificationPreferences"]["preferences"]["version"] == 1);
    assert_eq!(won.count(), 1, "{responses:?}");
    assert_eq!(fixture.events().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_was_changed_meanwhile_stays() {
    let fixture = Fixture::new().await;
    let me = fixture.run(&customer(), "{ me { addresses { id version } } }").await;
    let address = &me["data"]["me"]["addresses"][0];
    assert_eq!(address["version"], 1);
    let query = "mutation($input: UpdateAddressInput!) { updateAddress(input: $input) {
        address { city version } errors { __typename } } }";
    let change = |city: &str| {
        json!({ "input": { "addressId": address["id"], "version": 1, "address": {
            "label": "Home", "recipient": "Carla", "street": "Mill Lane 1", "city": city, "postalCode": "10115", "country": "DE" } } })
    };
    let first = fixture.run_with(&customer(), query, change("Bonn")).await;
    assert_eq!(first["data"]["updateAddress"]["address"], json!({ "city": "Bonn", "version": 2 }));
    let late = fixture.run_with(&customer(), query, change("Ulm")).await;
    assert_eq!(late["data"]["updateAddress"]["errors"][0]["__typename"], "UserVersionConflictError");
}
