//! What a customer asks for when placing an order, and the proof that it keeps the rules.

use kit::GlobalId;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use super::{Address, Article, InvalidAddress};
use crate::{ProductId, VariantId};

/// Most lines of one order; they are served as a plain list.
pub const LINES_MAX: usize = 100;
/// Most pieces of one product, or of one of its variants, in one order.
pub const QUANTITY_MAX: i32 = 1_000;
/// Longest idempotency key in characters: room for a UUID and a prefix.
pub const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 128;

/// Longest token of a means of payment, in bytes: providers' are some dozens long.
pub const METHOD_TOKEN_LENGTH_MAX: usize = 255;

/// Names the space of request fingerprints; chosen once at random.
const FINGERPRINT_NAMESPACE: Uuid = Uuid::from_u128(0x8a4f_27f3_51c6_4b0e_9b1d_6f0c_2e7a_93d5);

/// One line as asked for: what and how many, never at what price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedLine {
    /// Which product.
    pub product_id: ProductId,
    /// Which of its variants, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// How many pieces.
    pub quantity: i32,
}

impl RequestedLine {
    /// What.
    #[must_use]
    pub const fn article(&self) -> Article {
        Article { product_id: self.product_id, variant_id: self.variant_id }
    }
}

/// Why a request can't become an order.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidPlacement {
    /// The key is empty, too long, or not printable ASCII.
    #[error("the idempotency key must have 1 to {IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters")]
    IdempotencyKey,
    /// The token of the means of payment is empty, too long, or not printable ASCII.
    #[error(
        "the payment method must be a provider's token of 1 to {METHOD_TOKEN_LENGTH_MAX} printable ASCII characters"
    )]
    MethodToken,
    /// A line of the address can't be printed.
    #[error(transparent)]
    Address(InvalidAddress),
    /// No lines.
    #[error("an order needs at least one line")]
    NoLines,
    /// Too many lines.
    #[error("an order has at most {LINES_MAX} lines")]
    TooManyLines,
    /// A quantity out of range, of one line or of all lines of one article together.
    #[error("the quantity of a product must be 1 to {QUANTITY_MAX}")]
    Quantity(Article),
}

/// A request to order, as it comes.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacementRequest {
    /// Chosen by the customer: the request that is repeated under it places nothing twice.
    pub idempotency_key: String,
    /// What; none: what is in the cart.
    pub lines: Option<Vec<RequestedLine>>,
    /// The provider's token of the means of payment.
    pub method_token: String,
    /// Where it goes; none: it is collected.
    pub address: Option<Address>,
}

/// A request that keeps the rules: 1 to 100 lines, each of another article, or the cart.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    idempotency_key: String,
    lines: Option<Vec<RequestedLine>>,
    method_token: String,
    address: Option<Address>,
}

impl Placement {
    /// Checks a request. Lines of one article are joined into the first of them.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn parse(request: PlacementRequest) -> Result<Self, Vec<InvalidPlacement>> {
        let PlacementRequest { idempotency_key, lines, method_token, address } = request;
        let mut found = Vec::new();
        if !is_token(&idempotency_key, IDEMPOTENCY_KEY_LENGTH_MAX) {
            found.push(InvalidPlacement::IdempotencyKey);
        }
        if !is_token(&method_token, METHOD_TOKEN_LENGTH_MAX) {
            found.push(InvalidPlacement::MethodToken);
        }
        let address = address.map(Address::checked).transpose().unwrap_or_else(|wrong| {
            found.extend(wrong.into_iter().map(InvalidPlacement::Address));
            None
        });
        let lines = lines.map(|lines| join(&lines)).transpose().unwrap_or_else(|wrong| {
            found.extend(wrong);
            None
        });
        if found.is_empty() { Ok(Self { idempotency_key, lines, method_token, address }) } else { Err(found) }
    }

    /// The key under which the customer may repeat this request.
    #[must_use]
    pub fn idempotency_key(&self) -> &str {
        &self.idempotency_key
    }

    /// The lines, each of another article; none: what is in the cart.
    #[must_use]
    pub fn lines(&self) -> Option<&[RequestedLine]> {
        self.lines.as_deref()
    }

    /// The provider's token of the means of payment.
    #[must_use]
    pub fn method_token(&self) -> &str {
        &self.method_token
    }

    /// Where it goes; none: it is collected.
    #[must_use]
    pub fn address(&self) -> Option<&Address> {
        self.address.as_ref()
    }

    /// Tells this request's body from others. It guards customers against their own mistakes only
    /// (keys are a customer's own), so a short hash is enough.
    #[must_use]
    pub fn fingerprint(&self) -> Uuid {
        let mut body = Vec::new();
        for line in self.lines.iter().flatten() {
            body.extend_from_slice(line.product_id.uuid().as_bytes());
            body.extend_from_slice(&line.quantity.to_be_bytes());
            // What has none is told as it was before there were any: requests are repeated across versions.
            if let Some(variant_id) = line.variant_id {
                body.push(b'v');
                body.extend_from_slice(variant_id.uuid().as_bytes());
            }
        }
        body.push(u8::from(self.lines.is_some()));
        body.extend_from_slice(self.method_token.as_bytes());
        if let Some(address) = &self.address {
            let country = address.country.as_str();
            for text in [&address.recipient, &address.street, &address.city, &address.postal_code, country] {
                // Line by line: none has this character within.
                body.push(b'\n');
                body.extend_from_slice(text.as_bytes());
            }
        }
        Uuid::new_v5(&FINGERPRINT_NAMESPACE, &body)
    }
}

