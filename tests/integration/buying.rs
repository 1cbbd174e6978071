//! An order's whole way: placed by a client, kept, paid and told, over all services; and what is left when it comes to nothing.

use std::time::Duration;

use kit::testing::wait_within;
use serde_json::{Value, json};

use crate::support::client;
use crate::support::process;
use crate::support::shop::Shop;

/// A purchase takes a dozen transactions and as many messages; the rest is patience with a loaded machine.
pub const PURCHASE_MAX: Duration = Duration::from_secs(60);

pub async fn ask(url: &str, token: &str, query: &str) -> Value {
    let answer = client::query(url, Some(token), query).await;
    let json = answer.json();
    assert!(json["errors"].is_null(), "{query}: {answer:?}");
    json["data"].clone()
}

/// The first product's id, and how many pieces there are of it.
pub async fn first_product(url: &str, token: &str) -> (String, i64) {
    let data = ask(url, token, "{ products(first: 1) { edges { node { id stock } } } }").await;
    let product = &data["products"]["edges"][0]["node"];
    (product["id"].as_str().expect("an id").to_owned(), product["stock"].as_i64().expect("a stock"))
}

pub async fn place(url: &str, token: &str, product: &str, quantity: i64, method: &str) -> String {
    let mutation = format!(
        "mutation {{ placeOrder(input: {{ idempotencyKey: \"{method}-{quantity}\", paymentMethod: \"{method}\", \
         lines: [{{ productId: \"{product}\", quantity: {quantity} }}] }}) {{ order {{ id status }} errors {{ __typename }} }} }}"
    );
    let data = ask(url, token, &mutation).await;
    let order = &data["placeOrder"]["order"];
    assert_eq!(order["status"], "PLACED", "{data}");
    order["id"].as_str().expect("an id").to_owned()
}

async fn status(url: &str, token: &str, order: &str) -> String {
    let data = ask(url, token, &format!("{{ order(id: \"{order}\") {{ status }} }}")).await;
    data["order"]["status"].as_str().expect("a status").to_owned()
}

