//! From bytes to a [`Value`].

use super::scan::{JsonError, Kind, Scanner};
use super::string::unescape;
use super::value::{Object, Value};

/// What JSON from outside may hold at most. Its bytes are bounded where they are received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonLimits {
    /// Nested arrays and objects.
    pub depth_max: usize,
}

impl Default for JsonLimits {
    fn default() -> Self {
        Self { depth_max: 128 }
    }
}

/// Parses one value and nothing after it.
///
/// # Errors
/// Text that is not JSON, holds a lone surrogate, or is nested beyond the limit.
pub fn parse(bytes: &[u8], limits: &JsonLimits) -> Result<Value, JsonError> {
    let mut scanner = Scanner::new(bytes)?;
    let value = value(&mut scanner, limits.depth_max).map_err(|error| match error {
        JsonError::TooDeep { .. } => JsonError::TooDeep { limit: limits.depth_max },
        error => error,
    })?;
    scanner.finish()?;
    Ok(value)
}

fn value(scanner: &mut Scanner<'_>, depth: usize) -> Result<Value, JsonError> {
    let kind = scanner.peek()?;
    if matches!(kind, Kind::Array | Kind::Object) {
        let Some(depth) = depth.checked_sub(1) else { return Err(JsonError::TooDeep { limit: depth }) };
        scanner.enter();
        return if kind == Kind::Array { array(scanner, depth) } else { object(scanner, depth) };
    }
    let span = scanner.value(0)?;
    let text = scanner.slice(span.clone());
    Ok(match kind {
        Kind::True => Value::Bool(true),
        Kind::False => Value::Bool(false),
        Kind::Number => Value::Number(String::from_utf8_lossy(text).into()),
        Kind::String => Value::String(string(text, span.start)?),
        Kind::Null | Kind::Array | Kind::Object => Value::Null,
    })
}

fn array(scanner: &mut Scanner<'_>, depth: usize) -> Result<Value, JsonError> {
    let mut items = Vec::new();
    let mut more = scanner.array_first()?;
    while more {
        items.push(value(scanner, depth)?);
        more = scanner.array_next()?;
    }
    Ok(Value::Array(items))
}

fn object(scanner: &mut Scanner<'_>, depth: usize) -> Result<Value, JsonError> {
    let mut members = Object::new();
    let mut next = scanner.object_first()?;
    while let Some(span) = next {
        let key = string(scanner.slice(span.clone()), span.start)?;
        let value = value(scanner, depth)?;
        members.insert(key, value);
        next = scanner.object_next()?;
    }
    Ok(Value::Object(members))
}

fn string(quoted: &[u8], position: usize) -> Result<String, JsonError> {
    match unescape(quoted) {
        Some(text) => Ok(text.into_owned()),
        None => Err(JsonError::Syntax { message: "lone surrogate in a string", position }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::write;
    use super::*;

    fn round_trip(text: &str) -> String {
        let mut bytes = Vec::new();
        write(&parse(text.as_bytes(), &JsonLimits::default()).unwrap(), &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn numbers_and_order_leave_as_they_came() {
        let digits = "9".repeat(400);
        for text in [
            "9007199254740993".to_owned(),
            r#"{"b":1.0,"a":[1e2,-0,1E+400,null,true,false],"":"é\u0000\"\\"}"#.to_owned(),
            digits,
        ] {
            assert_eq!(round_trip(&text), text);
        }
    }

    #[test]
    fn unescapes_and_the_last_of_duplicate_keys_wins() {
        let value = parse(br#" { "\u0061" : 1 , "a" : "\ud83d\ude00\/\n" } "#, &JsonLimits::default()).unwrap();
        assert_eq!(value.as_object().unwrap().get("a"), Some(&Value::String("😀/\n".into())));
        assert_eq!(value.as_object().unwrap().len(), 1);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in [
            "",
            " ",
            "{",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "-",
            "1e",
            "+1",
            "NaN",
            "Infinity",
            "nul",
            "\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\\ud800\"",
            "\"\n\"",
            "1 1",
            "'a'",
            "{\"a\":1,}",
            "[",
        ] {
            assert!(parse(text.as_bytes(), &JsonLimits::default()).is_err(), "{text}");
        }
        assert!(parse(b"\"\xff\"", &JsonLimits::default()).is_err());
    }

    #[test]
    fn depth_is_bounded() {
        for bracket in ["[", "{\"a\":"] {
            let error = parse(bracket.repeat(100_000).as_bytes(), &JsonLimits { depth_max: 64 }).unwrap_err();
            assert_eq!(error, JsonError::TooDeep { limit: 64 });
        }
    }
}
