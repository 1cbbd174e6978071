//! What every change leaves behind: its event and its line of the audit trail, or nothing at all.

use super::*;

/// Every mutation, as an administrator runs it on the customer's account, and what it leaves.
const MUTATIONS: [(&str, &str, &str); 7] = [
    (
        r#"updateProfile(input: {userId: "$user", name: "Ned", email: "ned@example.com"}) { errors { __typename } }"#,
        "PROFILE_CHANGED name email",
        "profile-changed",
    ),
    (
        r#"updateNotificationPreferences(input: {userId: "$user", timeZone: "Europe/Berlin", digest: DAILY}) { errors { __typename } }"#,
        "PREFERENCES_CHANGED timeZone digest",
        "preferences-changed",
    ),
    (
        r#"addAddress(input: {userId: "$user", address: {label: "Home", recipient: "Ned", street: "Mill Lane 1", city: "Bonn", postalCode: "53111", country: "DE"}}) { errors { __typename } }"#,
        "ADDRESS_ADDED",
        "address-added",
    ),
    (
        r#"updateAddress(input: {addressId: "$address", address: {label: "Home", recipient: "Carla Customer", street: "Mill Lane 1", city: "Bonn", postalCode: "53111", country: "DE"}}) { errors { __typename } }"#,
        "ADDRESS_CHANGED street city postalCode country",
        "address-changed",
    ),
    (
        r#"removeAddress(input: {addressId: "$address"}) { errors { __typename } }"#,
        "ADDRESS_REMOVED",
        "address-removed",
    ),
    (r#"blockUser(input: {userId: "$user"}) { errors { __typename } }"#, "BLOCKED", "blocked"),
    (r#"unblockUser(input: {userId: "$user"}) { errors { __typename } }"#, "UNBLOCKED", "unblocked"),
];

async fn seeded_address(fixture: &Fixture) -> String {
    let response = fixture.run(&customer(), "{ me { addresses { id } } }").await;
    response["data"]["me"]["addresses"][0]["id"].as_str().unwrap().to_owned()
}

async fn mutation(fixture: &Fixture, text: &str) -> String {
    let text = text.replace("$user", &user(seed::CUSTOMER)).replace("$address", &seeded_address(fixture).await);
    format!("mutation {{ {text} }}")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_leaves_its_event_and_its_line() {
    let fixture = Fixture::new().await;
    for (text, line, event) in MUTATIONS {
        let before = fixture.events().await.len();
        let response = fixture.run(&administrator(), &mutation(&fixture, text).await).await;
        assert_eq!(codes(&response), [""; 0], "{response}");
        let events = fixture.events().await;
        assert_eq!(events.len(), before + 1, "{text}: {events:?}");
        let told = events.last().unwrap();
        assert_eq!(told["type"], format!("supergraph.users.{event}.v1"));
        assert_eq!(
            (&told["actor"], &told["subject"]),
            (&json!(user(seed::ADMINISTRATOR)), &json!(user(seed::CUSTOMER)))
        );
        let trail = fixture.trail().await;
        let newest = &trail[0];
        let mut words = vec![newest["action"].as_str().unwrap()];
        words.extend(newest["fields"].as_array().unwrap().iter().map(|field| field.as_str().unwrap()));
        assert_eq!(words.join(" "), line);
        assert_eq!((&newest["actor"], &newest["origin"]), (&json!(user(seed::ADMINISTRATOR)), &json!("router")));
    }
    let everything = json!([fixture.events().await, fixture.trail().await]).to_string();
    for personal in ["Ned", "ned@example.com", "Mill Lane", "Bonn", "53111", "Berlin"] {
        assert!(!everything.contains(personal), "{personal} in {everything}");
    }
}

/// The connection dies when the event is written, which is after the change and its line: nothing of them is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_connection_dies_leaves_nothing() {
    let fixture = Fixture::new().await;
    // For unblocking.
    fixture.run(&administrator(), &mutation(&fixture, MUTATIONS[5].0).await).await;
    let deadly = "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS \
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; \
        CREATE TRIGGER die BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION die()";
    let client = fixture.database.database().bulk_connection().await.unwrap();
    let blocked = fixture.everything().await;
    let delete_account =
        (r#"deleteAccount(input: {userId: "$user", reason: "asked by letter"}) { errors { __typename } }"#, "", "");
    client.batch_execute(deadly).await.unwrap();
    let mutations = MUTATIONS.iter().filter(|(text, ..)| !text.starts_with("blockUser"));
    for (text, ..) in mutations.chain([&delete_account]) {
        let response = fixture.run(&administrator(), &mutation(&fixture, text).await).await;
        assert_eq!(codes(&response), ["INTERNAL_SERVER_ERROR"], "{text}: {response}");
        assert_eq!(fixture.everything().await, blocked, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_the_same_is_told_nobody() {
    let fixture = Fixture::new().await;
    for text in [
        r#"updateProfile(input: {userId: "$user", name: "Carla Customer"}) { errors { __typename } }"#,
        r#"updateProfile(input: {userId: "$user"}) { errors { __typename } }"#,
        r#"updateNotificationPreferences(input: {userId: "$user", timeZone: "UTC", quietHours: null}) { errors { __typename } }"#,
        r#"unblockUser(input: {userId: "$user"}) { errors { __typename } }"#,
    ] {
        let response = fixture.run(&administrator(), &mutation(&fixture, text).await).await;
        assert_eq!(codes(&response), [""; 0], "{response}");
        assert_eq!((fixture.events().await, fixture.trail().await), (vec![], vec![]), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_only_ever_added_to() {
    let fixture = Fixture::new().await;
    fixture.run(&customer(), r#"mutation { updateProfile(input: {name: "Ned"}) { errors { __typename } } }"#).await;
    let client = fixture.database.database().bulk_connection().await.unwrap();
    for statement in ["UPDATE audit_trail SET actor = 'x'", "DELETE FROM audit_trail", "TRUNCATE audit_trail"] {
        let error = client.batch_execute(statement).await.unwrap_err();
        assert_eq!(error.code().map(|code| code.code()), Some("23001"), "{statement}");
    }
    assert_eq!(fixture.trail().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_paged_and_private() {
    let fixture = Fixture::new().await;
    for number in 0..5 {
        let query =
            format!(r#"mutation {{ updateProfile(input: {{name: "Name {number}"}}) {{ errors {{ __typename }} }} }}"#);
        fixture.run(&customer(), &query).await;
    }
    let page = "pageInfo { hasNextPage endCursor } edges { node { at } }";
    let first = fixture.run(&customer(), &format!("{{ me {{ auditTrail(first: 3) {{ {page} }} }} }}")).await;
    let first = &first["data"]["me"]["auditTrail"];
    assert_eq!((first["edges"].as_array().unwrap().len(), &first["pageInfo"]["hasNextPage"]), (3, &json!(true)));
    let after = &first["pageInfo"]["endCursor"];
    let rest =
        fixture.run(&customer(), &format!("{{ me {{ auditTrail(first: 3, after: {after}) {{ {page} }} }} }}")).await;
    let rest = &rest["data"]["me"]["auditTrail"];
    assert_eq!((rest["edges"].as_array().unwrap().len(), &rest["pageInfo"]["hasNextPage"]), (2, &json!(false)));
    let query = format!(
        "{{ user(id: \"{}\") {{ auditTrail {{ edges {{ cursor }} }} deletion {{ status }} notificationPreferences {{ digest }} blocked {{ since }} }} }}",
        user(3)
    );
    let response = fixture.run(&customer(), &query).await;
    assert_eq!(codes(&response), ["FORBIDDEN"; 4], "{response}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_of_a_request_sees_its_own_line() {
    let fixture = Fixture::new().await;
    let query = r#"mutation {
        a: updateProfile(input: {name: "One"}) { user { auditTrail { edges { node { action } } } } }
        b: updateProfile(input: {name: "Two"}) { user { auditTrail { edges { node { action } } } } } }"#;
    let response = fixture.run(&customer(), query).await;
    for (name, lines) in [("a", 1), ("b", 2)] {
        let edges = &response["data"][name]["user"]["auditTrail"]["edges"];
        assert_eq!(edges.as_array().unwrap().len(), lines, "{response}");
    }
}
