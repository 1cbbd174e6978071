//! What comes back, and what it is worth.

use super::events::ReturnLine;
use super::{Order, Refusal};
use crate::domain::{Article, LINES_MAX, RequestedLine};

impl Order {
    /// What was ordered, without prices.
    pub(super) fn ordered(&self) -> Vec<(Article, i32)> {
        let lines = self.placed.iter().flat_map(|terms| &terms.lines);
        lines.map(|line| (line.article(), line.quantity)).collect()
    }

    /// What the customer said would come back.
    pub(super) fn announced(&self) -> Vec<(Article, i32)> {
        self.returned.iter().map(|line| (line.article(), line.quantity)).collect()
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
            let line = terms.lines.iter().find(|line| line.article() == back.article());
            line.map_or(0, |line| line.unit_price_minor.saturating_mul(i64::from(back.quantity)))
        };
        self.returned.iter().map(worth).fold(0_i64, i64::saturating_add).min(self.refundable_minor())
    }
}

/// Lines to come back, those of one article joined; of `there` at most as many as there are.
pub(super) fn checked(lines: &[RequestedLine], there: &[(Article, i32)]) -> Result<Vec<ReturnLine>, Refusal> {
    if lines.is_empty() {
        return Err(Refusal::NoLines);
    }
    if lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines);
    }
    let mut joined: Vec<ReturnLine> = Vec::new();
    for line in lines {
        if line.quantity < 1 {
            return Err(Refusal::Quantity(line.article()));
        }
        let Some((_, most)) = there.iter().find(|(article, _)| *article == line.article()) else {
            return Err(Refusal::NoSuchLine(line.article()));
        };
        let known = joined.iter_mut().find(|known| known.article() == line.article());
        let quantity = known.as_ref().map_or(0, |known| known.quantity).saturating_add(line.quantity);
        if quantity > *most {
            return Err(Refusal::TooManyPieces(line.article()));
        }
        match known {
            Some(known) => known.quantity = quantity,
            None => {
                let RequestedLine { product_id, variant_id, .. } = *line;
                joined.push(ReturnLine { product_id, variant_id, quantity });
            }
        }
    }
    Ok(joined)
}
