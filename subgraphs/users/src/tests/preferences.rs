//! What users want to be told, and the contact that is made of it.

use kit::GlobalId as _;

use super::*;
use crate::{UserId, contact::contact};

const UPDATE: &str =
    "mutation($input: UpdateNotificationPreferencesInput!) { updateNotificationPreferences(input: $input) {
    preferences { timeZone orders payments account quietHours { from to } digest version }
    errors { __typename ... on InvalidNotificationPreferencesError { field } } } }";

fn id(number: u64) -> UserId {
    UserId::from_uuid(seed::user_id(number))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_said_gets_the_usual() {
    let fixture = Fixture::new().await;
    let contact = contact(fixture.database.database(), id(seed::CUSTOMER)).await.unwrap().unwrap();
    let usual = ["IN_APP", "EMAIL"];
    let locale = contact.locale.clone();
    assert_eq!(
        serde_json::to_value(contact).unwrap(),
        json!({
            "userId": user(seed::CUSTOMER), "email": "carla.customer@example.com", "name": "Carla Customer", "locale": locale,
            "timeZone": "UTC", "channels": { "orders": usual, "payments": usual, "account": usual },
            "quietHours": null, "digest": "NONE",
        })
    );
    assert_eq!(crate::contact::contact(fixture.database.database(), id(999)).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_kept_and_served() {
    let fixture = Fixture::new().await;
    let input = json!({ "input": {
        "timeZone": "America/Argentina/Buenos_Aires", "orders": ["PUSH", "EMAIL", "PUSH"], "payments": [],
        "quietHours": { "from": "22:00", "to": "07:00" }, "digest": "DAILY",
    } });
    let response = fixture.run_with(&customer(), UPDATE, input).await;
    let kept = json!({
        "timeZone": "America/Argentina/Buenos_Aires", "orders": ["EMAIL", "PUSH"], "payments": [], "account": ["IN_APP", "EMAIL"],
        "quietHours": { "from": "22:00", "to": "07:00" }, "digest": "DAILY", "version": 1,
    });
    assert_eq!(response["data"]["updateNotificationPreferences"], json!({ "preferences": kept, "errors": [] }));
    let contact = contact(fixture.database.database(), id(seed::CUSTOMER)).await.unwrap().unwrap();
    let contact = serde_json::to_value(contact).unwrap();
    assert_eq!(
        contact["channels"],
        json!({ "orders": ["EMAIL", "PUSH"], "payments": [], "account": ["IN_APP", "EMAIL"] })
    );
    assert_eq!(
        (&contact["quietHours"], &contact["digest"]),
        (&json!({ "from": "22:00", "to": "07:00" }), &json!("DAILY"))
    );

    // What isn't given stays, and null ends the quiet hours.
    let response = fixture.run_with(&customer(), UPDATE, json!({ "input": { "quietHours": null } })).await;
    let preferences = &response["data"]["updateNotificationPreferences"]["preferences"];
    assert_eq!((&preferences["quietHours"], &preferences["digest"]), (&Value::Null, &json!("DAILY")));
    let me = fixture.run(&customer(), "{ me { notificationPreferences { version quietHours { from } } } }").await;
    assert_eq!(me["data"]["me"]["notificationPreferences"], json!({ "version": 2, "quietHours": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_whole() {
    let fixture = Fixture::new().await;
    let input = json!({ "input": {
        "timeZone": "Europe/Nowhere", "account": [], "quietHours": { "from": "25:00", "to": "07:00" }, "digest": "DAILY",
    } });
    let response = fixture.run_with(&customer(), UPDATE, input).await;
    let payload = &response["data"]["updateNotificationPreferences"];
    let fields: Vec<&Value> = payload["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["timeZone", "account", "quietHours.from"]);
    assert_eq!((&payload["preferences"], fixture.trail().await.len()), (&Value::Null, 0));
    let strangers = json!({ "input": { "userId": user(3), "digest": "DAILY" } });
    assert_eq!(codes(&fixture.run_with(&customer(), UPDATE, strangers.clone()).await), ["FORBIDDEN"]);
    let nobody = json!({ "input": { "userId": user(999), "digest": "DAILY" } });
    let response = fixture.run_with(&administrator(), UPDATE, nobody).await;
    assert_eq!(response["data"]["updateNotificationPreferences"]["errors"][0]["__typename"], "UserNotFoundError");
}
