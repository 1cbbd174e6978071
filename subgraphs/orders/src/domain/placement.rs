//! What a customer asks for when placing an order, and the proof that it keeps the rules.

use kit::GlobalId;
use thiserror::Error;
use uuid::Uuid;

use crate::ProductId;

/// Most lines of one order; they are served as a plain list.
pub const LINES_MAX: usize = 100;
/// Most pieces of one product in one order.
pub const QUANTITY_MAX: i32 = 1_000;
/// Longest idempotency key in characters: room for a UUID and a prefix.
pub const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 128;

/// Names the space of request fingerprints; chosen once at random.
const FINGERPRINT_NAMESPACE: Uuid = Uuid::from_u128(0x8a4f_27f3_51c6_4b0e_9b1d_6f0c_2e7a_93d5);

/// One line as asked for: what and how many, never at what price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestedLine {
    /// Which product.
    pub product_id: ProductId,
    /// How many pieces.
    pub quantity: i32,
}

/// Why a request can't become an order.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidPlacement {
    /// The key is empty, too long, or not printable ASCII.
    #[error("the idempotency key must have 1 to {IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters")]
    IdempotencyKey,
    /// No lines.
    #[error("an order needs at least one line")]
    NoLines,
    /// Too many lines.
    #[error("an order has at most {LINES_MAX} lines")]
    TooManyLines,
    /// A quantity out of range, of one line or of all lines of one product together.
    #[error("the quantity of a product must be 1 to {QUANTITY_MAX}")]
    Quantity(ProductId),
}

/// A request that keeps the rules: 1 to 100 lines, each of another product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    idempotency_key: String,
    lines: Vec<RequestedLine>,
}

impl Placement {
    /// Checks a request. Lines of one product are joined into the first of them.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn parse(idempotency_key: String, requested: &[RequestedLine]) -> Result<Self, Vec<InvalidPlacement>> {
        let mut found = Vec::new();
        let printable = idempotency_key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !(1..=IDEMPOTENCY_KEY_LENGTH_MAX).contains(&idempotency_key.len()) || !printable {
            found.push(InvalidPlacement::IdempotencyKey);
        }
        if requested.is_empty() {
            found.push(InvalidPlacement::NoLines);
        }
        if requested.len() > LINES_MAX {
            // Joining is quadratic, so it is not done beyond the bound.
            found.push(InvalidPlacement::TooManyLines);
            return Err(found);
        }
        let mut lines: Vec<RequestedLine> = Vec::with_capacity(requested.len());
        for line in requested {
            let known = lines.iter_mut().find(|known| known.product_id == line.product_id);
            // A line below one must not hide in the sum of its product's lines.
            let quantity = line.quantity.max(0);
            let total = known.as_ref().map_or(0, |known| known.quantity).saturating_add(quantity);
            if line.quantity < 1 || total > QUANTITY_MAX {
                found.push(InvalidPlacement::Quantity(line.product_id));
            }
            match known {
                Some(known) => known.quantity = total,
                None => lines.push(RequestedLine { product_id: line.product_id, quantity: total }),
            }
        }
        if found.is_empty() { Ok(Self { idempotency_key, lines }) } else { Err(found) }
    }

    /// The key under which the customer may repeat this request.
    #[must_use]
    pub fn idempotency_key(&self) -> &str {
        &self.idempotency_key
    }

    /// The lines, each of another product.
    #[must_use]
    pub fn lines(&self) -> &[RequestedLine] {
        &self.lines
    }

    /// Tells this request's body from others. It guards customers against their own mistakes only
    /// (keys are a customer's own), so a short hash is enough.
    #[must_use]
    pub fn fingerprint(&self) -> Uuid {
        let mut body = Vec::with_capacity(self.lines.len() * 20);
        for line in &self.lines {
            body.extend_from_slice(line.product_id.uuid().as_bytes());
            body.extend_from_slice(&line.quantity.to_be_bytes());
        }
        Uuid::new_v5(&FINGERPRINT_NAMESPACE, &body)
    }
}

#[cfg(test)]
mod tests {
    use kit::GlobalId;
    use uuid::Uuid;

    use super::{InvalidPlacement, LINES_MAX, Placement, RequestedLine};
    use crate::ProductId;

    fn line(product: u128, quantity: i32) -> RequestedLine {
        RequestedLine { product_id: ProductId::from_uuid(Uuid::from_u128(product)), quantity }
    }

    #[test]
    fn joins_lines_of_one_product() {
        let placement = Placement::parse("k".into(), &[line(1, 2), line(2, 1), line(1, 3)]).unwrap();
        assert_eq!(placement.lines(), [line(1, 5), line(2, 1)]);
    }

    #[test]
    fn refuses_quantities_out_of_range() {
        for quantity in [0, -1, i32::MIN, 1_001, i32::MAX] {
            let found = Placement::parse("k".into(), &[line(1, quantity)]).unwrap_err();
            assert_eq!(found, [InvalidPlacement::Quantity(line(1, 1).product_id)], "{quantity}");
        }
        assert!(Placement::parse("k".into(), &[line(1, 1_000)]).is_ok());
        assert!(Placement::parse("k".into(), &[line(1, 1_000), line(1, 1)]).is_err());
        assert!(Placement::parse("k".into(), &[line(1, 5), line(1, -4)]).is_err());
    }

    #[test]
    fn bounds_lines_and_key() {
        let many: Vec<_> = (0..=LINES_MAX as u128).map(|n| line(n, 1)).collect();
        assert_eq!(Placement::parse("k".into(), &many).unwrap_err(), [InvalidPlacement::TooManyLines]);
        assert!(Placement::parse("k".into(), &many[1..]).is_ok());
        assert_eq!(
            Placement::parse(String::new(), &[]).unwrap_err(),
            [InvalidPlacement::IdempotencyKey, InvalidPlacement::NoLines]
        );
        for key in ["x".repeat(129), "a\0".into(), "ä".into()] {
            assert!(Placement::parse(key, &[line(1, 1)]).is_err());
        }
    }

    #[test]
    fn fingerprints_tell_bodies_apart() {
        let of = |lines: &[RequestedLine]| Placement::parse("k".into(), lines).unwrap().fingerprint();
        assert_eq!(of(&[line(1, 1), line(1, 1)]), of(&[line(1, 2)]));
        assert_ne!(of(&[line(1, 1)]), of(&[line(1, 2)]));
        assert_ne!(of(&[line(1, 1)]), of(&[line(2, 1)]));
        assert_ne!(of(&[line(1, 1), line(2, 1)]), of(&[line(2, 1), line(1, 1)]));
    }
}
