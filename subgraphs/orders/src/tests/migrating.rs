//! The migration from rows to events and back keeps what there is.

use std::sync::Arc;

use kit::Workers;
use kit::database::Freshness;
use kit::projection::Projector;
use kit::testing::{TestDatabase, migrations_are_reversible, wait_for};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{Shop, customer};
use crate::projection::OrderList;

const ROWS: &str = "SELECT string_agg(row::text, E'\\n' ORDER BY id) FROM ( \
    SELECT orders.*, (SELECT json_agg(line ORDER BY position) FROM order_lines AS line WHERE order_id = orders.id) FROM orders) AS row";
const EVENTS: &str = "SELECT string_agg(row::text, E'\\n' ORDER BY position) FROM event AS row";
const CUSTOMERS: &str = "SELECT string_agg(row::text, E'\\n' ORDER BY id) FROM customer AS row";

const FILL: &str = "\
    INSERT INTO orders (id, number, customer_id, idempotency_key, request_fingerprint, status, currency, total_minor, placed_at) \
    SELECT gen_random_uuid(), n, ('00000000-0000-0000-0000-00000000000' || n % 3)::uuid, 'key-' || n, gen_random_uuid(), \
        (ARRAY['PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'])[n % 5 + 1], 'EUR', n * 300, \
        '2026-01-01'::timestamptz + n * '1 hour 0.000001 s'::interval FROM generate_series(1, 50) AS n; \
    INSERT INTO order_lines (order_id, position, product_id, quantity, unit_price_minor) \
    SELECT id, position, gen_random_uuid(), 1 + position, number * 100 FROM orders, generate_series(0, 1) AS position";

async fn text(client: &Client, statement: &str) -> String {
    client.query_one(statement, &[]).await.unwrap().get::<_, Option<String>>(0).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again_leave_the_same_schema() {
    migrations_are_reversible("orders", || crate::MIGRATIONS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_kept_on_the_way_up_down_and_up() {
    let test = TestDatabase::create("orders", crate::MIGRATIONS).await;
    let (database, client) = (test.database(), test.database().bulk_connection().await.unwrap());
    // Back to rows: kit's own migrations that came later are taken back as well.
    let back = async || {
        while client.query_opt("SELECT FROM pg_tables WHERE tablename = 'placement'", &[]).await.unwrap().is_some() {
            database.migrate_back(crate::MIGRATIONS).await.unwrap();
        }
    };
    back().await;
    client.batch_execute(FILL).await.unwrap();
    let rows = text(&client, ROWS).await;
    database.migrate(crate::MIGRATIONS).await.unwrap();
    let (events, customers) = (text(&client, EVENTS).await, text(&client, CUSTOMERS).await);
    // Of ten each: one event of those that were placed, three of those paid, five, six, and two of those cancelled.
    assert_eq!(events.lines().count(), 10 * (1 + 3 + 5 + 6 + 2));
    let head: i64 = client.query_one("SELECT position FROM event_head", &[]).await.unwrap().get(0);
    assert_eq!(head, 170);

    // They are orders to the code as well.
    let store = crate::store::OrderStore::new(database.clone());
    let ids = client.query("SELECT DISTINCT stream_id::text FROM event", &[]).await.unwrap();
    let ids: Vec<crate::OrderId> =
        ids.iter().map(|row| kit::GlobalId::from_uuid(Uuid::parse_str(row.get(0)).unwrap())).collect();
    let orders = store.order_list_by_id(&ids, Freshness::Latest).await.unwrap();
    assert_eq!(orders.len(), 50);
    for order in orders.into_values().map(Result::unwrap) {
        assert_eq!(order.total.amount_minor.0, order.number * 300);
        let lines: i64 = order.lines.iter().flat_map(|lines| lines.iter()).map(|line| i64::from(line.quantity)).sum();
        assert_eq!(lines, 3);
    }
    let next: i64 = client.query_one("SELECT nextval('order_number')", &[]).await.unwrap().get(0);
    assert_eq!(next, 51);
    let under_way: i64 = client.query_one("SELECT sum(orders_under_way) FROM customer", &[]).await.unwrap().get(0);
    assert_eq!(under_way, 30);

    back().await;
    assert_eq!(text(&client, ROWS).await, rows);
    // As the older code would.
    let cancelled = "UPDATE orders SET status = 'CANCELLED' WHERE number IN (SELECT min(number) FROM orders WHERE status = 'PLACED')";
    assert_eq!(client.execute(cancelled, &[]).await.unwrap(), 1);
    database.migrate(crate::MIGRATIONS).await.unwrap();
    let again = text(&client, EVENTS).await;
    assert!(again.starts_with(&events) && again.lines().count() == 171, "nothing that had happened has changed");
    assert_ne!(text(&client, CUSTOMERS).await, customers);
    back().await;
    assert_ne!(text(&client, ROWS).await, rows);
    assert_eq!(text(&client, "SELECT count(*)::text FROM orders WHERE status = 'CANCELLED'").await, "11");
}

/// As older and newer code have them in turn: what the newer one reads is there before it has made the lists anew.
#[tokio::test(flavor = "multi_thread")]
async fn lists_are_read_on_the_way_back_and_up_again() {
    let shop = Shop::seeded().await;
    let (database, client) = (shop.database.database(), shop.database.database().bulk_connection().await.unwrap());
    let version = async || {
        let live = "SELECT version FROM projection WHERE name = 'order_list' AND generation = 'live'";
        client.query_one(live, &[]).await.unwrap().get::<_, i32>(0)
    };
    let columns = async || {
        let columns = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'order_list' AND column_name = 'variant_id'";
        client.query_one(columns, &[]).await.unwrap().get::<_, i64>(0)
    };
    let lists =
        "{ orders(first: 100) { edges { node { lines { quantity product { id } variant { id } name sku } } } } }";
    let before = shop.ask(&customer(), lists, json!({})).await;
    assert_eq!((&before["errors"], version().await, columns().await), (&Value::Null, 3, 1));
    while columns().await == 1 {
        database.migrate_back(crate::MIGRATIONS).await.unwrap();
    }
    assert_eq!(version().await, 1, "it is the older code's");
    database.migrate(crate::MIGRATIONS).await.unwrap();
    assert_eq!(shop.ask(&customer(), lists, json!({})).await, before);
    let projector = Projector::new(database.clone(), Arc::new(OrderList)).unwrap();
    let running = Workers::new("orders").with(projector).start();
    wait_for("the lists to be made anew", async || (version().await == 3).then_some(())).await;
    assert_eq!(shop.ask(&customer(), lists, json!({})).await, before);
    running.stop().await;
}
