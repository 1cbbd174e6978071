//! The ledger's own rules, held by the database whoever writes.

use kit::testing::TestDatabase;
use uuid::Uuid;

async fn refused(database: &TestDatabase, statements: &str) -> String {
    let client = database.database().bulk_connection().await.unwrap();
    let error = client.batch_execute(&format!("BEGIN; {statements}; COMMIT")).await.unwrap_err();
    error.as_db_error().unwrap().message().to_owned()
}

fn transaction(id: Uuid, entries: u8) -> String {
    format!(
        "INSERT INTO ledger_transaction (id, payment_id, payment_version, kind, entries) \
         VALUES ('{id}', '{id}', 1, 'captured', {entries})"
    )
}

fn entry(id: Uuid, number: u8, currency: &str, minor: i64) -> String {
    format!("INSERT INTO ledger_entry VALUES ('{id}', {number}, 'provider_clearing', '{currency}', {minor})")
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_dont_sum_to_zero_are_refused() {
    let test = TestDatabase::create("payments", crate::MIGRATIONS).await;
    let id = Uuid::now_v7();
    let unbalanced = [
        transaction(id, 2),
        format!("{}; {}; {}", transaction(id, 2), entry(id, 1, "EUR", 5), entry(id, 2, "EUR", -4)),
        format!("{}; {}; {}", transaction(id, 2), entry(id, 1, "EUR", 5), entry(id, 2, "USD", -5)),
        format!("{}; {}", transaction(id, 2), entry(id, 1, "EUR", 5)),
        format!(
            "{}; {}; {}; {}; {}",
            transaction(id, 2),
            entry(id, 1, "EUR", 5),
            entry(id, 2, "EUR", -5),
            entry(id, 3, "EUR", 5),
            entry(id, 4, "EUR", -5)
        ),
    ];
    for statements in unbalanced {
        assert!(refused(&test, &statements).await.contains("does not sum to zero"), "{statements}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_booked_is_never_changed_nor_added_to() {
    let test = TestDatabase::create("payments", crate::MIGRATIONS).await;
    let id = Uuid::now_v7();
    let client = test.database().bulk_connection().await.unwrap();
    let booked =
        format!("BEGIN; {}; {}; {}; COMMIT", transaction(id, 2), entry(id, 1, "EUR", 5), entry(id, 2, "EUR", -5));
    client.batch_execute(&booked).await.unwrap();
    for statement in [
        "UPDATE ledger_entry SET amount_minor = 1",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry, ledger_transaction",
        "UPDATE ledger_transaction SET entries = 4",
        "DELETE FROM ledger_transaction",
    ] {
        assert!(refused(&test, statement).await.contains("never changed"), "{statement}");
    }
    let later = format!("{}; {}", entry(id, 3, "EUR", 5), entry(id, 4, "EUR", -5));
    assert!(refused(&test, &later).await.contains("lacks entries"));
    let mut connection = test.database().connection().await.unwrap();
    let differences = super::differences(&mut connection).await.unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!((differences[0].payment_id, &*differences[0].difference), (Some(id), "booked without an event"));
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_can_be_taken_back() {
    kit::testing::migrations_are_reversible("payments", || crate::MIGRATIONS).await;
}
