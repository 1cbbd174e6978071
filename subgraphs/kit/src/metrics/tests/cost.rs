//! Scrapers can't burden a database.

use futures::future::join_all;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn many_scrapes_at_once_cost_as_much_as_one() {
    let shop = Shop::open().await;
    shop.metrics.text().await;
    let of_one = shop.database.statements_executed();
    let shop_again = Shop::open().await;
    let began = std::time::Instant::now();
    join_all((0..100).map(|_| shop_again.metrics.text())).await;
    // As many looks as seconds, and one more.
    let looks = began.elapsed().as_secs() + 1;
    assert!(shop_again.database.statements_executed() <= of_one * looks, "{looks} looks");
}
