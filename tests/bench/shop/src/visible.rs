//! How long a command takes until it is visible in the read model: from the request to the row in the list of orders.

use std::time::{Duration, Instant};

use wire::id::OrderId;

use crate::Failure;
use crate::programs::Shop;
use crate::purchases::{place, product};
use crate::table::Table;

/// Between two orders: the shop sells each before the next one comes.
const APART: Duration = Duration::from_millis(100);
/// Between two looks into the list.
const LOOK_EACH: Duration = Duration::from_millis(1);
/// How long one may take.
const VISIBLE_WITHIN: Duration = Duration::from_secs(10);

/// Places order after order, and looks for each.
pub async fn measure(shop: &Shop, within: Duration, table: &mut Table) -> Result<(), Failure> {
    let (client, product) = (reqwest::Client::new(), product(shop).await?);
    let listed = shop.orders.prepare("SELECT EXISTS (SELECT FROM order_list.entry WHERE id = $1::text::uuid)").await?;
    let (began, mut answered, mut visible) = (Instant::now(), Vec::new(), Vec::new());
    while began.elapsed() < within {
        let asked = Instant::now();
        let order = place(&client, shop, &product, &format!("visible-{}", answered.len())).await?;
        answered.push(asked.elapsed());
        let id = OrderId::parse(&order).ok_or("no order's id")?.uuid().to_string();
        while !shop.orders.query_one(&listed, &[&id]).await?.try_get::<_, bool>(0)? {
            if asked.elapsed() > VISIBLE_WITHIN {
                return Err(format!("{order} isn't listed").into());
            }
            tokio::time::sleep(LOOK_EACH).await;
        }
        visible.push(asked.elapsed());
        tokio::time::sleep(APART).await;
    }
    table.times("placeOrder answered", answered);
    table.times("placeOrder visible in the list of orders", visible);
    Ok(())
}
