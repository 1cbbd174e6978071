//! What comes back, what it is worth, and who has paid for it.

use uuid::Uuid;

use super::events::ReturnLine;
use super::state::add;
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

    /// So much was given back for what came back. Where that is less than was due others have given the rest: should theirs come again it
    /// is owed as well.
    pub(super) fn end_return(&mut self, amount_minor: i64) {
        let Beside { given, unexplained_minor, .. } = self.beside(amount_minor);
        given.into_iter().for_each(|(refund_id, minor)| add(&mut self.return_refunds, refund_id, minor));
        self.unexplained_minor = unexplained_minor;
        self.return_due_minor = 0;
        self.beside_return.clear();
    }

    /// What others had given back for what came back, and has come again already, when so much was given back for it.
    pub(super) fn came_again_beside(&self, amount_minor: i64) -> Vec<(Uuid, i64)> {
        self.beside(amount_minor).came_again
    }

    /// Payments gives back for what came back what others haven't since: so the rest of what was due is theirs.
    fn beside(&self, amount_minor: i64) -> Beside {
        let mut left_minor = self.return_due_minor.saturating_sub(amount_minor).max(0);
        let mut beside = Beside::default();
        for (refund_id, minor) in &self.beside_return {
            if let Some(standing_minor) = self.refunds.get(refund_id) {
                beside.given.extend(share(&mut left_minor, *refund_id, *minor.min(standing_minor)));
            }
        }
        beside.unexplained_minor = left_minor;
        for (refund_id, minor) in &self.beside_return {
            if !self.refunds.contains_key(refund_id) {
                beside.came_again.extend(share(&mut left_minor, *refund_id, *minor));
            }
        }
        beside
    }
}

/// What others gave back of what was due for what came back, until it was known what was given back for it: by which refunds, and how much
/// by each.
#[derive(Default)]
struct Beside {
    /// By those that stand.
    given: Vec<(Uuid, i64)>,
    /// What of the rest nobody has given.
    unexplained_minor: i64,
    /// What of that they had given by those that came again.
    came_again: Vec<(Uuid, i64)>,
}

/// As much of a refund as is left to be had.
fn share(left_minor: &mut i64, refund_id: Uuid, minor: i64) -> Option<(Uuid, i64)> {
    let share_minor = minor.min(*left_minor);
    *left_minor = left_minor.saturating_sub(share_minor);
    (share_minor > 0).then_some((refund_id, share_minor))
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
