//! Taking the answer to several fetches apart: each gets an answer as if it had been sent alone.

use std::ops::Range;

use bytes::Bytes;
use graphql::json::{JsonError, Kind, Scanner, unescaped_eq};

use crate::fetch::FetchError;
use crate::read::DEPTH_MAX;

/// The answers to the fetches of these response keys.
///
/// An error goes to the fetch that its path begins with, or to all if it names none. Where `data` is null on account of
/// another fetch's error, that error is what there is to tell.
///
/// # Errors
/// [`FetchError::Malformed`] if it isn't a GraphQL response in JSON.
pub fn split(answer: &Bytes, keys: &[&str]) -> Result<Vec<Bytes>, FetchError> {
    let parts = Parts::read(answer, keys).map_err(|error| FetchError::Malformed(error.to_string()))?;
    Ok((0..keys.len()).map(|index| parts.answer(answer, index).into()).collect())
}

/// What `data` is.
#[derive(Default)]
enum Data {
    #[default]
    Absent,
    /// No object: whoever reads it will say so.
    Other(Range<usize>),
    /// The values of the keys, in their order.
    Object(Vec<Option<Range<usize>>>),
}

/// One of the errors.
struct Error {
    span: Range<usize>,
    /// The first segment of its path, if it is one of the keys, and which.
    of: Option<(Range<usize>, usize)>,
}

#[derive(Default)]
struct Parts {
    data: Data,
    errors: Vec<Error>,
}

impl Parts {
    fn read(answer: &[u8], keys: &[&str]) -> Result<Self, JsonError> {
        let mut scanner = Scanner::new(answer)?;
        let mut parts = Self::default();
        if scanner.peek()? != Kind::Object {
            parts.data = Data::Other(scanner.value(DEPTH_MAX)?);
            return Ok(parts);
        }
        scanner.enter();
        let mut member = scanner.object_first()?;
        while let Some(name) = member {
            let name = scanner.slice(name);
            if unescaped_eq(name, "data") {
                parts.data = data(&mut scanner, keys)?;
            } else if unescaped_eq(name, "errors") && scanner.peek()? == Kind::Array {
                parts.errors = errors(&mut scanner, keys)?;
            } else {
                scanner.value(DEPTH_MAX)?;
            }
            member = scanner.object_next()?;
        }
        scanner.finish()?;
        Ok(parts)
    }

    /// The answer to the fetch of one key.
    fn answer(&self, bytes: &[u8], index: usize) -> Vec<u8> {
        let slice = |span: &Range<usize>| bytes.get(span.clone()).unwrap_or_default();
        let mut out = b"{".to_vec();
        match &self.data {
            Data::Absent => {}
            Data::Other(span) => {
                out.extend_from_slice(b"\"data\":");
                out.extend_from_slice(slice(span));
            }
            Data::Object(values) => {
                out.extend_from_slice(b"\"data\":{");
                if let Some(Some(value)) = values.get(index) {
                    out.extend_from_slice(b"\"_entities\":");
                    out.extend_from_slice(slice(value));
                }
                out.push(b'}');
            }
        }
        let mut separator: &[u8] = if out.len() > 1 { b",\"errors\":[" } else { b"\"errors\":[" };
        let told = self.told(index);
        for error in &told {
            out.extend_from_slice(separator);
            match &error.of {
                Some((segment, of)) if *of == index => {
                    out.extend_from_slice(slice(&(error.span.start..segment.start)));
                    out.extend_from_slice(b"\"_entities\"");
                    out.extend_from_slice(slice(&(segment.end..error.span.end)));
                }
                _ => out.extend_from_slice(slice(&error.span)),
            }
            separator = b",";
        }
        if !told.is_empty() {
            out.push(b']');
        }
        out.push(b'}');
        out
    }

    /// The errors that the fetch of one key is told of.
    fn told(&self, index: usize) -> Vec<&Error> {
        let own = self.errors.iter().filter(|error| error.of.as_ref().is_none_or(|(_, of)| *of == index));
        let own: Vec<&Error> = own.collect();
        let has_data = matches!(self.data, Data::Object(_));
        if own.is_empty() && !has_data { self.errors.iter().collect() } else { own }
    }
}

