//! Demonstration stock: of each seeded product what the catalogue's seed says there is of it, in the ledger as deliveries.

use chrono::DateTime;
use kit::Database;
use kit::database::DatabaseError;
use kit::seed::{Client, CopyWriter, EPOCH_UNIX_SECONDS, Seed};

/// How many rows lie between two reports of progress.
const PROGRESS_ROWS: u64 = 500;
/// What the seed of products draws for a product before its stock: names, properties and a weight.
const DRAWN_BEFORE: usize = 8;

/// Fills an empty, migrated database; one that holds items stays as it is. Gives the number of items loaded.
///
/// # Errors
/// The database fails; then nothing was loaded.
pub async fn seed(database: &Database, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut client = database.bulk_connection().await?;
    let transaction = client.transaction().await?;
    let row = transaction.query_one("SELECT EXISTS (SELECT FROM stock_item)", &[]).await?;
    if row.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let items = write_items(transaction.client(), seed).await?;
    write_movements(transaction.client(), seed).await?;
    transaction.batch_execute("ANALYZE stock_item; ANALYZE stock_movement").await?;
    transaction.commit().await?;
    (seed.progress)(items);
    Ok(items)
}

const ITEM_COLUMNS: &[&str] = &["id", "product_id", "on_hand", "movements", "version", "updated_at"];
const MOVEMENT_COLUMNS: &[&str] =
    &["item_id", "number", "kind", "on_hand_change", "reserved_change", "on_hand", "reserved", "cause", "booked_at"];

async fn write_items(client: &Client, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut copy = CopyWriter::start(client, "stock_item", ITEM_COLUMNS).await?;
    for number in 1..=seed.size.products() {
        let (id, stock) = (kit::seed::product_id(number), stock(number));
        let deliveries = i32::from(stock > 0);
        copy.value(id).value(id).value(stock).value(deliveries).value(1 + deliveries).value(booked_at());
        copy.end_row().await?;
        if number % PROGRESS_ROWS == 0 {
            (seed.progress)(number);
        }
    }
    copy.finish().await
}

async fn write_movements(client: &Client, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut copy = CopyWriter::start(client, "stock_movement", MOVEMENT_COLUMNS).await?;
    for number in 1..=seed.size.products() {
        let stock = stock(number);
        if stock > 0 {
            copy.value(kit::seed::product_id(number)).value(1).value("received");
            copy.value(stock).value(0).value(stock).value(0).value("seed").value(booked_at());
            copy.end_row().await?;
        }
    }
    copy.finish().await
}

fn booked_at() -> String {
    DateTime::from_timestamp(EPOCH_UNIX_SECONDS, 0).unwrap_or_default().to_rfc3339()
}

/// Pieces of product `number` that there are at first. The seed of products repeats this for which products are on stock, so it must
/// never change. Every sixteenth is sold out.
fn stock(number: u64) -> i32 {
    let mut random = kit::seed::random("product", number);
    for _ in 0..DRAWN_BEFORE {
        random.u64(..);
    }
    if random.u8(..16) == 0 { 0 } else { random.i32(1..400) }
}

#[cfg(test)]
mod tests {
    use super::stock;

    /// What the seed of products has for the same numbers.
    #[test]
    fn is_what_the_catalogue_shows() {
        let first: Vec<i32> = (1..=12).map(stock).collect();
        assert_eq!(first, [343, 0, 94, 328, 337, 161, 188, 387, 250, 59, 125, 21]);
        let weighed: u64 = (1..=50_000).map(|number| u64::from(stock(number).unsigned_abs()) * number).sum();
        assert_eq!(weighed, 235_380_703_497);
    }
}
