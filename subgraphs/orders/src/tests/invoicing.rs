//! Invoices: from the payment to the document, and who gets a link to it.

use kit::objects::{ObjectKey, put};
use kit::testing::wait_for;
use kit::{GlobalId as _, Workers};
use lopdf::Document;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::buying::{Busy, uuid};
use super::files::{Failing, Files, fetch};
use super::placing::{PLACE, request};
use super::{Shop, administrator, customer, order_id, user_id};
use crate::UserId;
use crate::store::{Erasure, customer_erase};

const INVOICE: &str =
    "query ($id: ID!) { order(id: $id) { number invoice { number issuedAt document { url expiresAt } } } }";
const MAKE: &str = "mutation ($id: ID!) { makeInvoice(input: { orderId: $id }) { \
    order { id } errors { __typename ... on OrderNotPaidError { message } ... on OrderNotFoundError { message } } } }";

/// The text of a document, without what lies between letters.
fn text(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&pages).unwrap().split_whitespace().collect()
}

async fn invoice(shop: &Shop, identity: &Identity, id: &str) -> Option<Value> {
    let answer = shop.ask(identity, INVOICE, json!({ "id": id })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    Some(answer["data"]["order"]["invoice"].clone()).filter(|invoice| !invoice.is_null())
}

async fn until_made(shop: &Shop, id: &str) -> Value {
    wait_for("the invoice", async || invoice(shop, &administrator(), id).await).await
}

async fn document(shop: &Shop, id: &str) -> String {
    let made = until_made(shop, id).await;
    text(&fetch(made["document"]["url"].as_str().unwrap()).await)
}

/// Seeded orders that stand there, as the caller sees them.
async fn orders(shop: &Shop, status: &str) -> Vec<(String, UserId)> {
    let query = "query ($status: OrderStatus!) { orders(first: 100, filter: { status: $status }) { \
        edges { node { id customer { id } } } } }";
    let answer = shop.ask(&administrator(), query, json!({ "status": status })).await;
    let edges = answer["data"]["orders"]["edges"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let order = |edge: &Value| {
        let customer = UserId::parse_global(edge["node"]["customer"]["id"].as_str().unwrap()).unwrap();
        (edge["node"]["id"].as_str().unwrap().to_owned(), customer)
    };
    edges.iter().map(order).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_paid_gets_an_invoice_of_what_was_bought() {
    let files = Files::open().await;
    let busy = Busy::open_with(Some(files.storage())).await;
    let mut input = request("a", &[(3, 2), (7, 1)]);
    input["input"]["shippingAddress"] =
        json!({ "recipient": "Çelik", "street": "Ring 1", "city": "Wien", "postalCode": "1010", "country": "AT" });
    let answer = busy.shop.ask(&customer(), PLACE, input).await;
    let id = answer["data"]["placeOrder"]["order"]["id"].as_str().unwrap().to_owned();
    let made = until_made(&busy.shop, &id).await;
    assert_eq!(made["number"], "INV-00000001");
    let own = invoice(&busy.shop, &customer(), &id).await.unwrap();
    let pdf = fetch(own["document"]["url"].as_str().unwrap()).await;
    let said = text(&pdf);
    for expected in
        ["INV-00000001", "Product3", "Product7", "6.00EUR", "7.00EUR", "13.00EUR", "Çelik", "1010Wien", "AT"]
    {
        assert!(said.contains(expected), "{expected} isn't in {said}");
    }
    assert_eq!(files.keys("invoices").await, [format!("invoices/{}.pdf", uuid(&id))]);
    // What didn't come to anything has none.
    let declined = busy.place("b", "tok_declined", &[(3, 1)]).await;
    busy.until(&declined, "CANCELLED").await;
    assert_eq!(invoice(&busy.shop, &administrator(), &declined).await, None);
    // Nobody else learns of it.
    for identity in [Identity::user(user_id(3)), Identity::anonymous(), Identity::service("payments")] {
        let answer = busy.shop.ask(&identity, INVOICE, json!({ "id": id })).await;
        assert_eq!(answer["data"]["order"], Value::Null, "{answer}");
        assert!(!answer.to_string().contains("http"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_made_once_by_request_whatever_fails_and_numbers_have_no_gaps() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let make = async |identity: &Identity, id: &str| {
        shop.ask(identity, MAKE, json!({ "id": id })).await["data"]["makeInvoice"].clone()
    };
    let paid = orders(&shop, "DELIVERED").await;
    let [(first, owner), (second, _), (third, _), ..] = paid.as_slice() else { panic!("too few orders") };
    let unpaid = &orders(&shop, "PLACED").await[0].0;
    assert_eq!(make(&administrator(), unpaid).await["errors"][0]["__typename"], "OrderNotPaidError");
    let unknown = make(&administrator(), &order_id(999_999)).await;
    assert_eq!(unknown["errors"][0]["__typename"], "OrderNotFoundError");
    let others = make(&Identity::user(user_id(200)), first).await;
    assert_eq!(others["errors"][0]["__typename"], "OrderNotFoundError");
    assert_eq!(make(&Identity::anonymous(), &order_id(999_999)).await, Value::Null);

    let owner = Identity::user(owner.to_string());
    for _ in 0..3 {
        assert_eq!(make(&owner, first).await["order"]["id"], **first);
    }
    assert_eq!(invoice(&shop, &owner, first).await, None, "nobody is at work");
    // The first upload breaks as it ends.
    let failing =
        std::sync::Arc::new(Failing::new(files.storage(), 1)) as std::sync::Arc<dyn kit::objects::ObjectStorage>;
    let running = Workers::new("orders").with(crate::jobs(shop.database.database(), &failing)).start();
    let made = until_made(&shop, first).await;
    assert_eq!(made["number"], "INV-00000001");
    // Products weren't named yet when the seed's orders were placed.
    assert!(document(&shop, first).await.contains("Article"));
    for id in [second, third] {
        make(&administrator(), id).await;
        until_made(&shop, id).await;
    }
    assert_eq!(until_made(&shop, third).await["number"], "INV-00000003");
    // As after a kill between the object and the end of the job.
    let client = shop.database.database().bulk_connection().await.unwrap();
    let again =
        "UPDATE job SET state = 'waiting', due_at = now(), finished_at = NULL WHERE kind = 'orders.make-invoice'";
    assert_eq!(client.execute(again, &[]).await.unwrap(), 3);
    let open = "SELECT count(*) FROM job WHERE kind = 'orders.make-invoice' AND state <> 'done'";
    let all_done = async || (client.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 0).then_some(());
    wait_for("the jobs to end again", all_done).await;
    let mut numbers = Vec::new();
    for id in [first, second, third] {
        numbers.push(until_made(&shop, id).await["number"].clone());
    }
    assert_eq!(numbers, ["INV-00000001", "INV-00000002", "INV-00000003"]);
    assert_eq!(files.keys("invoices").await.len(), 3);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_go_when_their_customer_is_forgotten() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let database = shop.database.database();
    let (id, owner) = orders(&shop, "DELIVERED").await.swap_remove(0);
    let client = database.bulk_connection().await.unwrap();
    // Who has orders that somebody has to do something about can't be forgotten.
    let over = "UPDATE customer SET orders_under_way = 0 WHERE id::text = $1";
    assert_eq!(client.execute(over, &[&owner.uuid().to_string()]).await.unwrap(), 1);
    let running = Workers::new("orders").with(crate::jobs(database, &files.storage())).start();
    shop.ask(&administrator(), MAKE, json!({ "id": id })).await;
    until_made(&shop, &id).await;
    assert_eq!(files.keys("invoices").await.len(), 1);
    let erase = async || database.unit(async |connection| customer_erase(connection, owner).await).await.unwrap();
    assert_eq!(erase().await, Erasure::Done);
    assert_eq!(invoice(&shop, &administrator(), &id).await, None);
    // Who asks for it once more is told that there won't be one.
    for caller in [administrator(), Identity::user(owner.to_string())] {
        let refused = shop.ask(&caller, MAKE, json!({ "id": id })).await["data"]["makeInvoice"].clone();
        assert_eq!(refused, json!({ "order": null, "errors": [{ "__typename": "OrderCustomerErasedError" }] }));
    }
    wait_for("the object to go", async || files.keys("invoices").await.is_empty().then_some(())).await;
    // One that was under way meanwhile comes to nothing.
    let again =
        "UPDATE job SET state = 'waiting', due_at = now(), finished_at = NULL WHERE kind = 'orders.make-invoice'";
    assert_eq!(client.execute(again, &[]).await.unwrap(), 1);
    let open = "SELECT count(*) FROM job WHERE kind NOT IN ('orders.forget-exports', 'orders.sweep-invoices') \
        AND state IN ('waiting', 'running')";
    let all_done = async || (client.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 0).then_some(());
    wait_for("the jobs to end", all_done).await;
    assert!(files.keys("invoices").await.is_empty());
    assert_eq!(invoice(&shop, &administrator(), &id).await, None);
    running.stop().await;
}

/// More than can be dealt with at once: forgetting the customer waits for none of them, and what is broken off goes on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn however_many_documents_there_are_all_of_them_go() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let database = shop.database.database();
    let client = database.bulk_connection().await.unwrap();
    let owner = UserId::from_uuid(uuid::Uuid::now_v7());
    let fill = format!(
        "INSERT INTO customer (id) VALUES ('{customer}'); \
         INSERT INTO invoice (order_id, number, customer_id, issued_at, object_key) \
         SELECT id, 1000 + n, '{customer}', now(), 'invoices/' || id || '.pdf' \
         FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, 450) AS n) AS made; \
         UPDATE invoice SET object_key = '' WHERE number = 1001",
        customer = owner.uuid(),
    );
    client.batch_execute(&fill).await.unwrap();
    let written = "SELECT object_key FROM invoice WHERE number IN (1002, 1450)";
    for row in client.query(written, &[]).await.unwrap() {
        let key = ObjectKey::parse(row.get(0)).unwrap();
        put(&*files.storage(), &key, "%PDF".into()).await.unwrap();
    }
    let before = database.statements_executed();
    let erased = database.unit(async |connection| customer_erase(connection, owner).await).await.unwrap();
    assert_eq!(erased, Erasure::Done);
    assert!(database.statements_executed() - before < 20, "not one for each");
    // The second lot takes too long the first time.
    let slow = "CREATE SEQUENCE lot; \
        CREATE FUNCTION second_lot_is_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
            IF nextval('lot') = 2 THEN RAISE EXCEPTION 'too slow' USING ERRCODE = 'query_canceled'; END IF; \
            RETURN NULL; END $$; \
        CREATE TRIGGER second_lot_is_slow AFTER UPDATE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION second_lot_is_slow()";
    client.batch_execute(slow).await.unwrap();
    let running = Workers::new("orders").with(crate::jobs(database, &files.storage())).start();
    let done = "SELECT attempts, done FROM job WHERE kind = 'orders.forget-invoices' AND state = 'done'";
    let over =
        async || client.query_opt(done, &[]).await.unwrap().map(|row| (row.get::<_, i32>(0), row.get::<_, i64>(1)));
    assert_eq!(wait_for("all to be forgotten", over).await, (2, 450));
    let left = "SELECT count(*) FROM invoice WHERE object_key IS NOT NULL";
    assert_eq!(client.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
    // Each once, but for the one under whose key there can be nothing.
    let wanted = "SELECT count(*) FROM job WHERE kind = 'orders.remove-object'";
    assert_eq!(client.query_one(wanted, &[]).await.unwrap().get::<_, i64>(0), 449);
    wait_for("the objects to go", async || files.keys("invoices").await.is_empty().then_some(())).await;
    running.stop().await;
}