pub async fn until_status(url: &str, token: &str, order: &str, wanted: &str) {
    wait_within(PURCHASE_MAX, &format!("the order to be {wanted}"), async || {
        (status(url, token, order).await == wanted).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_paid_and_told_and_stock_falls() {
    let shop = Shop::start("small").await;
    let (url, customer) = (shop.dev.graphql(), &shop.customer);
    let (product, stock) = first_product(&url, customer).await;
    let order = place(&url, customer, &product, 2, "pm_card_visa").await;
    until_status(&url, customer, &order, "PAID").await;

    let query = format!(
        "{{ order(id: \"{order}\") {{ total {{ amountMinor }} payments {{ status amount {{ amountMinor }} }} }} }}"
    );
    let data = ask(&url, customer, &query).await;
    let payments = data["order"]["payments"].as_array().expect("payments");
    assert_eq!(payments.len(), 1, "{data}");
    assert_eq!((&payments[0]["status"], &payments[0]["amount"]), (&"CAPTURED".into(), &data["order"]["total"]));
    assert_eq!(first_product(&url, customer).await.1, stock - 2);

    let told = "{ me { unreadNotificationCount notifications(first: 5) { edges { node { category } } } } }";
    wait_within(PURCHASE_MAX, "both notifications", async || {
        (ask(&url, customer, told).await["me"]["unreadNotificationCount"] == 2).then_some(())
    })
    .await;
    let mails = shop.folder.path().join("mails");
    let files = wait_within(PURCHASE_MAX, "two mails", async || {
        let files: Vec<_> = std::fs::read_dir(&mails).ok()?.map(|file| file.expect("a file").path()).collect();
        (files.len() == 2).then_some(files)
    })
    .await;
    assert!(files.iter().all(|file| std::fs::read_to_string(file).expect("a mail").contains("Carla Customer")));

    let invoice = format!("{{ order(id: \"{order}\") {{ invoice {{ number document {{ url }} }} }} }}");
    let invoice = wait_within(PURCHASE_MAX, "the invoice", async || {
        let data = ask(&url, customer, &invoice).await;
        Some(data["order"]["invoice"].clone()).filter(|invoice| !invoice.is_null())
    })
    .await;
    assert_eq!(invoice["number"], "INV-00000001");
    let link = invoice["document"]["url"].as_str().expect("a link");
    let document = reqwest::get(link).await.expect("an answer");
    assert_eq!(document.headers()["content-type"], "application/pdf");
    assert!(document.bytes().await.expect("a document").starts_with(b"%PDF-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_to_nothing_leaves_nothing() {
    let shop = Shop::start("small").await;
    let (url, customer) = (shop.dev.graphql(), &shop.customer);
    let (product, stock) = first_product(&url, customer).await;
    let declined = place(&url, customer, &product, 1, "pm_card_visa_chargeDeclinedInsufficientFunds").await;
    let too_many = place(&url, customer, &product, stock + 1, "pm_card_visa").await;
    for order in [declined, too_many] {
        until_status(&url, customer, &order, "CANCELLED").await;
        let query = format!("{{ order(id: \"{order}\") {{ payments {{ amountCaptured {{ amountMinor }} }} }} }}");
        let data = ask(&url, customer, &query).await;
        let captured = data["order"]["payments"].as_array().expect("payments").iter();
        assert!(
            captured.map(|payment| &payment["amountCaptured"]["amountMinor"]).all(|amount| amount == "0"),
            "{data}"
        );
    }
    wait_within(PURCHASE_MAX, "all pieces to be there again", async || {
        (first_product(&url, customer).await.1 == stock).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn services_in_processes_of_their_own_sell_with_a_worker() {
    let shop = Shop::start("small").await;
    let split = shop.split().await;
    let worker = shop.worker(&split).await;
    let database = shop.databases();
    let (url, customer) = (split.router.graphql(), shop.customer.clone());
    // From now on the worker alone works.
    let mut dev = shop.dev;
    dev.signal("TERM").await;
    assert_eq!(dev.wait().await, Some(0));
    let (product, stock) = first_product(&url, &customer).await;
    let order = place(&url, &customer, &product, 3, "pm_card_visa").await;
    until_status(&url, &customer, &order, "PAID").await;
    assert_eq!(first_product(&url, &customer).await.1, stock - 3);

    for (arguments, says) in [
        (&["outbox", "status"][..], "orders"),
        (&["dlq", "status"], "payments"),
        (&["projection", "status"], "order_list"),
        (&["projection", "rebuild", "order_list"], "order_list is rebuilt"),
        (&["job", "status"], "kind"),
        (&["job", "list", "--state", "done", "--service", "payments"], "settle"),
        (&["saga", "status"], "place-order"),
        (&["saga", "list", "--kind", "place-order", "--status", "active"], "place-order"),
    ] {
        let finished = process::run(&[arguments, &["--database-url", &database]].concat()).await;
        assert_eq!(finished.code, 0, "{finished:?}");
        assert!(finished.stdout.contains(says), "{arguments:?}: {finished:?}");
    }
    // As for workers, a service's own variable goes before the server of all; the command line goes before both.
    let (nowhere, status) = ("postgres://nobody@127.0.0.1:1", ["outbox", "status", "--service", "users"]);
    let (server, _) = database.rsplit_once('/').expect("a URL");
    let mut own = process::command(&status);
    own.env("DATABASE_URL", nowhere).env("USERS_DATABASE_URL", format!("{server}/users"));
    let mut told = process::command(&[&status[..], &["--database-url", &database]].concat());
    told.env("DATABASE_URL", &database).env("USERS_DATABASE_URL", nowhere);
    for status in [own, told] {
        let finished = process::finish(status).await;
        assert!(finished.code == 0 && finished.stdout.contains("users"), "{finished:?}");
    }
    // And so it is for what makes databases: those of the file's server are as `dev` left them, the one that users name is empty.
    let file = shop.folder.path().join("server.yaml");
    std::fs::write(&file, json!({ "databases": { "server": server } }).to_string()).expect("a file");
    for (command, says) in [
        ("migrate", ["users is up to date", "orders is up to date"]),
        ("seed", ["users: ", "orders has data already"]),
        ("seed", ["users has data already", "orders has data already"]),
    ] {
        let mut made = process::command(&[command, "--services"]);
        made.arg(&file).env("DATABASE_URL", nowhere).env("USERS_DATABASE_URL", &database);
        let finished = process::finish(made).await;
        assert!(finished.code == 0 && says.iter().all(|says| finished.stdout.contains(*says)), "{finished:?}");
    }
    drop(worker);
}
