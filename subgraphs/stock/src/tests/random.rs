//! Random sequences of commands, repeated and out of order, against a model that fits on a page.

use std::collections::BTreeMap;

use chrono::{Duration, Utc};
use wire::command::Reply;
use wire::commands::stock::ReserveStock;
use wire::events::stock::AdjustmentReason;

use super::warehouse::{commit_of, release_of};
use super::{Warehouse, line, order, product, reservation};
use crate::expiry::expire_once;
use crate::store::{Adjusted, Adjustment, Cause, Delivery, Received};

/// Products that there are; one more is asked for.
const PRODUCTS: u64 = 3;
/// Few, so that most commands are about a reservation that there is.
const RESERVATIONS: u64 = 6;
const STEPS: usize = 120;

#[derive(Clone, Debug, PartialEq)]
enum Status {
    Open,
    Committed,
    Closed,
    Refused(&'static str),
}

#[derive(Clone, Debug)]
struct Known {
    order: u64,
    /// By product; none of one that was closed before it was made.
    lines: BTreeMap<u64, i32>,
    status: Status,
}

#[derive(Debug, Default)]
struct Model {
    on_hand: BTreeMap<u64, i32>,
    reservations: BTreeMap<u64, Known>,
}

impl Model {
    fn reserved(&self, product: u64) -> i32 {
        let open = self.reservations.values().filter(|known| known.status == Status::Open);
        open.filter_map(|known| known.lines.get(&product)).sum()
    }

    fn reserve(&mut self, id: u64, order: u64, lines: &BTreeMap<u64, i32>, is_late: bool) -> &'static str {
        if let Some(known) = self.reservations.get(&id) {
            let is_same = known.order == order && (known.lines.is_empty() || known.lines == *lines);
            return match (&known.status, is_same) {
                (_, false) => "RESERVATION_CONFLICT",
                (Status::Open | Status::Committed, true) => "DONE",
                (Status::Closed, true) => "RESERVATION_CLOSED",
                (Status::Refused(code), true) => code,
            };
        }
        let is_short = |(product, pieces): (&u64, &i32)| self.on_hand[product] - self.reserved(*product) < *pieces;
        let status = if is_late {
            Status::Refused("RESERVATION_CLOSED")
        } else if lines.keys().any(|product| !self.on_hand.contains_key(product)) {
            Status::Refused("UNKNOWN_PRODUCT")
        } else if lines.iter().any(is_short) {
            Status::Refused("OUT_OF_STOCK")
        } else {
            Status::Open
        };
        let answer = if let Status::Refused(code) = &status { code } else { "DONE" };
        self.reservations.insert(id, Known { order, lines: lines.clone(), status });
        answer
    }

    fn release(&mut self, id: u64, order: u64) -> &'static str {
        let closed = Known { order, lines: BTreeMap::new(), status: Status::Closed };
        let known = self.reservations.entry(id).or_insert(closed);
        match known.status {
            _ if known.order != order => "RESERVATION_CONFLICT",
            Status::Committed => "ALREADY_COMMITTED",
            Status::Open => {
                known.status = Status::Closed;
                "DONE"
            }
            Status::Closed | Status::Refused(_) => "DONE",
        }
    }

    fn commit(&mut self, id: u64, order: u64) -> &'static str {
        let Some(known) = self.reservations.get_mut(&id).filter(|known| known.order == order) else {
            return "UNKNOWN_RESERVATION";
        };
        match known.status {
            Status::Committed => "DONE",
            Status::Closed | Status::Refused(_) => "RESERVATION_CLOSED",
            Status::Open => {
                known.status = Status::Committed;
                for (product, pieces) in &known.lines {
                    *self.on_hand.get_mut(product).unwrap() -= pieces;
                }
                "DONE"
            }
        }
    }

    fn adjust(&mut self, product: u64, change: i32) -> bool {
        let reserved = self.reserved(product);
        let on_hand = self.on_hand.get_mut(&product).unwrap();
        let is_right = *on_hand + change >= reserved;
        *on_hand += if is_right { change } else { 0 };
        is_right
    }
}

macro_rules! answer {
    ($reply:expr) => {
        match $reply {
            Reply::Done(_) => "DONE".to_owned(),
            Reply::Refused { code, .. } => code.to_string(),
        }
    };
}

fn lines(random: &mut fastrand::Rng) -> BTreeMap<u64, i32> {
    let most = if random.u8(..12) == 0 { PRODUCTS + 1 } else { PRODUCTS };
    (0..random.usize(1..=2)).map(|_| (random.u64(1..=most), random.i32(1..=3))).collect()
}

