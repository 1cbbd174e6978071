//! Exports: who gets one, what is in it, and what becomes of it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use kit::Workers;
use kit::job::{NewJob, RunAt, Scheduled, enqueue};
use kit::objects::{ObjectKey, ObjectStorage, put};
use kit::testing::wait_for;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::files::{Failing, Files, fetch};
use super::{Shop, administrator, customer};

const EXPORT: &str = "mutation ($input: ExportOrdersInput!) { exportOrders(input: $input) { export { id state } \
    errors { __typename ... on InvalidExportError { field } } } }";
const SHOW: &str =
    "query ($id: ID!) { orderExport(id: $id) { state done total format bytes keptUntil file { url expiresAt } } }";

fn input(format: &str, key: &str) -> Value {
    json!({ "input": { "from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z", "format": format, "idempotencyKey": key } })
}

async fn want(shop: &Shop, input: Value) -> Value {
    let answer = shop.ask(&administrator(), EXPORT, input).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["exportOrders"].clone()
}

async fn show(shop: &Shop, id: &Value) -> Value {
    shop.ask(&administrator(), SHOW, json!({ "id": id })).await["data"]["orderExport"].clone()
}

/// What it is when it is done, and its file.
async fn file(shop: &Shop, wanted: &Value) -> (Value, Bytes) {
    let id = &wanted["export"]["id"];
    let done = wait_for("the export", async || Some(show(shop, id).await).filter(|now| now["state"] == "DONE")).await;
    let bytes = fetch(done["file"]["url"].as_str().unwrap_or_else(|| panic!("{done}"))).await;
    assert_eq!(done["bytes"], bytes.len().to_string());
    (done, bytes)
}

