//! From placed to paid, over a real bus with stock and payments at work; and back, when it comes to nothing.

use std::sync::Arc;

use kit::GlobalId as _;
use kit::objects::ObjectStorage;
use kit::testing::wait_for;
use serde_json::{Value, json};
use uuid::Uuid;

use super::others::Others;
use super::placing::{PLACE, request};
use super::{Shop, administrator, customer};
use crate::OrderId;

const ORDER: &str = "query ($id: ID!) { order(id: $id) { id version status cancellationReason \
    refunded { amountMinor } carrier trackingNumber shippingAddress { recipient country } } }";
const CANCEL: &str =
    "mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { status } errors { __typename } } }";

/// A shop in which everybody is at work.
pub struct Busy {
    pub shop: Shop,
    pub others: Others,
    _workers: kit::worker::Running,
}

impl Busy {
    pub async fn open() -> Self {
        Self::open_with(None).await
    }

    /// With a place for files.
    pub async fn open_with(objects: Option<Arc<dyn ObjectStorage>>) -> Self {
        let (shop, others) = tokio::join!(Shop::seeded_with(objects.clone()), Others::at_work());
        let workers = crate::workers(shop.database.database(), &others.bus).unwrap();
        let jobs = objects.map(|objects| crate::jobs(shop.database.database(), &objects));
        let workers = jobs.into_iter().fold(workers, kit::Workers::with).start();
        Self { shop, others, _workers: workers }
    }

