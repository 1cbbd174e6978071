//! What comes back, and what it is worth.

use super::events::ReturnLine;
use super::{Order, Refusal};
use crate::ProductId;
use crate::domain::{LINES_MAX, RequestedLine};

impl Order {
    /// What was ordered, without prices.
    pub(super) fn ordered(&self) -> Vec<(ProductId, i32)> {
        let lines = self.placed.iter().flat_map(|terms| &terms.lines);
        lines.map(|line| (line.product_id, line.quantity)).collect()
    }

    /// What the customer said would come back.
    pub(super) fn announced(&self) -> Vec<(ProductId, i32)> {
        self.returned.iter().map(|line| (line.product_id, line.quantity)).collect()
    }

    /// What of the price can still be given back, in minor units.
    #[must_use]
    pub fn refundable_minor(&self) -> i64 {
        self.placed.as_ref().map_or(0, |terms| terms.total_minor.saturating_sub(self.refunded_minor).max(0))
    }

    /// What was paid for the pieces that came back, in minor units.
    #[must_use]
    pub fn returned_minor(&self) -> i64 {
        let Some(terms) = &self.placed else { return 0 };
        // No overflow: it is at most the order's total, which is an amount.
        let worth = |back: &ReturnLine| {
            let line = terms.lines.iter().find(|line| line.product_id == back.product_id);
            line.map_or(0, |line| line.unit_price_minor.saturating_mul(i64::from(back.quantity)))
        };
        self.returned.iter().map(worth).fold(0_i64, i64::saturating_add).min(self.refundable_minor())
    }
}

/// Lines to come back, those of one product joined; of `there` at most as many as there are.
pub(super) fn checked(lines: &[RequestedLine], there: &[(ProductId, i32)]) -> Result<Vec<ReturnLine>, Refusal> {
    if lines.is_empty() {
        return Err(Refusal::NoLines);
    }
    if lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines);
    }
    let mut joined: Vec<ReturnLine> = Vec::new();
    for line in lines {
        if line.quantity < 1 {
            return Err(Refusal::Quantity(line.product_id));
        }
        let Some((_, most)) = there.iter().find(|(product_id, _)| *product_id == line.product_id) else {
            return Err(Refusal::NoSuchLine(line.product_id));
        };
        let known = joined.iter_mut().find(|known| known.product_id == line.product_id);
        let quantity = known.as_ref().map_or(0, |known| known.quantity).saturating_add(line.quantity);
        if quantity > *most {
            return Err(Refusal::TooManyPieces(line.product_id));
        }
        match known {
            Some(known) => known.quantity = quantity,
            None => joined.push(ReturnLine { product_id: line.product_id, quantity }),
        }
    }
    Ok(joined)
}
