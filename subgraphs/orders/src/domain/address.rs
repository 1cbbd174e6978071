//! Where an order goes. Personal: it never stands in an event.

use kit::CountryCode;
use kit::text::is_line;
use thiserror::Error;

/// Longest line of an address, in characters: carriers print no more on a label.
pub const ADDRESS_LINE_LENGTH_MAX: usize = 100;

/// Where an order goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Who gets it.
    pub recipient: String,
    /// Street and number.
    pub street: String,
    /// The town.
    pub city: String,
    /// Its code there.
    pub postal_code: String,
    /// Where.
    pub country: CountryCode,
}

/// A line of an address that can't be printed on a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} must be one line of text that can be seen, of at most {ADDRESS_LINE_LENGTH_MAX} characters")]
pub struct InvalidAddress(
    /// Which line.
    pub &'static str,
);

impl Address {
    /// Trimmed, or all that is wrong with it.
    ///
    /// # Errors
    /// Each line that can't be printed.
    pub fn checked(self) -> Result<Self, Vec<InvalidAddress>> {
        let trim = |text: String| text.trim().to_owned();
        let address = Self {
            recipient: trim(self.recipient),
            street: trim(self.street),
            city: trim(self.city),
            postal_code: trim(self.postal_code),
            country: self.country,
        };
        let fits = |text: &str| text.chars().count() <= ADDRESS_LINE_LENGTH_MAX && is_line(text);
        let lines = [
            ("recipient", &address.recipient),
            ("street", &address.street),
            ("city", &address.city),
            ("postalCode", &address.postal_code),
        ];
        let wrong: Vec<_> =
            lines.iter().filter(|(_, text)| !fits(text)).map(|(name, _)| InvalidAddress(name)).collect();
        if wrong.is_empty() { Ok(address) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_bounded_and_seen() {
        let address = |city: &str| Address {
            recipient: " Carla ".into(),
            street: "Ring 1".into(),
            city: city.into(),
            postal_code: "1010".into(),
            country: "AT".parse().unwrap(),
        };
        assert_eq!(address("Wien").checked().unwrap().recipient, "Carla");
        for city in ["", "  ", "a\nb", "\u{200b}", "a\u{202e}b", &"x".repeat(101)] {
            assert_eq!(address(city).checked(), Err(vec![InvalidAddress("city")]));
        }
    }
}