    /// Places an order of these; its id.
    pub async fn place(&self, key: &str, method: &str, lines: &[(u64, i32)]) -> String {
        let mut request = request(key, lines);
        request["input"]["paymentMethod"] = json!(method);
        let answer = self.shop.ask(&customer(), PLACE, request).await;
        let id = answer["data"]["placeOrder"]["order"]["id"].as_str();
        id.unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    pub async fn order(&self, id: &str) -> Value {
        self.shop.ask(&administrator(), ORDER, json!({ "id": id })).await["data"]["order"].clone()
    }

    /// Waits until the order stands there.
    pub async fn until(&self, id: &str, status: &str) -> Value {
        wait_for(status, async || Some(self.order(id).await).filter(|order| order["status"] == status)).await
    }

    /// Waits until no saga goes on but those of orders that are paid.
    pub async fn until_settled(&self) {
        let client = self.shop.database.database().bulk_connection().await.unwrap();
        let open = "SELECT count(*) FROM saga WHERE status <> 'ended' AND state NOT LIKE '%\"Settled\"%'";
        let settled = async || (client.query_one(open, &[]).await.unwrap().get::<_, i64>(0) == 0).then_some(());
        wait_for("all sagas to settle", settled).await;
    }
}

pub fn uuid(id: &str) -> Uuid {
    OrderId::parse_global(id).unwrap().uuid()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_kept_paid_and_sold() {
    let busy = Busy::open().await;
    let mut input = request("a", &[(3, 2), (7, 1)]);
    input["input"]["shippingAddress"] =
        json!({ "recipient": "Carla", "street": "Ring 1", "city": "Wien", "postalCode": "1010", "country": "AT" });
    let answer = busy.shop.ask(&customer(), PLACE, input).await;
    let id = answer["data"]["placeOrder"]["order"]["id"].as_str().unwrap().to_owned();
    let paid = busy.until(&id, "PAID").await;
    assert_eq!(paid["version"], 3, "placed, reserved, paid");
    assert_eq!(paid["shippingAddress"], json!({ "recipient": "Carla", "country": "AT" }));
    assert_eq!(busy.others.thing("stock", uuid(&id)).await.as_deref(), Some("committed"));
    assert_eq!(busy.others.thing("payment", uuid(&id)).await.as_deref(), Some("captured"));
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let personal = "SELECT count(*) FROM event WHERE data LIKE '%Carla%' OR data LIKE '%Wien%' OR data LIKE '%tok_%'";
    assert_eq!(client.query_one(personal, &[]).await.unwrap().get::<_, i64>(0), 0);
    let kept = "SELECT state FROM saga WHERE id::text = $1";
    let state: String = client.query_one(kept, &[&uuid(&id).to_string()]).await.unwrap().get(0);
    assert!(!state.contains("tok_visa"), "{state}");
}

/// With a projector that is woken by each commit, and without any wait in the test.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_just_ordered_finds_the_order_in_their_lists() {
    let busy = Busy::open().await;
    let lists = "query ($user: ID!) { orders(first: 1) { edges { node { id lines { quantity } } } } \
                 orderHistory(first: 100) { edges { node { orderId } } } \
                 _entities(representations: [{ __typename: \"User\", id: $user }]) { ... on User { \
                 orders(first: 1) { edges { node { id } } } } } }";
    for number in 0..50 {
        let id = busy.place(&format!("k{number}"), "tok_visa", &[(3, 1)]).await;
        let answer = busy.shop.ask(&customer(), lists, json!({ "user": super::user_id(2) })).await;
        let data = &answer["data"];
        assert_eq!(data["orders"]["edges"][0]["node"]["id"], *id, "{answer}");
        assert_eq!(data["orders"]["edges"][0]["node"]["lines"][0]["quantity"], 1);
        assert_eq!(data["_entities"][0]["orders"]["edges"][0]["node"]["id"], *id);
        let history = data["orderHistory"]["edges"].as_array().unwrap();
        assert!(history.iter().any(|edge| edge["node"]["orderId"] == *id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_to_nothing_leaves_nothing_behind() {
    let busy = Busy::open().await;
    let gone = busy.place("a", "tok_visa", &[(500, 1)]).await;
    assert_eq!(busy.until(&gone, "CANCELLED").await["cancellationReason"], "OUT_OF_STOCK");
    let declined = busy.place("b", "tok_declined", &[(3, 1)]).await;
    assert_eq!(busy.until(&declined, "CANCELLED").await["cancellationReason"], "PAYMENT_DECLINED");
    busy.until_settled().await;
    assert_eq!(busy.others.thing("stock", uuid(&gone)).await, None);
    assert_eq!(busy.others.thing("payment", uuid(&gone)).await, None);
    assert_eq!(busy.others.thing("stock", uuid(&declined)).await.as_deref(), Some("released"));
}

/// The saga's deadline is moved to now by hand, as nobody waits minutes for a test.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_silent_is_given_up() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_silent", &[(3, 1)]).await;
    busy.until(&id, "RESERVED").await;
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    client.execute("UPDATE saga SET deadline = now() WHERE id::text = $1", &[&uuid(&id).to_string()]).await.unwrap();
    assert_eq!(busy.until(&id, "CANCELLED").await["cancellationReason"], "TIMED_OUT");
    busy.until_settled().await;
    assert_eq!(busy.others.thing("stock", uuid(&id)).await.as_deref(), Some("released"));
    assert_eq!(busy.others.thing("payment", uuid(&id)).await.as_deref(), Some("voided"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_that_is_cancelled_is_refunded() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 2)]).await;
    busy.until(&id, "PAID").await;
    let answer = busy.shop.ask(&customer(), CANCEL, json!({ "id": id })).await;
    assert_eq!(answer["data"]["cancelOrder"], json!({ "order": { "status": "CANCELLED" }, "errors": [] }));
    busy.until_settled().await;
    let order = busy.order(&id).await;
    assert_eq!((&order["refunded"]["amountMinor"], &order["cancellationReason"]), (&json!("600"), &json!("CUSTOMER")));
    assert_eq!(busy.others.thing("payment", uuid(&id)).await.as_deref(), Some("refunded"));
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let restock = "SELECT count(*) FROM event WHERE type = 'restock-due' AND stream_id::text = $1";
    assert_eq!(client.query_one(restock, &[&uuid(&id).to_string()]).await.unwrap().get::<_, i64>(0), 1);
    let answer = busy.shop.ask(&customer(), CANCEL, json!({ "id": id })).await;
    assert_eq!(answer["data"]["cancelOrder"]["errors"][0]["__typename"], "OrderNotCancellableError");
}

/// Cancelled in whichever step they are: in the end each is paid and sold, or nothing of it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn orders_that_are_cancelled_at_any_time_add_up() {
    let busy = Busy::open().await;
    let mut ids = Vec::new();
    for number in 0..24 {
        let id = busy.place(&format!("k{number}"), "tok_visa", &[(3, 1)]).await;
        if number % 3 != 0 {
            for _ in 0..number % 8 {
                // As many looks as the number says: other steps each time.
                busy.order(&id).await;
            }
            busy.shop.ask(&administrator(), CANCEL, json!({ "id": id })).await;
        }
        ids.push(id);
    }
    busy.until_settled().await;
    for id in ids {
        let order = busy.order(&id).await;
        let stock = busy.others.thing("stock", uuid(&id)).await;
        let payment = busy.others.thing("payment", uuid(&id)).await;
        match order["status"].as_str().unwrap() {
            "PAID" => assert_eq!((stock.as_deref(), payment.as_deref()), (Some("committed"), Some("captured"))),
            "CANCELLED" => {
                assert!(!matches!(payment.as_deref(), Some("authorised" | "captured")), "{order} {payment:?}");
                assert_eq!(payment.as_deref() == Some("refunded"), order["refunded"]["amountMinor"] == "300");
                assert_ne!(stock.as_deref(), Some("reserved"), "{order}");
                assert!(stock.as_deref() != Some("committed") || payment.as_deref() == Some("refunded"));
            }
            other => panic!("{other}"),
        }
    }
}