/// Whether a text has 1 to so many printable ASCII characters.
pub(super) fn is_token(text: &str, length_max: usize) -> bool {
    (1..=length_max).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Lines of one article joined into the first of them.
fn join(requested: &[RequestedLine]) -> Result<Vec<RequestedLine>, Vec<InvalidPlacement>> {
    if requested.is_empty() {
        return Err(vec![InvalidPlacement::NoLines]);
    }
    if requested.len() > LINES_MAX {
        // Joining is quadratic, so it is not done beyond the bound.
        return Err(vec![InvalidPlacement::TooManyLines]);
    }
    let mut found = Vec::new();
    let mut lines: Vec<RequestedLine> = Vec::with_capacity(requested.len());
    for line in requested {
        let known = lines.iter_mut().find(|known| known.article() == line.article());
        // A line below one must not hide in the sum of its article's lines.
        let quantity = line.quantity.max(0);
        let total = known.as_ref().map_or(0, |known| known.quantity).saturating_add(quantity);
        if line.quantity < 1 || total > QUANTITY_MAX {
            found.push(InvalidPlacement::Quantity(line.article()));
        }
        match known {
            Some(known) => known.quantity = total,
            None => lines.push(RequestedLine { quantity: total, ..*line }),
        }
    }
    if found.is_empty() { Ok(lines) } else { Err(found) }
}

#[cfg(test)]
mod tests {
    use kit::GlobalId;
    use uuid::Uuid;

    use super::{InvalidPlacement, LINES_MAX, Placement, PlacementRequest, RequestedLine};
    use crate::{ProductId, VariantId};

    fn line(product: u128, quantity: i32) -> RequestedLine {
        RequestedLine { product_id: ProductId::from_uuid(Uuid::from_u128(product)), variant_id: None, quantity }
    }

    fn of_variant(product: u128, variant: u128, quantity: i32) -> RequestedLine {
        RequestedLine { variant_id: Some(VariantId::from_uuid(Uuid::from_u128(variant))), ..line(product, quantity) }
    }

    fn request(key: &str, lines: &[RequestedLine]) -> PlacementRequest {
        PlacementRequest {
            idempotency_key: key.into(),
            lines: Some(lines.to_vec()),
            method_token: "tok_visa".into(),
            address: None,
        }
    }

    fn parse(key: &str, lines: &[RequestedLine]) -> Result<Placement, Vec<InvalidPlacement>> {
        Placement::parse(request(key, lines))
    }

    #[test]
    fn joins_lines_of_one_product() {
        let placement = parse("k", &[line(1, 2), line(2, 1), line(1, 3)]).unwrap();
        assert_eq!(placement.lines().unwrap(), [line(1, 5), line(2, 1)]);
        let variants = [of_variant(1, 7, 600), line(1, 600), of_variant(1, 8, 600), of_variant(1, 7, 1)];
        let placement = parse("k", &variants).unwrap();
        assert_eq!(placement.lines().unwrap(), [of_variant(1, 7, 601), line(1, 600), of_variant(1, 8, 600)]);
    }

    #[test]
    fn refuses_quantities_out_of_range() {
        for quantity in [0, -1, i32::MIN, 1_001, i32::MAX] {
            let found = parse("k", &[line(1, quantity)]).unwrap_err();
            assert_eq!(found, [InvalidPlacement::Quantity(line(1, 1).article())], "{quantity}");
        }
        assert!(parse("k", &[line(1, 1_000)]).is_ok());
        assert!(parse("k", &[line(1, 1_000), line(1, 1)]).is_err());
        assert!(parse("k", &[line(1, 5), line(1, -4)]).is_err());
    }

    #[test]
    fn bounds_lines_key_and_token() {
        let many: Vec<_> = (0..=LINES_MAX as u128).map(|n| line(n, 1)).collect();
        assert_eq!(parse("k", &many).unwrap_err(), [InvalidPlacement::TooManyLines]);
        assert!(parse("k", &many[1..]).is_ok());
        assert_eq!(parse("", &[]).unwrap_err(), [InvalidPlacement::IdempotencyKey, InvalidPlacement::NoLines]);
        for key in ["x".repeat(129), "a\0".into(), "ä".into()] {
            assert!(parse(&key, &[line(1, 1)]).is_err());
        }
        for token in ["", "a\n", &"x".repeat(256)] {
            let request = PlacementRequest { method_token: token.into(), ..request("k", &[line(1, 1)]) };
            assert_eq!(Placement::parse(request).unwrap_err(), [InvalidPlacement::MethodToken]);
        }
    }

    #[test]
    fn fingerprints_tell_bodies_apart() {
        let of = |lines: &[RequestedLine]| parse("k", lines).unwrap().fingerprint();
        assert_eq!(of(&[line(1, 1), line(1, 1)]), of(&[line(1, 2)]));
        assert_ne!(of(&[line(1, 1)]), of(&[line(1, 2)]));
        assert_ne!(of(&[line(1, 1)]), of(&[line(2, 1)]));
        assert_ne!(of(&[line(1, 1), line(2, 1)]), of(&[line(2, 1), line(1, 1)]));
        assert_ne!(of(&[line(1, 1)]), of(&[of_variant(1, 7, 1)]));
        assert_ne!(of(&[of_variant(1, 7, 1)]), of(&[of_variant(1, 8, 1)]));
        let other = PlacementRequest { method_token: "tok_other".into(), ..request("k", &[line(1, 1)]) };
        assert_ne!(of(&[line(1, 1)]), Placement::parse(other).unwrap().fingerprint());
        let cart = PlacementRequest { lines: None, ..request("k", &[]) };
        assert_ne!(of(&[line(1, 1)]), Placement::parse(cart).unwrap().fingerprint());
    }
}
