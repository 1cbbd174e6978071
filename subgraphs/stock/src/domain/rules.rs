//! The bounds of what administrators may book. The database repeats those that it can express.

/// Most pieces of one item; far below the range of the type, so that no sum of two overflows it.
pub const STOCK_MAX: i32 = 1_000_000_000;
/// Longest idempotency key: a delivery note's number, or a UUID.
pub const KEY_LENGTH_MAX: usize = 64;

/// A value that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidField {
    /// The input field, as the schema names it.
    pub field: &'static str,
    /// What is wrong, in words for the caller.
    pub message: String,
}

/// A delivery brings at least one piece and at most [`STOCK_MAX`].
#[must_use]
pub fn check_quantity(quantity: i32) -> Option<InvalidField> {
    let message = || format!("must be 1 to {STOCK_MAX}");
    (!(1..=STOCK_MAX).contains(&quantity)).then(|| InvalidField { field: "quantity", message: message() })
}

/// An adjustment changes something, by at most [`STOCK_MAX`].
#[must_use]
pub fn check_change(change: i32) -> Option<InvalidField> {
    let is_change = change != 0 && (-STOCK_MAX..=STOCK_MAX).contains(&change);
    let message = || format!("must be -{STOCK_MAX} to {STOCK_MAX}, and not 0");
    (!is_change).then(|| InvalidField { field: "change", message: message() })
}

/// A key is 1 to [`KEY_LENGTH_MAX`] printable ASCII characters.
#[must_use]
pub fn check_key(key: &str) -> Option<InvalidField> {
    let is_key = (1..=KEY_LENGTH_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let message = || format!("must have 1 to {KEY_LENGTH_MAX} printable ASCII characters without spaces");
    (!is_key).then(|| InvalidField { field: "idempotencyKey", message: message() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_kept() {
        for quantity in [i32::MIN, -1, 0, STOCK_MAX + 1, i32::MAX] {
            assert!(check_quantity(quantity).is_some(), "{quantity}");
        }
        for change in [i32::MIN, -STOCK_MAX - 1, 0, STOCK_MAX + 1, i32::MAX] {
            assert!(check_change(change).is_some(), "{change}");
        }
        assert_eq!((check_quantity(1), check_quantity(STOCK_MAX), check_change(-STOCK_MAX)), (None, None, None));
        for key in ["", "a b", "ü", "\0", &"k".repeat(KEY_LENGTH_MAX + 1)] {
            assert!(check_key(key).is_some(), "{key}");
        }
        assert_eq!(check_key("DN-2026/117"), None);
    }
}
