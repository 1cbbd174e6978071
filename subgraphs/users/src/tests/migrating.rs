//! Migrations: up, down and up again, with and without data, and under code of the version before.

use kit::{GlobalId as _, testing::migrations_are_reversible};

use super::*;

/// What the code of the first version runs.
const OLD_CODE: &str = "\
    INSERT INTO users (id, name, email, locale, created_at, updated_at) \
        VALUES ('00000000-0000-0000-0000-0000000000ff', 'Old', 'old@example.com', 'de', now(), now()); \
    UPDATE users SET name = 'Older', updated_at = now() WHERE email = 'old@example.com'; \
    INSERT INTO addresses (id, user_id, label, recipient, street, city, postal_code, country) \
        VALUES (gen_random_uuid(), '00000000-0000-0000-0000-0000000000ff', 'Home', 'Old', 'Street 1', 'Bonn', '53111', 'DE'); \
    UPDATE addresses SET city = 'Ulm' WHERE user_id = '00000000-0000-0000-0000-0000000000ff'";

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_can_be_taken_back() {
    migrations_are_reversible(crate::NAME, || crate::MIGRATIONS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_addresses_outlast_the_way_back() {
    let fixture = Fixture::new().await;
    let database = fixture.database.database();
    let client = database.bulk_connection().await.unwrap();
    let kept = "SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (\
        SELECT concat(id, name, email, locale, created_at) AS line FROM users \
        UNION ALL SELECT concat(id, user_id, label, recipient, street, city, postal_code, country) FROM addresses) AS lines";
    let kept = async || client.query_one(kept, &[]).await.unwrap().get::<_, String>(0);
    client.batch_execute(OLD_CODE).await.unwrap();
    fixture.run(&customer(), r#"mutation { updateProfile(input: {name: "Ned"}) { errors { __typename } } }"#).await;
    let author = crate::domain::Author::calling(&administrator());
    let erased = crate::UserId::parse_global(&user(3)).unwrap();
    database.unit(async |connection| crate::store::user_erase_in_txn(connection, &author, erased).await).await.unwrap();
    let before = kept().await;
    while client
        .query_opt("SELECT FROM information_schema.columns WHERE (table_name, column_name) = ('users', 'version')", &[])
        .await
        .unwrap()
        .is_some()
    {
        database.migrate_back(crate::MIGRATIONS).await.unwrap();
    }
    assert_eq!(kept().await, before);
    client.batch_execute("UPDATE users SET locale = 'fr' WHERE email = 'old@example.com'").await.unwrap();
    let before = kept().await;
    database.migrate(crate::MIGRATIONS).await.unwrap();
    assert_eq!(kept().await, before);
    let mutation = format!(
        "mutation {{ updateProfile(input: {{userId: \"{}\", name: \"x\"}}) {{ errors {{ __typename }} }} }}",
        user(3)
    );
    let response = fixture.run(&administrator(), &mutation).await;
    let errors = &response["data"]["updateProfile"]["errors"];
    assert_eq!(errors[0]["__typename"], "UserNotFoundError", "who is forgotten stays so");
    let me = fixture.run(&customer(), "{ me { name version auditTrail { edges { cursor } } } }").await;
    assert_eq!(me["data"]["me"], json!({ "name": "Ned", "version": 1, "auditTrail": { "edges": [] } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn code_of_the_version_before_runs_on_the_tables_of_this_one() {
    let fixture = Fixture::new().await;
    let client = fixture.database.database().bulk_connection().await.unwrap();
    client.batch_execute(OLD_CODE).await.unwrap();
    let row = client
        .query_one(
            "SELECT users.version, addresses.version FROM users JOIN addresses ON user_id = users.id \
        WHERE email = 'old@example.com'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!((row.get::<_, i32>(0), row.get::<_, i32>(1)), (2, 2), "its changes are counted too");
}
