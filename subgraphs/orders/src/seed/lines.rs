//! What seeded orders consist of.

use kit::seed::SeedSize;

/// Every tenth product is priced in US dollars; orders of those hold nothing else.
const DOLLAR_STEP: u64 = 10;

/// A line of a seeded order.
pub struct Line {
    /// The product's number.
    pub product: u64,
    /// How many pieces.
    pub quantity: i32,
    /// What one of them costs.
    pub unit_price_minor: i64,
}

/// Whether all of its prices are in dollars.
pub fn is_in_dollars(size: SeedSize, number: u64) -> bool {
    lines(size, number).iter().any(|line| line.product.is_multiple_of(DOLLAR_STEP))
}

/// One to three lines, each of another product, all in one currency.
pub fn lines(size: SeedSize, number: u64) -> Vec<Line> {
    let mut random = kit::seed::random("order-lines", number);
    let tens = size.products() / DOLLAR_STEP;
    let dollars = random.u8(..12) == 0;
    let mut lines: Vec<Line> = Vec::with_capacity(3);
    for _ in 0..random.usize(1..=3) {
        let step = if dollars { DOLLAR_STEP } else { random.u64(1..DOLLAR_STEP) };
        let product = random.u64(..tens) * DOLLAR_STEP + step;
        if lines.iter().all(|line| line.product != product) {
            let quantity = if random.u8(..4) == 0 { i32::try_from(random.i64(2..=5)).unwrap_or(2) } else { 1 };
            lines.push(Line { product, quantity, unit_price_minor: price_minor(product) });
        }
    }
    lines
}

/// What product `number` costs by the seed of products, whose formula this repeats.
fn price_minor(number: u64) -> i64 {
    kit::seed::random("price", number).i64(3..350) * 100 + 99
}

#[cfg(test)]
mod tests {
    use kit::seed::SeedSize;

    use super::{DOLLAR_STEP, lines};

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
}
