//! Payments as their callers meet them.

use futures::future::join_all;
use kit::cache::CacheConfig;
use kit::seed::{ADMINISTRATOR, CUSTOMER};
use kit::testing::TestIdentity;
use kit::{GlobalId as _, Reads, Subgraph};
use serde_json::json;
use wire::identity::Identity;

use super::paying::TestOrders;
use super::*;
use crate::orders::Orders;
use crate::provider::test::{Charged, Fault, INSUFFICIENT_FUNDS};

const CREATE: &str = "mutation ($input: CreatePaymentInput!) { createPayment(input: $input) { \
    payment { id status amount { amountMinor currency } amountCaptured { amountMinor } history { kind } } \
    errors { __typename ... on InvalidPaymentError { message field } ... on PaymentIdempotencyConflictError { message } \
    ... on PaymentRefusedError { code } } } }";
pub(super) const REFUND: &str = "mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { \
    refund { id status amount { amountMinor } } payment { status amountRefunded { amountMinor } } \
    errors { __typename ... on RefundRefusedError { code } } } }";
const PAYMENT: &str = "query ($id: ID!) { payment(id: $id) { id status customer { id } order { id } } }";

pub(super) struct Shop {
    pub till: Till,
    pub identity: TestIdentity,
    pub orders: Arc<TestOrders>,
    subgraph: Subgraph,
    running: Running,
}

impl Shop {
    pub(super) async fn open() -> Self {
        let till = Till::open().await;
        let identity = TestIdentity::new("orders");
        // What its jobs do is told nobody here: nothing is kept.
        let nothing = CacheConfig { bytes_max: 0, ..CacheConfig::default() };
        let reads = Reads::new(crate::NAME, till.database().clone(), None).bounded(nothing);
        let orders = Arc::new(TestOrders::default());
        let asked: Arc<dyn Orders> = Arc::clone(&orders) as Arc<dyn Orders>;
        let subgraph = crate::subgraph(&reads, asked, identity.access());
        let running = till.run();
        Self { till, identity, orders, subgraph, running }
    }

    pub(super) async fn ask(&self, identity: &Identity, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let token = self.identity.token(identity);
        serde_json::from_slice(&self.subgraph.execute(body.into(), Some(&token)).await).unwrap()
    }

    /// A payment of the seeded customer's.
    pub(super) async fn pay(&self, order: &str, minor: i64, key: &str) -> Value {
        self.pay_with(order, minor, key, GOOD).await
    }

    async fn pay_with(&self, order: &str, minor: i64, key: &str, token: &str) -> Value {
        let amount = json!({ "amountMinor": minor.to_string(), "currency": "EUR" });
        let answer = self.create(&administrator(), order, amount, (key, token)).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"]["createPayment"].clone()
    }

    pub(super) async fn create(
        &self,
        caller: &Identity,
        order: &str,
        amount: Value,
        (key, token): (&str, &str),
    ) -> Value {
        let input = json!({ "orderId": order, "customerId": user_id(CUSTOMER), "amount": amount, "methodToken": token,
            "idempotencyKey": key });
        self.ask(caller, CREATE, json!({ "input": input })).await
    }

    async fn refund(&self, payment: &Value, minor: i64, key: &str) -> Value {
        let amount = json!({ "amountMinor": minor.to_string(), "currency": "EUR" });
        let input = json!({ "paymentId": payment["payment"]["id"], "amount": amount, "idempotencyKey": key });
        let mut answer = self.ask(&administrator(), REFUND, json!({ "input": input })).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"]["refundPayment"].take()
    }
}

pub(super) fn user_id(number: u64) -> String {
    crate::UserId::from_uuid(kit::seed::user_id(number)).to_global()
}

fn customer() -> Identity {
    Identity::user(user_id(CUSTOMER))
}

pub(super) fn administrator() -> Identity {
    Identity::administrator(user_id(ADMINISTRATOR))
}