fn data(scanner: &mut Scanner<'_>, keys: &[&str]) -> Result<Data, JsonError> {
    if scanner.peek()? != Kind::Object {
        return Ok(Data::Other(scanner.value(DEPTH_MAX)?));
    }
    let mut values = vec![None; keys.len()];
    scanner.enter();
    let mut member = scanner.object_first()?;
    while let Some(name) = member {
        let name = scanner.slice(name);
        let position = keys.iter().position(|key| unescaped_eq(name, key));
        let span = scanner.value(DEPTH_MAX)?;
        if let Some(value) = position.and_then(|position| values.get_mut(position)) {
            *value = Some(span);
        }
        member = scanner.object_next()?;
    }
    Ok(Data::Object(values))
}

fn errors(scanner: &mut Scanner<'_>, keys: &[&str]) -> Result<Vec<Error>, JsonError> {
    let mut errors = Vec::new();
    scanner.enter();
    let mut more = scanner.array_first()?;
    while more {
        let start = scanner.clone();
        let span = scanner.value(DEPTH_MAX)?;
        errors.push(Error { of: first_segment(start, keys)?, span });
        more = scanner.array_next()?;
    }
    Ok(errors)
}

/// The first segment of an error's path, if it is one of the keys.
fn first_segment(mut scanner: Scanner<'_>, keys: &[&str]) -> Result<Option<(Range<usize>, usize)>, JsonError> {
    if scanner.peek()? != Kind::Object {
        return Ok(None);
    }
    scanner.enter();
    let mut member = scanner.object_first()?;
    while let Some(name) = member {
        let name = scanner.slice(name);
        if !unescaped_eq(name, "path") || scanner.peek()? != Kind::Array {
            scanner.value(DEPTH_MAX)?;
            member = scanner.object_next()?;
            continue;
        }
        scanner.enter();
        if !scanner.array_first()? || scanner.peek()? != Kind::String {
            return Ok(None);
        }
        let segment = scanner.value(0)?;
        let text = scanner.slice(segment.clone());
        return Ok(keys.iter().position(|key| unescaped_eq(text, key)).map(|position| (segment, position)));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(answer: &str) -> Vec<String> {
        let parts = split(&Bytes::copy_from_slice(answer.as_bytes()), &["one", "two"]).unwrap();
        parts.iter().map(|part| String::from_utf8(part.to_vec()).unwrap()).collect()
    }

    #[test]
    fn gives_each_its_entities_and_its_errors() {
        let answer = r#"{"errors":[{"path":["two",0,"x"],"message":"b"},{"message":"all"}],"data":{"two":[null],"one":[{"a":1}]}}"#;
        assert_eq!(
            parts(answer),
            [
                r#"{"data":{"_entities":[{"a":1}]},"errors":[{"message":"all"}]}"#,
                r#"{"data":{"_entities":[null]},"errors":[{"path":["_entities",0,"x"],"message":"b"},{"message":"all"}]}"#,
            ]
        );
        assert_eq!(parts(r#"{"data":{"one":[]}}"#), [r#"{"data":{"_entities":[]}}"#, r#"{"data":{}}"#]);
    }

    #[test]
    fn tells_all_why_there_is_no_data() {
        let answer = r#"{"data":null,"errors":[{"message":"b","path":["two"]}]}"#;
        assert_eq!(parts(answer), [answer, r#"{"data":null,"errors":[{"message":"b","path":["_entities"]}]}"#]);
        assert_eq!(parts(r#"{"errors":[{"message":"x"}]}"#), [r#"{"errors":[{"message":"x"}]}"#; 2]);
    }

    #[test]
    fn refuses_what_is_not_json_and_passes_on_what_is_no_response() {
        assert!(split(&Bytes::from_static(b"{\"data\":"), &["one"]).is_err());
        assert_eq!(parts("[1]"), [r#"{"data":[1]}"#; 2]);
        assert_eq!(parts(r#"{"errors":7}"#), ["{}"; 2]);
    }
}
