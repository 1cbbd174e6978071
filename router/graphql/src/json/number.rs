//! What a number's text means, without ever making it a float that would change it.

/// The digits of an integral number: `1.0`, `1e2` and `-0` become `1`, `100` and `0`. `None` if the number has
/// a fraction, or more than `digits_max` digits.
pub fn to_integer_text(text: &str, digits_max: usize) -> Option<String> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().unwrap_or(i64::MAX)),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    // The value is `significant` × 10^power.
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let power = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(dropped)?;
    let zeros = usize::try_from(power).ok()?;
    let significant = significant.trim_start_matches('0');
    if significant.len().checked_add(zeros)? > digits_max {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    Some(format!("{sign}{significant}{}", "0".repeat(zeros)))
}

/// Whether a plain integer's text fits 32 bits, as `Int` demands.
pub fn is_int32(text: &str) -> bool {
    text.parse::<i32>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integral_numbers_become_digits() {
        for (text, integer) in [
            ("0", "0"),
            ("-0", "0"),
            ("1.0", "1"),
            ("1e0", "1"),
            ("1e2", "100"),
            ("120", "120"),
            ("-1.50e1", "-15"),
            ("0.001e3", "1"),
            ("100e-2", "1"),
            ("0e999999999999999999999", "0"),
        ] {
            assert_eq!(to_integer_text(text, 20).as_deref(), Some(integer), "{text}");
        }
        for text in ["0.5", "1e-1", "1e20", "1e999999999999999999999", "-1.25e1"] {
            assert_eq!(to_integer_text(text, 20), None, "{text}");
        }
    }
}
