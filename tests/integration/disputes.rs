//! A dispute that is open when an order is called off, or comes back: what is owed is given back when it is won, over orders and payments.

use kit::Database;
use kit::database::DatabaseConfig;
use kit::testing::wait_within;
use payments::provider::test::TestProvider;
use serde_json::{Value, json};
use wire::events::payments::ChargebackOutcome;

use crate::buying::{PURCHASE_MAX, ask, first_product, place, until_status};
use crate::support::shop::Shop;

/// Has the bank of the last order's payer take all of it back. Gives the dispute's name.
async fn dispute(database: &Database, provider: &TestProvider) -> String {
    let client = database.bulk_connection().await.expect("a connection");
    let undisputed = "SELECT reference, captured_minor FROM test_provider.payment \
        WHERE reference NOT IN (SELECT payment FROM test_provider.dispute)";
    let row = client.query_one(undisputed, &[]).await.expect("one payment");
    provider.open_dispute(row.get(0), row.get(1)).await.expect("a dispute")
}

async fn until_paid_as(url: &str, token: &str, order: &str, wanted: &str) {
    let query = format!("{{ order(id: \"{order}\") {{ payments {{ status }} }} }}");
    wait_within(PURCHASE_MAX, &format!("the payment to be {wanted}"), async || {
        (ask(url, token, &query).await["order"]["payments"][0]["status"] == wanted).then_some(())
    })
    .await;
}

async fn change(url: &str, token: &str, name: &str, input: &str) {
    let mutation = format!("mutation {{ {name}(input: {{ {input} }}) {{ errors {{ __typename }} }} }}");
    let data = ask(url, token, &mutation).await;
    assert_eq!(data[name]["errors"], json!([]), "{name}: {data}");
}

/// By an administrator, to an order as it is.
async fn step(url: &str, token: &str, name: &str, order: &str) {
    let data = ask(url, token, &format!("{{ order(id: \"{order}\") {{ version }} }}")).await;
    let version = &data["order"]["version"];
    change(url, token, name, &format!("id: \"{order}\", expectedVersion: {version}")).await;
}

/// Where it stands, its price, and what of that was given back.
async fn money(url: &str, token: &str, order: &str) -> [Value; 3] {
    let fields = "status total { amountMinor } refunded { amountMinor }";
    let order = ask(url, token, &format!("{{ order(id: \"{order}\") {{ {fields} }} }}")).await["order"].clone();
    [order["status"].clone(), order["total"]["amountMinor"].clone(), order["refunded"]["amountMinor"].clone()]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_won_dispute_brings_is_given_back() {
    let shop = Shop::start("small").await;
    let (url, customer, administrator) = (shop.dev.graphql(), &shop.customer, &shop.administrator);
    let databases = shop.databases();
    let (server, _) = databases.rsplit_once('/').expect("a URL");
    let of_payments = format!("{server}/payments");
    let database = Database::connect(&of_payments, DatabaseConfig::default()).await.expect("a pool");
    let provider = TestProvider::open(database.clone()).await.expect("the provider");
    let (product, _) = first_product(&url, customer).await;

    let cancelled = place(&url, customer, &product, 1, "pm_card_visa").await;
    until_status(&url, customer, &cancelled, "PAID").await;
    let first = dispute(&database, &provider).await;
    until_paid_as(&url, customer, &cancelled, "DISPUTED").await;
    change(&url, customer, "cancelOrder", &format!("id: \"{cancelled}\"")).await;

    let returned = place(&url, customer, &product, 2, "pm_card_visa").await;
    until_status(&url, customer, &returned, "PAID").await;
    for name in ["packOrder", "shipOrder", "deliverOrder"] {
        step(&url, administrator, name, &returned).await;
    }
    let second = dispute(&database, &provider).await;
    until_paid_as(&url, customer, &returned, "DISPUTED").await;
    let lines = format!("lines: [{{ productId: \"{product}\", quantity: 2 }}]");
    change(&url, customer, "requestReturn", &format!("id: \"{returned}\", {lines}")).await;
    step(&url, administrator, "receiveReturn", &returned).await;

    for (order, name, during, after) in
        [(&cancelled, &first, "CANCELLED", "CANCELLED"), (&returned, &second, "RETURNED", "REFUNDED")]
    {
        let [status, total, refunded] = money(&url, customer, order).await;
        assert_eq!((status, refunded), (json!(during), json!("0")));
        provider.close_dispute(name, &ChargebackOutcome::Won).await.expect("its end");
        until_paid_as(&url, customer, order, "REFUNDED").await;
        let given = [json!(after), total.clone(), total];
        wait_within(PURCHASE_MAX, "the order to say so", async || {
            (money(&url, customer, order).await == given).then_some(())
        })
        .await;
    }
}
