//! `${env.NAME}` and `${file.PATH}` in a configuration's values.

use serde_json::Value;

/// Puts in their places what values refer to, in lists and objects at any depth. A file's text is taken without the white space at its end.
pub fn resolve(value: &mut Value) -> Result<(), String> {
    match value {
        Value::String(text) => {
            if text.contains("${") {
                *text = resolved(text)?;
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(resolve),
        Value::Object(members) => members.values_mut().try_for_each(resolve),
        _ => Ok(()),
    }
}

fn resolved(text: &str) -> Result<String, String> {
    let mut parts = text.split("${");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, rest) = part.split_once('}').ok_or_else(|| format!("{text:?} has a ${{ without its }}"))?;
        out += &match reference.split_once('.') {
            Some(("env", name)) => std::env::var(name).map_err(|_| format!("the environment has no {name}"))?,
            Some(("file", path)) => {
                let content = std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
                content.trim_end().to_owned()
            }
            _ => return Err(format!("${{{reference}}} is neither ${{env.NAME}} nor ${{file.PATH}}")),
        };
        out += rest;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_stands_for_its_text() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"secret\n").unwrap();
        let reference = format!("redis://:${{file.{}}}@host", file.path().display());
        let mut value = serde_json::json!({ "a": [reference] });
        resolve(&mut value).unwrap();
        assert_eq!(value, serde_json::json!({ "a": ["redis://:secret@host"] }));
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_told_without_the_value() {
        for (text, says) in [
            ("p${env.NOBODY_HAS_THIS}", "NOBODY_HAS_THIS"),
            ("${file./nowhere}", "/nowhere"),
            ("${env.A", "without its }"),
            ("${a}", "neither"),
        ] {
            assert!(resolve(&mut Value::from(text)).unwrap_err().contains(says), "{text}");
        }
    }
}
