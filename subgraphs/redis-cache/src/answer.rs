//! Reading what the scripts answer.

use bytes::Bytes;
use kit::cache::{Held, Version};

use crate::error::Unexpected;

/// How long numbers are, as digits: of equal length, so that texts compare as numbers do.
const NUMBER_BYTES: usize = 20;

/// What `get.lua` answers for a key.
pub(crate) fn held(answer: Bytes) -> Result<Held, Unexpected> {
    match answer.as_ref() {
        b"b" => Ok(Held::Busy),
        b"l0" => Ok(Held::Leased { changed: false }),
        b"l1" => Ok(Held::Leased { changed: true }),
        [b'v', rest @ ..] => match rest.split_at_checked(NUMBER_BYTES) {
            Some((version, _)) => Ok(Held::Value(Version(number(version)?), answer.slice(1 + NUMBER_BYTES..))),
            None => Err(Unexpected),
        },
        [b'a', version @ ..] => Ok(Held::Absent(Version(number(version)?))),
        _ => Err(Unexpected),
    }
}

/// A number of twenty digits.
pub(crate) fn number(text: &[u8]) -> Result<u64, Unexpected> {
    if text.len() != NUMBER_BYTES || !text.iter().all(u8::is_ascii_digit) {
        return Err(Unexpected);
    }
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or(Unexpected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_kind() {
        let version = format!("{:020}", u64::MAX);
        for (answer, expected) in [
            ("b".to_owned(), Held::Busy),
            ("l0".to_owned(), Held::Leased { changed: false }),
            ("l1".to_owned(), Held::Leased { changed: true }),
            (format!("v{version}{{}}"), Held::Value(Version(u64::MAX), Bytes::from_static(b"{}"))),
            (format!("v{:020}", 7), Held::Value(Version(7), Bytes::new())),
            (format!("a{:020}", 0), Held::Absent(Version(0))),
        ] {
            assert_eq!(held(Bytes::from(answer)).unwrap(), expected);
        }
    }

    #[test]
    fn refuses_everything_else() {
        let long = format!("a{:020}0", 0);
        for answer in ["", "l", "l2", "x", "v", "v1", "a", "v99999999999999999999{}", "a-0000000000000000001", &long] {
            assert!(held(Bytes::copy_from_slice(answer.as_bytes())).is_err(), "{answer}");
        }
    }
}
