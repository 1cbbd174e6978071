//! What a reservation is of: each item once, in the order in which rows are locked.

use std::collections::BTreeMap;

use thiserror::Error;
use uuid::Uuid;
use wire::events::stock::StockLine;

use super::{ItemKey, STOCK_MAX};

/// Most lines of a reservation: those of an order.
pub const LINES_MAX: usize = 100;

/// Pieces of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of which item.
    pub item: ItemKey,
    /// How many, from 1.
    pub quantity: i32,
}

/// Lines by their items' ids. That order is everybody's, so that nobody waits for a row while another waits for theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(BTreeMap<Uuid, Line>);

/// Why lines are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidLines {
    /// There is nothing to keep.
    #[error("there are no lines")]
    Empty,
    /// There are too many.
    #[error("there are more than {LINES_MAX} lines")]
    TooMany,
    /// An item is there twice.
    #[error("an item has more than one line")]
    Repeated,
    /// There can't be so many pieces of anything.
    #[error("a line has more than {STOCK_MAX} pieces")]
    Quantity,
}

impl Lines {
    /// The lines of a command.
    ///
    /// # Errors
    /// [`InvalidLines`].
    pub fn parse(lines: &[StockLine]) -> Result<Self, InvalidLines> {
        if lines.is_empty() {
            return Err(InvalidLines::Empty);
        }
        if lines.len() > LINES_MAX {
            return Err(InvalidLines::TooMany);
        }
        let mut by_item = BTreeMap::new();
        for line in lines {
            let item = ItemKey::of_wire(line.product_id, line.variant_id);
            let quantity = i32::try_from(line.quantity.get()).map_err(|_| InvalidLines::Quantity)?;
            if quantity > STOCK_MAX {
                return Err(InvalidLines::Quantity);
            }
            if by_item.insert(item.id(), Line { item, quantity }).is_some() {
                return Err(InvalidLines::Repeated);
            }
        }
        Ok(Self(by_item))
    }

    /// Those that were parsed before, as they were stored.
    #[must_use]
    pub fn stored(lines: impl IntoIterator<Item = Line>) -> Self {
        Self(lines.into_iter().map(|line| (line.item.id(), line)).collect())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines by their items' ids.
    pub fn iter(&self) -> impl Iterator<Item = &Line> {
        self.0.values()
    }

    /// The items' ids, from the least.
    #[must_use]
    pub fn item_ids(&self) -> Vec<Uuid> {
        self.0.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn line(product: u128, variant: Option<u128>, quantity: u32) -> StockLine {
        StockLine {
            product_id: Uuid::from_u128(product).into(),
            variant_id: variant.map(|variant| Uuid::from_u128(variant).into()),
            quantity: NonZeroU32::new(quantity).unwrap(),
        }
    }

    #[test]
    fn lines_are_a_set() {
        let one = Lines::parse(&[line(2, None, 1), line(1, Some(9), 3)]).unwrap();
        assert_eq!(one, Lines::parse(&[line(1, Some(9), 3), line(2, None, 1)]).unwrap());
        assert_ne!(one, Lines::parse(&[line(1, Some(9), 4), line(2, None, 1)]).unwrap());
        assert_eq!(one.item_ids(), [Uuid::from_u128(2), Uuid::from_u128(9)]);
    }

    #[test]
    fn refuses_what_cannot_be_kept() {
        let many: Vec<_> = (0..=LINES_MAX as u128).map(|number| line(number, None, 1)).collect();
        for (lines, reason) in [
            (Vec::new(), InvalidLines::Empty),
            (many, InvalidLines::TooMany),
            (vec![line(1, None, 1), line(1, None, 2)], InvalidLines::Repeated),
            (vec![line(1, Some(9), 1), line(2, Some(9), 1)], InvalidLines::Repeated),
            (vec![line(1, None, STOCK_MAX.unsigned_abs() + 1)], InvalidLines::Quantity),
            (vec![line(1, None, u32::MAX)], InvalidLines::Quantity),
        ] {
            assert_eq!(Lines::parse(&lines), Err(reason));
        }
    }
}
