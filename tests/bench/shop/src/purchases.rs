//! Orders a second from being placed to being paid, with the whole shop in one process.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::Failure;
use crate::machine::Meter;
use crate::programs::Shop;
use crate::table::Table;

/// Orders that are on their way at the same time: enough that nobody who could work waits for customers.
const UNDER_WAY: usize = 64;
/// Customers at the same time.
const CUSTOMERS: usize = 16;
/// Between two looks how many are paid: one query for all customers.
const LOOK_EACH: Duration = Duration::from_millis(20);
/// How long the last ones may take.
const LAST_WITHIN: Duration = Duration::from_secs(60);

const PLACE: &str =
    "mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } errors { __typename } } }";
const PAID: &str = "SELECT count(*) FROM order_list.entry WHERE status = 'PAID'";

/// Buys as much as the shop sells.
pub async fn measure(shop: &Shop, within: Duration, table: &mut Table) -> Result<(), Failure> {
    let product = product(shop).await?;
    let (client, room) = (reqwest::Client::new(), Semaphore::new(UNDER_WAY));
    let (is_over, placed) = (AtomicBool::new(false), AtomicU64::new(0));
    let before = paid(shop).await?;
    let meter = Meter::start();
    let customers = (0..CUSTOMERS).map(async |_| -> Result<(), Failure> {
        while let Ok(permit) = room.acquire().await {
            permit.forget();
            if is_over.load(Ordering::Relaxed) {
                break;
            }
            let number = placed.fetch_add(1, Ordering::Relaxed);
            place(&client, shop, &product, &format!("throughput-{number}")).await?;
        }
        Ok(())
    });
    let counting = async {
        let (began, mut known) = (Instant::now(), 0);
        while began.elapsed() < within {
            tokio::time::sleep(LOOK_EACH).await;
            let now = paid(shop).await? - before;
            room.add_permits(usize::try_from(now - known)?);
            known = now;
        }
        is_over.store(true, Ordering::Relaxed);
        room.close();
        Ok::<_, Failure>(known)
    };
    let (customers, known) = futures::join!(join_all(customers), counting);
    let used = meter.stop();
    customers.into_iter().collect::<Result<(), _>>()?;
    table.rate("orders from placed to paid", known? as f64 / used.elapsed.as_secs_f64(), &used);
    all_are_paid(shop, before + i64::try_from(placed.into_inner())?).await
}

/// Whatever was confirmed comes to its end.
async fn all_are_paid(shop: &Shop, expected: i64) -> Result<(), Failure> {
    let began = Instant::now();
    while paid(shop).await? < expected {
        if began.elapsed() > LAST_WITHIN {
            return Err(format!("{} of {expected} orders are paid", paid(shop).await?).into());
        }
        tokio::time::sleep(LOOK_EACH).await;
    }
    Ok(())
}

/// A product that can be bought.
pub async fn product(shop: &Shop) -> Result<String, Failure> {
    let query = json!({ "query": "{ products(first: 1) { edges { node { id } } } }" });
    let answer = ask(&reqwest::Client::new(), shop, &query).await?;
    let product = answer.pointer("/data/products/edges/0/node/id").and_then(Value::as_str);
    Ok(product.ok_or_else(|| answer.to_string())?.to_owned())
}

/// Places an order; its id.
pub async fn place(client: &reqwest::Client, shop: &Shop, product: &str, key: &str) -> Result<String, Failure> {
    let lines = json!([{ "productId": product, "quantity": 1 }]);
    let input = json!({ "idempotencyKey": key, "paymentMethod": "pm_card_visa", "lines": lines });
    let answer = ask(client, shop, &json!({ "query": PLACE, "variables": { "input": input } })).await?;
    let order = answer.pointer("/data/placeOrder/order/id").and_then(Value::as_str);
    Ok(order.ok_or_else(|| answer.to_string())?.to_owned())
}

async fn ask(client: &reqwest::Client, shop: &Shop, body: &Value) -> Result<Value, Failure> {
    let request = client.post(&shop.graphql).header("content-type", "application/json").bearer_auth(&shop.customer);
    Ok(serde_json::from_slice(&request.body(body.to_string()).send().await?.bytes().await?)?)
}

async fn paid(shop: &Shop) -> Result<i64, Failure> {
    Ok(shop.orders.query_one(PAID, &[]).await?.try_get(0)?)
}