fn rows(csv: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(csv);
    let head = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (head, reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
}

fn at_work(shop: &Shop, storage: &Arc<dyn ObjectStorage>) -> kit::worker::Running {
    Workers::new("orders").with(crate::jobs(shop.database.database(), storage)).start()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_formats_say_what_the_read_model_does() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let client = shop.database.database().bulk_connection().await.unwrap();
    let formula = "UPDATE order_list.entry SET carrier = '=1+1' WHERE number = 7";
    assert_eq!(client.execute(formula, &[]).await.unwrap(), 1);
    let (csv, parquet) = (want(&shop, input("CSV", "a")).await, want(&shop, input("PARQUET", "b")).await);
    assert_eq!(csv["export"]["state"], "WAITING");
    let waiting = show(&shop, &csv["export"]["id"]).await;
    assert_eq!((&waiting["done"], &waiting["total"], &waiting["file"]), (&json!("0"), &Value::Null, &Value::Null));
    let running = at_work(&shop, &files.storage());
    let (done, csv) = file(&shop, &csv).await;
    let (_, parquet) = file(&shop, &parquet).await;

    let (head, rows) = rows(&csv);
    assert_eq!(&head[..4], ["number", "id", "customer_id", "status"]);
    let all = "SELECT number, status, currency, total_minor, carrier FROM order_list.entry ORDER BY placed_at, id";
    let all = client.query(all, &[]).await.unwrap();
    assert!(all.len() > 50 && rows.len() == all.len());
    assert_eq!((&done["done"], &done["total"]), (&json!(rows.len().to_string()), &json!(rows.len().to_string())));
    for (row, order) in rows.iter().zip(&all) {
        assert_eq!(row[0], format!("SG-{:08}", order.get::<_, i64>(0)));
        assert_eq!((row[3].as_str(), row[5].as_str()), (order.get(1), order.get(2)));
        assert_eq!(row[6], order.get::<_, i64>(3).to_string());
        let carrier = order.get::<_, Option<&str>>(4).unwrap_or_default();
        assert_eq!(row[8], if carrier == "=1+1" { "'=1+1" } else { carrier });
    }

    let reader = SerializedFileReader::new(parquet).unwrap();
    let typed: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(typed.len(), rows.len());
    for (typed, row) in typed.iter().zip(&rows) {
        let typed: Vec<String> = typed.get_column_iter().map(|(_, field)| shown(field)).collect();
        let row: Vec<&str> = row.iter().map(|cell| cell.strip_prefix('\'').unwrap_or(cell)).collect();
        assert_eq!(typed, row);
    }
    running.stop().await;
}

fn shown(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        Field::TimestampMicros(micros) => chrono::DateTime::from_timestamp_micros(*micros)
            .unwrap()
            .to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_of_the_orders_that_were_asked_for() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let running = at_work(&shop, &files.storage());
    let client = shop.database.database().bulk_connection().await.unwrap();
    let times = "SELECT to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM order_list.entry \
        ORDER BY placed_at OFFSET 3 LIMIT 3";
    let times: Vec<String> = client.query(times, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    let stretch = json!({ "input": { "from": times[0], "to": times[2], "format": "CSV", "idempotencyKey": "a" } });
    let (_, of_times) = file(&shop, &want(&shop, stretch).await).await;
    let found: Vec<String> = rows(&of_times).1.into_iter().map(|row| row[4].clone()).collect();
    assert_eq!(found, times[..2], "from the first on, without the last");
    let mut cancelled = input("CSV", "b");
    cancelled["input"]["status"] = json!("CANCELLED");
    let (_, of_status) = file(&shop, &want(&shop, cancelled).await).await;
    let (_, rows) = rows(&of_status);
    assert!(!rows.is_empty() && rows.iter().all(|row| row[3] == "CANCELLED"));
    let nothing = json!({ "input": { "from": "1970-01-01T00:00:00Z", "to": "1970-01-02T00:00:00Z", "format": "PARQUET", "idempotencyKey": "c" } });
    let (_, empty) = file(&shop, &want(&shop, nothing).await).await;
    assert_eq!(SerializedFileReader::new(empty).unwrap().get_row_iter(None).unwrap().count(), 0);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_for_administrators_once_a_key_and_bounded() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let wanted = want(&shop, input("CSV", "a")).await;
    assert_eq!(want(&shop, input("CSV", "a")).await["export"]["id"], wanted["export"]["id"]);
    let refused = async |input: Value| want(&shop, input).await["errors"][0].clone();
    assert_eq!(refused(input("PARQUET", "a")).await["__typename"], "ExportConflictError");
    for key in ["", "a b", "ä", "a/b", &"a".repeat(129)] {
        assert_eq!(
            refused(input("CSV", key)).await,
            json!({ "__typename": "InvalidExportError", "field": "idempotencyKey" })
        );
    }
    let mut turned = input("CSV", "b");
    turned["input"]["to"] = turned["input"]["from"].clone();
    assert_eq!(refused(turned).await, json!({ "__typename": "InvalidExportError", "field": "from" }));
    // Beyond what the database knows of time, and beyond what it is asked.
    for (field, time) in [
        ("from", "-5000-01-01T00:00:00Z"),
        ("from", "0000-12-31T23:59:59Z"),
        ("to", "+10000-01-01T00:00:00Z"),
        ("to", "+200000-01-01T00:00:00Z"),
    ] {
        let mut beyond = input("CSV", "b");
        beyond["input"][field] = json!(time);
        assert_eq!(refused(beyond).await, json!({ "__typename": "InvalidExportError", "field": field }), "{time}");
    }
    for (identity, code) in [
        (customer(), "FORBIDDEN"),
        (Identity::anonymous(), "UNAUTHENTICATED"),
        (Identity::service("payments"), "FORBIDDEN"),
    ] {
        let answer = shop.ask(&identity, EXPORT, input("CSV", "c")).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
        let answer = shop.ask(&identity, SHOW, json!({ "id": wanted["export"]["id"] })).await;
        assert_eq!(
            (&answer["errors"][0]["extensions"]["code"], &answer["data"]["orderExport"]),
            (&json!(code), &Value::Null)
        );
    }
    let client = shop.database.database().bulk_connection().await.unwrap();
    let many = "INSERT INTO order_list.entry (id, number, customer_id, status, currency, total_minor, refunded_minor, placed_at, version) \
        SELECT gen_random_uuid(), 1000000 + n, '00000000-0000-0000-0000-000000000001', 'PAID', 'EUR', 1, 0, \
            '2050-01-01'::timestamptz + n * '1 ms'::interval, 1 FROM generate_series(1, 1000001) AS n";
    client.execute(many, &[]).await.unwrap();
    assert_eq!(refused(input("CSV", "d")).await["__typename"], "ExportTooLargeError");
    let jobs = "SELECT count(*) FROM job WHERE kind = 'orders.export'";
    assert_eq!(client.query_one(jobs, &[]).await.unwrap().get::<_, i64>(0), 1);
    // Where files aren't kept none is promised.
    let without = Shop::seeded().await;
    let unavailable = want(&without, input("CSV", "a")).await;
    assert_eq!(unavailable["errors"][0]["__typename"], "FilesUnavailableError");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_breaks_is_begun_anew_and_old_files_go() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let failing: Arc<dyn ObjectStorage> = Arc::new(Failing::new(files.storage(), 1));
    let running = at_work(&shop, &failing);
    let wanted = want(&shop, input("CSV", "a")).await;
    let (done, csv) = file(&shop, &wanted).await;
    assert_eq!(done["done"], json!(rows(&csv).1.len().to_string()));
    let client = shop.database.database().bulk_connection().await.unwrap();
    let attempts = "SELECT attempts FROM job WHERE kind = 'orders.export'";
    assert_eq!(client.query_one(attempts, &[]).await.unwrap().get::<_, i32>(0), 2);

    // The next night is planned.
    let planned = "SELECT count(*) FROM job WHERE kind = 'orders.forget-exports' AND state = 'waiting' \
        AND due_at > now() AND due_at <= now() + interval '1 day' AND extract(hour FROM due_at AT TIME ZONE 'UTC') = 3";
    let is_planned = async || (client.query_one(planned, &[]).await.unwrap().get::<_, i64>(0) == 1).then_some(());
    wait_for("the next night", is_planned).await;
    let old = ObjectKey::parse("exports/orders/old.csv").unwrap();
    put(&*files.storage(), &old, Bytes::from_static(b"old")).await.unwrap();
    let week_ago = SystemTime::now() - Duration::from_secs(8 * 24 * 60 * 60);
    std::fs::File::options().write(true).open(files.path(&old)).unwrap().set_modified(week_ago).unwrap();
    assert_eq!(files.keys("exports/orders").await.len(), 2);
    let mut connection = shop.database.database().connection().await.unwrap();
    let payload = Scheduled { due: chrono::Utc::now() };
    let job = NewJob { kind: "orders.forget-exports", key: "now", payload, run_at: RunAt::Now };
    enqueue(&mut connection, &job).await.unwrap();
    wait_for("the old one to go", async || (files.keys("exports/orders").await.len() == 1).then_some(())).await;
    assert!(!files.path(&old).exists());
    // The link of one that is kept no longer is no longer given.
    let long_ago = "UPDATE job SET finished_at = now() - interval '8 days' WHERE kind = 'orders.export'";
    client.execute(long_ago, &[]).await.unwrap();
    assert_eq!(show(&shop, &wanted["export"]["id"]).await["file"], Value::Null);
    running.stop().await;
}
