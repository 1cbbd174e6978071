//! What has happened to a seeded order.

use chrono::{DateTime, TimeDelta, Utc};
use kit::GlobalId as _;
use kit::seed::{CUSTOMER, EPOCH_UNIX_SECONDS, SeedSize};
use wire::events::orders::CancellationReason;
use wire::money::Currency;

use super::lines::{is_in_dollars, lines};
use crate::domain::OrderStatus;
use crate::domain::order::{Cancelled, Delivered, OrderEvent, Packed, Paid, Placed, PlacedLine, Reserved, Shipped};
use crate::{ProductId, UserId};

/// Seeded orders spread over twenty months.
const SPREAD_SECONDS: u64 = 600 * 24 * 60 * 60;

/// Whose order it is.
pub fn customer(size: SeedSize, number: u64) -> u64 {
    (number - 1) % size.users() + 1
}

/// What has happened to order `number`, and when.
pub fn life(size: SeedSize, number: u64) -> Vec<(OrderEvent, DateTime<Utc>)> {
    let (id, at) = (kit::seed::order_id(number), placed_at(size, number));
    let hours = |hours: i64| at + TimeDelta::hours(hours);
    let seconds = |seconds: i64| at + TimeDelta::seconds(seconds);
    let tracking_number = Some(format!("SG{number:010}"));
    let mut life: Vec<(OrderEvent, DateTime<Utc>)> = vec![(placed(size, number, at).into(), at)];
    let status = status(size, number);
    if status == OrderStatus::Cancelled {
        life.push((Cancelled { reason: CancellationReason::Customer }.into(), hours(1)));
    }
    if matches!(status, OrderStatus::Paid | OrderStatus::Shipped | OrderStatus::Delivered) {
        life.push((Reserved { reservation_id: id }.into(), seconds(1)));
        life.push((Paid { payment_id: id }.into(), seconds(3)));
    }
    if matches!(status, OrderStatus::Shipped | OrderStatus::Delivered) {
        life.push((Packed {}.into(), hours(6)));
        life.push((Shipped { carrier: Some("DHL".to_owned()), tracking_number }.into(), hours(20)));
    }
    if status == OrderStatus::Delivered {
        life.push((Delivered {}.into(), hours(60)));
    }
    life
}

fn placed(size: SeedSize, number: u64, placed_at: DateTime<Utc>) -> Placed {
    let lines: Vec<PlacedLine> = lines(size, number)
        .iter()
        .map(|line| PlacedLine {
            product_id: ProductId::from_uuid(kit::seed::product_id(line.product)),
            variant_id: None,
            quantity: line.quantity,
            unit_price_minor: line.unit_price_minor,
            name: None,
            sku: None,
        })
        .collect();
    let dollars: Option<Currency> = is_in_dollars(size, number).then(|| "USD".parse().ok()).flatten();
    Placed {
        customer_id: UserId::from_uuid(kit::seed::user_id(customer(size, number))),
        number: number.cast_signed(),
        placed_at,
        currency: dollars.unwrap_or(Currency::EUR),
        total_minor: lines.iter().map(|line| i64::from(line.quantity) * line.unit_price_minor).sum(),
        lines,
    }
}

/// The last round is fresh, the one before it is under way, and what is older has come to its end.
pub fn status(size: SeedSize, number: u64) -> OrderStatus {
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

fn placed_at(size: SeedSize, number: u64) -> DateTime<Utc> {
    let seconds = (SPREAD_SECONDS / size.orders()).saturating_mul(number);
    let unix_seconds = EPOCH_UNIX_SECONDS.saturating_add_unsigned(seconds);
    DateTime::from_timestamp(unix_seconds, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use kit::event_store::Aggregate as _;
    use kit::seed::{CUSTOMER, SeedSize};

    use super::{life, status};
    use crate::domain::{Order, OrderStatus};

    /// Each event is one that the order's rules allow.
    #[test]
    fn every_life_leads_where_its_order_stands() {
        for size in [SeedSize::Small, SeedSize::Full] {
            for number in (1..=size.orders()).step_by(7) {
                let mut order = Order::default();
                for (event, _) in life(size, number) {
                    let before = order.status;
                    order.apply(&event);
                    assert_ne!(order.status, before, "{event:?}");
                }
                assert_eq!(order.status, status(size, number));
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