fn command(id: u64, of_order: u64, lines: &BTreeMap<u64, i32>, is_late: bool) -> ReserveStock {
    let lines: Vec<_> = lines.iter().map(|(number, pieces)| line(product(*number), pieces.unsigned_abs())).collect();
    let expires_at = Utc::now() + Duration::minutes(if is_late { -1 } else { 60 });
    ReserveStock { order_id: order(of_order), expires_at, ..reservation(id, &lines) }
}

async fn step(warehouse: &Warehouse, model: &mut Model, random: &mut fastrand::Rng) -> String {
    let id = random.u64(1..=RESERVATIONS);
    // Nearly always its own.
    let of_order = if random.u8(..15) == 0 { 99 } else { id };
    match random.u8(..20) {
        0..=7 => {
            // Mostly what it was made with, if it was.
            let known = model.reservations.get(&id).filter(|_| random.u8(..4) > 0).map(|known| known.lines.clone());
            let lines = known.filter(|lines| !lines.is_empty()).unwrap_or_else(|| lines(random));
            let is_late = random.u8(..15) == 0;
            let reply = warehouse.reserve(&command(id, of_order, &lines, is_late)).await;
            let expected = model.reserve(id, of_order, &lines, is_late);
            assert_eq!(answer!(reply), expected, "reserve {id} of {of_order}: {lines:?}");
            format!("reserve {id} {lines:?} {expected}")
        }
        8..=11 => {
            let reply = warehouse.release(&release_of(&command(id, of_order, &BTreeMap::new(), false))).await;
            let expected = model.release(id, of_order);
            assert_eq!(answer!(reply), expected, "release {id} of {of_order}");
            format!("release {id} {expected}")
        }
        12..=15 => {
            let reply = warehouse.commit(&commit_of(&command(id, of_order, &BTreeMap::new(), false))).await;
            let expected = model.commit(id, of_order);
            assert_eq!(answer!(reply), expected, "commit {id} of {of_order}");
            format!("commit {id} {expected}")
        }
        16 => {
            expire(warehouse, id).await;
            if let Some(known) = model.reservations.get_mut(&id).filter(|known| known.status == Status::Open) {
                known.status = Status::Closed;
            }
            format!("expire {id}")
        }
        17 => {
            let (number, quantity) = (random.u64(1..=PRODUCTS), random.i32(1..=3));
            let delivery = Delivery { item: product(number), quantity, cause: format!("delivery:{}", random.u64(..)) };
            let received = warehouse.store().receive(&Cause::default(), &delivery).await.unwrap();
            assert!(matches!(received, Received::Booked(_)));
            *model.on_hand.get_mut(&number).unwrap() += quantity;
            format!("receive {number} {quantity}")
        }
        _ => {
            let (number, change) = (random.u64(1..=PRODUCTS), [-3, -2, -1, 1, 2][random.usize(..5)]);
            let item = product(number);
            let expected_version = warehouse.item(item).await.version;
            let adjustment = Adjustment { item, expected_version, change, reason: AdjustmentReason::Counted };
            let adjusted = warehouse.store().adjust(&Cause::default(), &adjustment).await.unwrap();
            assert_eq!(matches!(adjusted, Adjusted::Booked(_)), model.adjust(number, change), "{adjusted:?}");
            format!("adjust {number} {change}")
        }
    }
}

/// Makes a reservation's time be over, and lets the clock see it.
async fn expire(warehouse: &Warehouse, id: u64) {
    let client = warehouse.database().bulk_connection().await.unwrap();
    let over =
        "UPDATE reservation SET expires_at = now() - interval '1 second' WHERE id = $1::text::uuid AND status = 'open'";
    let changed = client.execute(over, &[&kit::seed::seeded_id("reservation", id).to_string()]).await.unwrap();
    assert_eq!(u64::from(expire_once(warehouse.database()).await.unwrap()), changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn does_what_the_model_does() {
    for seed in 0..4 {
        let warehouse = Warehouse::with(&[4, 2, 0]).await;
        let mut model = Model { on_hand: BTreeMap::from([(1, 4), (2, 2), (3, 0)]), ..Model::default() };
        let mut random = fastrand::Rng::with_seed(seed);
        let mut steps = Vec::with_capacity(STEPS);
        for _ in 0..STEPS {
            steps.push(step(&warehouse, &mut model, &mut random).await);
            for number in 1..=PRODUCTS {
                let expected = (model.on_hand[&number], model.reserved(number));
                let levels = warehouse.level(product(number)).await;
                assert_eq!(levels, expected, "product {number} of seed {seed} after {steps:#?}");
            }
        }
        let found = warehouse.reconciled().await;
        let open = model.reservations.values().filter(|known| known.status == Status::Open).count();
        assert_eq!(found.reservations_open, i64::try_from(open).unwrap());
    }
}