pub(super) fn order_id(number: u64) -> String {
    crate::OrderId::from_uuid(kit::seed::order_id(number)).to_global()
}

pub(super) fn payment_id(answer: &Value) -> PaymentId {
    PaymentId::parse(answer["payment"]["id"].as_str().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_with_one_key_charge_once_and_are_answered_alike() {
    let shop = Shop::open().await;
    let order = order_id(1);
    let answers = join_all((0..100).map(|_| shop.pay(&order, 5_000, "key"))).await;
    let first = &answers[0];
    assert_eq!(first["payment"]["status"], "CAPTURED", "{first}");
    for answer in &answers {
        assert_eq!(answer, first);
    }
    let once = Charged { authorisations: 1, captures: 1, captured_minor: 5_000, ..Charged::default() };
    assert_eq!(shop.till.provider.charged(payment_id(first)).await.unwrap(), once);
    let other = shop.pay(&order, 5_001, "key").await;
    assert_eq!(other["payment"], Value::Null);
    assert_eq!(other["errors"][0]["__typename"], "PaymentIdempotencyConflictError");
    // The reply is the one of then, whatever has happened meanwhile.
    shop.refund(first, 1_000, "refund").await;
    assert_eq!(shop.pay(&order, 5_000, "key").await, *first);
    shop.till.check_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cant_be_paid_is_refused_with_its_field() {
    let shop = Shop::open().await;
    for (minor, key, field) in
        [(0, "a", "amount"), (-5, "b", "amount"), (i64::MAX, "c", "amount"), (5, "", "idempotencyKey")]
    {
        let refused = shop.pay(&order_id(1), minor, key).await;
        assert_eq!((&refused["payment"], &refused["errors"][0]["field"]), (&Value::Null, &json!(field)), "{refused}");
    }
    let refused = shop.pay_with(&order_id(1), 5, "d", "no token").await;
    assert_eq!(refused["errors"][0]["field"], "methodToken");
    // A refusal leaves the key free.
    assert_eq!(shop.pay(&order_id(1), 500, "a").await["payment"]["status"], "CAPTURED");
    let declined = shop.pay_with(&order_id(1), 500, "e", INSUFFICIENT_FUNDS).await;
    assert_eq!(declined["payment"]["status"], "DECLINED");
}

/// Nobody's money is kept for what nobody takes.
#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_cant_be_captured_is_let_go_of() {
    let shop = Shop::open().await;
    shop.till.provider.fail(Fault::Refusal, 1).await.unwrap();
    let refused = shop.pay(&order_id(1), 500, "a").await;
    assert_eq!(refused["payment"]["status"], "VOIDED", "{refused}");
    assert_eq!(shop.till.provider.charged(payment_id(&refused)).await.unwrap().captures, 0);
    shop.till.check_books().await;
}

/// An order's own price is taken when it is placed, and who takes something else must know what for.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_administrators_takes_payments_for_orders() {
    let shop = Shop::open().await;
    let amount = json!({ "amountMinor": "500", "currency": "EUR" });
    for (caller, code) in [
        (customer(), "FORBIDDEN"),
        (Identity::anonymous(), "UNAUTHENTICATED"),
        (Identity::service("orders"), "FORBIDDEN"),
    ] {
        let refused = shop.create(&caller, &order_id(1), amount.clone(), ("key", GOOD)).await;
        assert_eq!(refused["data"]["createPayment"], Value::Null);
        assert_eq!(refused["errors"][0]["extensions"]["code"], code);
    }
    let list = "{ payments { edges { node { id } } } }";
    // The read model may be about to begin.
    let listed = async || {
        let edges = shop.ask(&administrator(), list, json!({})).await["data"]["payments"]["edges"].take();
        edges.as_array().map(Vec::len)
    };
    assert_eq!(wait_for("the list", listed).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_are_administrators_and_happen_once_a_key() {
    let shop = Shop::open().await;
    let payment = shop.pay(&order_id(1), 5_000, "key").await;
    let refunds = join_all((0..10).map(|_| shop.refund(&payment, 2_000, "refund"))).await;
    assert_eq!(refunds[0]["refund"]["status"], "REFUNDED", "{refunds:?}");
    assert_eq!(refunds[0]["payment"]["status"], "PARTIALLY_REFUNDED");
    assert!(refunds.iter().all(|refund| *refund == refunds[0]));
    assert_eq!(shop.till.provider.charged(payment_id(&payment)).await.unwrap().refunds, 1);
    let too_much = shop.refund(&payment, 3_001, "another").await;
    assert_eq!(too_much["errors"][0]["code"], "INVALID_AMOUNT");
    let other = shop.refund(&payment, 1, "refund").await;
    assert_eq!(other["errors"][0]["__typename"], "PaymentIdempotencyConflictError");
    let unknown = json!({ "payment": { "id": crate::PaymentId::from_uuid(Uuid::nil()).to_global() } });
    assert_eq!(shop.refund(&unknown, 1, "third").await["errors"][0]["__typename"], "PaymentNotFoundError");
    let amount = json!({ "amountMinor": "1", "currency": "EUR" });
    let input = json!({ "paymentId": payment["payment"]["id"], "amount": amount, "idempotencyKey": "mine" });
    let refused = shop.ask(&customer(), REFUND, json!({ "input": input })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    shop.till.check_books().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_its_customers_and_administrators() {
    let shop = Shop::open().await;
    let payment = shop.pay(&order_id(7), 5_000, "key").await;
    let id = json!({ "id": payment["payment"]["id"] });
    for identity in [customer(), administrator()] {
        let answer = shop.ask(&identity, PAYMENT, id.clone()).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        assert_eq!(answer["data"]["payment"]["customer"]["id"], user_id(CUSTOMER));
        assert_eq!(answer["data"]["payment"]["order"]["id"], order_id(7));
    }
    // To others it is as if there were none.
    let unknown = json!({ "id": crate::PaymentId::from_uuid(Uuid::nil()).to_global() });
    for id in [&id, &unknown] {
        let answer = shop.ask(&Identity::user(user_id(3)), PAYMENT, id.clone()).await;
        assert_eq!(answer, json!({ "data": { "payment": null } }));
        for (identity, code) in [(Identity::anonymous(), "UNAUTHENTICATED"), (Identity::service("orders"), "FORBIDDEN")]
        {
            let answer = shop.ask(&identity, PAYMENT, id.clone()).await;
            assert_eq!(answer["data"]["payment"], Value::Null);
            assert_eq!(answer["errors"][0]["extensions"]["code"], code);
        }
    }
    let representations = json!([
        { "__typename": "Payment", "id": payment["payment"]["id"] },
        { "__typename": "Order", "id": order_id(7) },
        { "__typename": "Order", "id": order_id(8) },
        { "__typename": "Payment", "id": order_id(7) },
        { "__typename": "Payment", "id": unknown["id"] },
    ]);
    let entities = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
        ... on Payment { id } ... on Order { id payments { id status } } } }";
    let of = async |identity: &Identity| {
        let mut answer = shop.ask(identity, entities, json!({ "representations": representations })).await;
        answer["data"]["_entities"].take()
    };
    let listed = async || (of(&customer()).await[1]["payments"].as_array()?.len() == 1).then_some(());
    wait_for("the read model", listed).await;
    let own = of(&customer()).await;
    assert_eq!((&own[0]["id"], &own[4]), (&payment["payment"]["id"], &Value::Null));
    assert_eq!(own[1]["payments"], json!([{ "id": payment["payment"]["id"], "status": "CAPTURED" }]));
    assert_eq!((&own[2]["payments"], &own[3]), (&json!([]), &Value::Null));
    let variables = json!({ "representations": representations });
    let others = shop.ask(&Identity::user(user_id(3)), entities, variables).await;
    let found = &others["data"]["_entities"];
    assert_eq!((&found[0], &found[1]["payments"], &found[4]), (&Value::Null, &json!([]), &Value::Null));
    // That one's id isn't even a payment's.
    let told = others["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect::<Vec<_>>();
    assert_eq!(told, [&json!(["_entities", 3])], "{others}");
    assert_eq!(of(&Identity::anonymous()).await[1]["payments"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_and_the_ledger_are_administrators() {
    let shop = Shop::open().await;
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(shop.pay(&order_id(number), 1_000, &number.to_string()).await["payment"]["id"].take());
    }
    let list = "query ($after: String, $filter: PaymentFilter) { payments(first: 2, after: $after, filter: $filter) { \
        edges { node { id ledger { kind entries { account amount { amountMinor } } } } } \
        pageInfo { endCursor hasNextPage } } }";
    let page = async |variables: Value| shop.ask(&administrator(), list, variables).await["data"]["payments"].take();
    let all = async || (page(json!({})).await["pageInfo"]["hasNextPage"] == true).then_some(());
    wait_for("the read model", all).await;
    let first = page(json!({})).await;
    let second = page(json!({ "after": first["pageInfo"]["endCursor"] })).await;
    let edges = [&first["edges"][0], &first["edges"][1], &second["edges"][0]];
    ids.reverse();
    assert_eq!(edges.map(|edge| &edge["node"]["id"]).into_iter().cloned().collect::<Vec<_>>(), ids);
    let booked = &first["edges"][0]["node"]["ledger"][0];
    assert_eq!((&booked["kind"], booked["entries"].as_array().unwrap().len()), (&json!("captured"), 5));
    let captured = page(json!({ "filter": { "orderId": order_id(2), "status": "CAPTURED" } })).await;
    assert_eq!(captured["edges"][0]["node"]["id"], ids[1]);
    assert_eq!(page(json!({ "filter": { "status": "VOIDED" } })).await["edges"], json!([]));
    let refused = shop.ask(&customer(), list, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let own = "query ($id: ID!) { payment(id: $id) { id ledger { id } } }";
    let refused = shop.ask(&customer(), own, json!({ "id": ids[0] })).await;
    assert_eq!(refused["data"]["payment"], json!({ "id": ids[0], "ledger": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_orders_payments_take_two_statements() {
    let shop = Shop::open().await;
    for number in 1..=4 {
        shop.pay(&order_id(number), 1_000, &number.to_string()).await;
    }
    let representations: Vec<Value> =
        (1..=4).map(|number| json!({ "__typename": "Order", "id": order_id(number) })).collect();
    let entities = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
        ... on Order { payments { id amountCaptured { amountMinor } history { kind } } } } }";
    let variables = json!({ "representations": representations });
    let listed = async || {
        let answer = shop.ask(&customer(), entities, variables.clone()).await;
        let listed = answer["data"]["_entities"].as_array()?.iter().all(|order| order["payments"][0]["id"].is_string());
        listed.then_some(())
    };
    wait_for("the read model", listed).await;
    let Shop { till, identity, subgraph, running, .. } = shop;
    // Whoever else uses the same pool is counted too.
    running.stop().await;
    let before = till.database().statements_executed();
    let body = json!({ "query": entities, "variables": variables }).to_string();
    let token = identity.token(&customer());
    subgraph.execute(body.into(), Some(&token)).await;
    assert_eq!(till.database().statements_executed() - before, 2);
}

#[test]
fn the_contract_names_its_keys() {
    let sdl = crate::sdl();
    for line in
        ["type Payment @key(fields: \"id\")", "type Order @key(fields: \"id\")", "type User @key(fields: \"id\")"]
    {
        assert!(sdl.contains(line), "{line} is missing in {sdl}");
    }
}
