//! Countries by their ISO 3166-1 alpha-2 codes.

/// Two upper-case letters. That they name a country, and one we ship to, only the tariff knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Reads a code; `None` unless it is exactly two upper-case ASCII letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 2] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so this never falls back.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::CountryCode;

    #[test]
    fn takes_two_upper_case_letters_only() {
        assert_eq!(CountryCode::parse("DE").map(|code| code.as_str().to_owned()), Some("DE".into()));
        for text in ["", "D", "de", "DEU", "D1", "é", "Ä"] {
            assert_eq!(CountryCode::parse(text), None, "{text}");
        }
    }
}
