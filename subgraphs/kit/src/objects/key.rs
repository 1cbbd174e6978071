//! How objects are called.

use std::fmt;

/// Longest key in bytes: some words and ids.
pub const KEY_BYTES_MAX: usize = 200;

/// An object's key: parts of lower-case letters, digits, `-`, `_` and `.`, none of which begins with a dot, with slashes between. So it means
/// the same in a folder, in a bucket and in a URL, and leads out of none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey(String);

/// What an object is, by the end of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `.pdf`
    Pdf,
    /// `.csv`
    Csv,
    /// `.parquet`
    Parquet,
    /// Anything else.
    Bytes,
}

impl ObjectKey {
    /// The key, if it is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() <= KEY_BYTES_MAX && text.split('/').all(is_part);
        is_one.then(|| Self(text.to_owned()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the object is.
    #[must_use]
    pub fn media_type(&self) -> MediaType {
        match self.0.rsplit_once('.').map(|(_, end)| end) {
            Some("pdf") => MediaType::Pdf,
            Some("csv") => MediaType::Csv,
            Some("parquet") => MediaType::Parquet,
            _ => MediaType::Bytes,
        }
    }
}

impl MediaType {
    /// As HTTP names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Bytes => "application/octet-stream",
        }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_part(part: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_elsewhere_is_no_key() {
        for text in [
            "", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".a", "a/.b", "A", "a b", "a\\b", "a%2fb",
            "a\0", "ä", "a#1", "a?b",
        ] {
            assert_eq!(ObjectKey::parse(text), None, "{text:?}");
        }
        assert_eq!(ObjectKey::parse(&"a".repeat(KEY_BYTES_MAX + 1)), None);
        assert!(ObjectKey::parse(&"a".repeat(KEY_BYTES_MAX)).is_some());
    }

    #[test]
    fn its_end_says_what_it_is() {
        let media_type = |text| ObjectKey::parse(text).unwrap().media_type();
        assert_eq!(media_type("invoices/0192.pdf"), MediaType::Pdf);
        assert_eq!(media_type("exports/orders/a.b.csv"), MediaType::Csv);
        assert_eq!(media_type("pdf"), MediaType::Bytes);
    }
}
