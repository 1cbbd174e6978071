//! Paths of segments: what is in one never becomes two.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::internal::PATH;

/// All but what RFC 3986 leaves as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path of these segments below [`PATH`]; `None` if one is empty, or means going up or staying.
pub(super) fn path(segments: &[&str]) -> Option<String> {
    let mut path = PATH.to_owned();
    for segment in segments {
        if matches!(*segment, "" | "." | "..") {
            return None;
        }
        path.push('/');
        path.extend(utf8_percent_encode(segment, ENCODED));
    }
    (!segments.is_empty()).then_some(path)
}

/// A query of these pairs, with its question mark; nothing for none.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let encode = |text| utf8_percent_encode(text, ENCODED).to_string();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_stays_one() {
        assert_eq!(
            path(&["users", "a/b?c#d e%2f", "contact"]).unwrap(),
            "/internal/v1/users/a%2Fb%3Fc%23d%20e%252f/contact"
        );
        assert_eq!(path(&["VXNlcjo=", "ä"]).unwrap(), "/internal/v1/VXNlcjo%3D/%C3%A4");
        for segments in [&[""][..], &["a", "..", "b"], &["."], &[]] {
            assert_eq!(path(segments), None, "{segments:?}");
        }
    }

    #[test]
    fn a_value_stays_one() {
        assert_eq!(query(&[]), "");
        assert_eq!(query(&[("a", "b&c=d"), ("e", "")]), "?a=b%26c%3Dd&e=");
    }
}
