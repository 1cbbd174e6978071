//! Demonstration orders: deterministic, by COPY, in one transaction.
//!
//! Orders come in rounds: in each round every user places one, so that numbers rise with time and
//! every user has equally many.

use chrono::DateTime;
use kit::Database;
use kit::database::DatabaseError;
use kit::seed::{CUSTOMER, CopyWriter, EPOCH_UNIX_SECONDS, Seed, SeedSize};

use crate::domain::OrderStatus;

/// How many rows lie between two reports of progress.
const PROGRESS_ROWS: u64 = 1_000;
/// Seeded orders spread over twenty months.
const SPREAD_SECONDS: u64 = 600 * 24 * 60 * 60;
/// Every tenth product is priced in US dollars; orders of those hold nothing else.
const DOLLAR_STEP: u64 = 10;

/// Fills an empty, migrated database; one that holds orders stays as it is. Gives the number of
/// rows loaded, lines included.
///
/// # Errors
/// The database fails; then nothing was loaded.
pub async fn seed(database: &Database, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut client = database.bulk_connection().await?;
    let transaction = client.transaction().await?;
    let row = transaction.query_one("SELECT EXISTS (SELECT FROM orders)", &[]).await?;
    if row.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let count = seed.size.orders();
    let mut copy = CopyWriter::start(transaction.client(), "orders", ORDER_COLUMNS).await?;
    for number in 1..=count {
        write_order(&mut copy, seed.size, number).await?;
        if number.is_multiple_of(PROGRESS_ROWS) {
            (seed.progress)(number);
        }
    }
    let orders = copy.finish().await?;
    let mut copy = CopyWriter::start(transaction.client(), "order_lines", LINE_COLUMNS).await?;
    for number in 1..=count {
        write_lines(&mut copy, seed.size, number).await?;
        if number.is_multiple_of(PROGRESS_ROWS) {
            (seed.progress)(orders.saturating_add(copy.rows()));
        }
    }
    let rows = orders.saturating_add(copy.finish().await?);
    transaction
        .batch_execute(
            "SELECT setval(pg_get_serial_sequence('orders', 'number'), max(number)) FROM orders; \
             ANALYZE orders; ANALYZE order_lines",
        )
        .await?;
    transaction.commit().await?;
    (seed.progress)(rows);
    Ok(rows)
}

const ORDER_COLUMNS: &[&str] = &[
    "id",
    "number",
    "customer_id",
    "idempotency_key",
    "request_fingerprint",
    "status",
    "currency",
    "total_minor",
    "placed_at",
];

const LINE_COLUMNS: &[&str] = &["order_id", "position", "product_id", "quantity", "unit_price_minor"];

struct Line {
    product: u64,
    quantity: i64,
    unit_price_minor: i64,
}

async fn write_order(copy: &mut CopyWriter, size: SeedSize, number: u64) -> Result<(), DatabaseError> {
    let lines = lines(size, number);
    let total: i64 = lines.iter().map(|line| line.quantity * line.unit_price_minor).sum();
    let dollars = lines.iter().any(|line| line.product.is_multiple_of(DOLLAR_STEP));
    copy.value(kit::seed::order_id(number))
        .value(number)
        .value(kit::seed::user_id(customer(size, number)))
        .value(format_args!("seed-{number}"))
        .value(kit::seed::seeded_id("fingerprint", number))
        .value(status(size, number))
        .value(if dollars { "USD" } else { "EUR" })
        .value(total)
        .value(placed_at(size, number));
    copy.end_row().await
}

async fn write_lines(copy: &mut CopyWriter, size: SeedSize, number: u64) -> Result<(), DatabaseError> {
    let order = kit::seed::order_id(number);
    for (position, line) in lines(size, number).iter().enumerate() {
        copy.value(order)
            .value(position)
            .value(kit::seed::product_id(line.product))
            .value(line.quantity)
            .value(line.unit_price_minor);
        copy.end_row().await?;
    }
    Ok(())
}

fn customer(size: SeedSize, number: u64) -> u64 {
    (number - 1) % size.users() + 1
}

/// One to three lines, each of another product, all in one currency.
fn lines(size: SeedSize, number: u64) -> Vec<Line> {
    let mut random = kit::seed::random("order-lines", number);
    let tens = size.products() / DOLLAR_STEP;
    let dollars = random.u8(..12) == 0;
    let mut lines: Vec<Line> = Vec::with_capacity(3);
    for _ in 0..random.usize(1..=3) {
        let step = if dollars { DOLLAR_STEP } else { random.u64(1..DOLLAR_STEP) };
        let product = random.u64(..tens) * DOLLAR_STEP + step;
        if lines.iter().all(|line| line.product != product) {
            let quantity = if random.u8(..4) == 0 { random.i64(2..=5) } else { 1 };
            lines.push(Line { product, quantity, unit_price_minor: price_minor(product) });
        }
    }
    lines
}

/// What product `number` costs by the seed of products, whose formula this repeats.
fn price_minor(number: u64) -> i64 {
    kit::seed::random("price", number).i64(3..350) * 100 + 99
}

/// The last round is fresh, the one before it is under way, and what is older has come to its end.
fn status(size: SeedSize, number: u64) -> OrderStatus {
    let mut random = kit::seed::random("order-status", number);
    let rounds_left = (size.orders() - number) / size.users();
    if rounds_left == 0 && customer(size, number) == CUSTOMER {
        // Whoever looks around as the seeded customer finds an order to cancel.
        return OrderStatus::Placed;
    }
    match (rounds_left, random.u8(..20)) {
        (_, 0) if rounds_left > 0 => OrderStatus::Cancelled,
        (0, 0..=13) => OrderStatus::Placed,
        (0, _) => OrderStatus::Paid,
        (1, _) => OrderStatus::Shipped,
        _ => OrderStatus::Delivered,
    }
}

fn placed_at(size: SeedSize, number: u64) -> String {
    let seconds = (SPREAD_SECONDS / size.orders()).saturating_mul(number);
    let unix_seconds = EPOCH_UNIX_SECONDS.saturating_add_unsigned(seconds);
    DateTime::from_timestamp(unix_seconds, 0).unwrap_or_default().to_rfc3339()
}

#[cfg(test)]
mod tests {
    use kit::seed::{CUSTOMER, SeedSize};

    use super::{DOLLAR_STEP, lines, status};
    use crate::domain::OrderStatus;

    #[test]
    fn every_order_has_lines_in_one_currency_of_products_that_are_seeded() {
        for size in [SeedSize::Small, SeedSize::Full] {
            for number in (1..=size.orders()).step_by(7) {
                let lines = lines(size, number);
                assert!((1..=3).contains(&lines.len()));
                let dollars = lines.iter().filter(|line| line.product.is_multiple_of(DOLLAR_STEP)).count();
                assert!(dollars == 0 || dollars == lines.len());
                assert!(lines.iter().all(|line| (1..=size.products()).contains(&line.product)));
            }
        }
    }

    #[test]
    fn the_customer_has_an_order_to_cancel() {
        for size in [SeedSize::Small, SeedSize::Full] {
            let newest = size.orders() - size.users() + CUSTOMER;
            assert_eq!(status(size, newest), OrderStatus::Placed);
        }
    }
}
