//! Two calls that differ only in the order of the members of JSON objects mean the same, and some routers keep their
//! variables in maps without an order. Nothing else is taken to be equal: neither another order of a list nor another text.

use serde_json::Value;

/// The same for all bodies that mean the same; none for what is no JSON.
pub fn meaning(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let mut text = String::with_capacity(body.len());
    write(&value, &mut text);
    Some(text)
}

/// Members in the order of their names. The parser bounds how deep values are.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (name, member) in sorted {
                *text += &Value::from(name.as_str()).to_string();
                text.push(':');
                write(member, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        leaf => *text += &leaf.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_order_of_members_makes_no_difference() {
        let of = |body: &str| meaning(body.as_bytes()).unwrap();
        assert_eq!(of(r#"{"a":1,"b":[{"c":"x","d":null}]}"#), of(r#"{"b":[{"d":null,"c":"x"}],"a":1}"#));
        assert_ne!(of(r#"{"a":[1,2]}"#), of(r#"{"a":[2,1]}"#));
        assert_ne!(of(r#"{"a":"1"}"#), of(r#"{"a":1}"#));
        assert_ne!(of(r#"{"query":"{a b}"}"#), of(r#"{"query":"{b a}"}"#));
        assert_eq!(meaning(b"{"), None);
    }
}
