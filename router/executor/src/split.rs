//! Taking the answer to several fetches apart: each gets an answer as if it had been sent alone.

use std::ops::Range;

use bytes::Bytes;
use graphql::json::{JsonError, Kind, Scanner, unescaped_eq};

use crate::errors::REPORTED_MAX;
use crate::fetch::FetchError;
use crate::names::Names;
use crate::read::DEPTH_MAX;

/// Bytes of errors that are not about the fetch of one key alone that its answer has: every answer has them.
const COMMON_BYTES_MAX: usize = 64 * 1024;

/// What stands for an error of which nothing else is passed on.
const AN_ERROR: &[u8] = b"{}";

/// The answers to the fetches of these response keys.
///
/// An error goes to the fetch that its path begins with, or to all if it names none. Where `data` is null on account of
/// another fetch's error, that error is what there is to tell. What goes to all is bounded: of errors beyond
/// [`COMMON_BYTES_MAX`] each is told that they are.
///
/// # Errors
/// [`FetchError::Malformed`] if it isn't a GraphQL response in JSON.
pub fn split(answer: &Bytes, keys: &[&str]) -> Result<Vec<Bytes>, FetchError> {
    let names = Names::new(keys.iter().copied());
    let parts = Parts::read(answer, &names).map_err(|error| FetchError::Malformed(error.to_string()))?;
    Ok((0..keys.len()).map(|index| parts.answer(answer, index).into()).collect())
}

/// What `data` is.
#[derive(Default)]
enum Data {
    #[default]
    Absent,
    /// Null.
    Null,
    /// No object: whoever reads it will say so.
    Other,
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
    /// What stands for them, if it is no list.
    not_listed: Option<Range<usize>>,
}

impl Parts {
    fn read(answer: &[u8], keys: &Names<'_>) -> Result<Self, JsonError> {
        let mut scanner = Scanner::new(answer)?;
        let mut parts = Self::default();
        if scanner.peek()? != Kind::Object {
            scanner.value(DEPTH_MAX)?;
            parts.data = Data::Other;
            return Ok(parts);
        }
        scanner.enter();
        let mut member = scanner.object_first()?;
        while let Some(name) = member {
            let name = scanner.slice(name);
            if unescaped_eq(name, "data") {
                parts.data = data(&mut scanner, keys)?;
            } else if unescaped_eq(name, "errors") {
                (parts.errors, parts.not_listed) = match scanner.peek()? {
                    Kind::Array => (errors(&mut scanner, keys)?, None),
                    kind => (Vec::new(), Some(scanner.value(DEPTH_MAX)?).filter(|_| kind != Kind::Null)),
                };
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
            Data::Null => out.extend_from_slice(b"\"data\":null"),
            Data::Other => out.extend_from_slice(b"\"data\":[]"),
            Data::Object(values) => {
                out.extend_from_slice(b"\"data\":{");
                if let Some(Some(value)) = values.get(index) {
                    out.extend_from_slice(b"\"_entities\":");
                    out.extend_from_slice(slice(value));
                }
                out.push(b'}');
            }
        }
        if out.len() > 1 && (self.not_listed.is_some() || self.tells(index)) {
            out.push(b',');
        }
        let mut room = COMMON_BYTES_MAX;
        if let Some(span) = &self.not_listed {
            out.extend_from_slice(b"\"errors\":");
            out.extend_from_slice(fitting(slice(span), &mut room));
        }
        let mut separator: &[u8] = b"\"errors\":[";
        for error in self.told(index) {
            out.extend_from_slice(separator);
            match &error.of {
                Some((segment, of)) if *of == index => {
                    out.extend_from_slice(slice(&(error.span.start..segment.start)));
                    out.extend_from_slice(b"\"_entities\"");
                    out.extend_from_slice(slice(&(segment.end..error.span.end)));
                }
                _ => out.extend_from_slice(fitting(slice(&error.span), &mut room)),
            }
            separator = b",";
        }
        if separator == b"," {
            out.push(b']');
        }
        out.push(b'}');
        out
    }

    /// The errors that the fetch of one key is told of: those that name it or none, else all if nothing came.
    fn told(&self, index: usize) -> impl Iterator<Item = &Error> {
        let is_own = move |error: &&Error| error.of.as_ref().is_none_or(|(_, of)| *of == index);
        let takes_all = !matches!(self.data, Data::Object(_)) && !self.errors.iter().any(|error| is_own(&error));
        self.errors.iter().filter(move |error| takes_all || is_own(error))
    }

    fn tells(&self, index: usize) -> bool {
        self.told(index).next().is_some()
    }
}

/// A text that goes to all, if there is room for it.
fn fitting<'t>(text: &'t [u8], room: &mut usize) -> &'t [u8] {
    match room.checked_sub(text.len()) {
        Some(left) => {
            *room = left;
            text
        }
        None => AN_ERROR,
    }
}

fn data(scanner: &mut Scanner<'_>, keys: &Names<'_>) -> Result<Data, JsonError> {
    let kind = scanner.peek()?;
    if kind != Kind::Object {
        scanner.value(DEPTH_MAX)?;
        return Ok(if kind == Kind::Null { Data::Null } else { Data::Other });
    }
    let mut values = vec![None; keys.len()];
    scanner.enter();
    let mut member = scanner.object_first()?;
    while let Some(name) = member {
        let name = scanner.slice(name);
        let position = keys.place(name);
        let span = scanner.value(DEPTH_MAX)?;
        if let Some(value) = position.and_then(|position| values.get_mut(position)) {
            *value = Some(span);
        }
        member = scanner.object_next()?;
    }
    Ok(Data::Object(values))
}

/// The first errors of each key, and of none: as many as are looked at in an answer.
fn errors(scanner: &mut Scanner<'_>, keys: &Names<'_>) -> Result<Vec<Error>, JsonError> {
    let mut errors = Vec::new();
    let (mut of_none, mut of_keys) = (0, vec![0; keys.len()]);
    scanner.enter();
    let mut more = scanner.array_first()?;
    while more {
        let start = scanner.clone();
        let span = scanner.value(DEPTH_MAX)?;
        let of = first_segment(start, keys)?;
        let count = of.as_ref().and_then(|(_, of)| of_keys.get_mut(*of)).unwrap_or(&mut of_none);
        if *count < REPORTED_MAX {
            *count += 1;
            errors.push(Error { of, span });
        }
        more = scanner.array_next()?;
    }
    Ok(errors)
}

/// The first segment of an error's path, if it is one of the keys.
fn first_segment(mut scanner: Scanner<'_>, keys: &Names<'_>) -> Result<Option<(Range<usize>, usize)>, JsonError> {
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
        return Ok(keys.place(text).map(|position| (segment, position)));
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
        assert_eq!(parts("[1]"), [r#"{"data":[]}"#; 2]);
    }

    #[test]
    fn tells_all_of_errors_that_are_no_list() {
        assert_eq!(parts(r#"{"errors":7}"#), [r#"{"errors":7}"#; 2]);
        assert_eq!(parts(r#"{"errors":null}"#), ["{}"; 2]);
        let answer = r#"{"data":{"one":[null],"two":[]},"errors":{"message":"down"}}"#;
        let one = r#"{"data":{"_entities":[null]},"errors":{"message":"down"}}"#;
        assert_eq!(parts(answer), [one, r#"{"data":{"_entities":[]},"errors":{"message":"down"}}"#]);
    }

    #[test]
    fn copies_little_of_what_goes_to_all() {
        let long = "x".repeat(1_000_000);
        let both = |answer: &str| parts(answer).into_iter().max_by_key(String::len).unwrap();
        assert_eq!(both(&format!(r#"{{"data":"{long}"}}"#)), r#"{"data":[]}"#);
        assert_eq!(both(&format!(r#"{{"errors":"{long}"}}"#)), r#"{"errors":{}}"#);
        let error = format!(r#"{{"message":"{long}","path":["two"]}}"#);
        assert_eq!(parts(&format!(r#"{{"data":null,"errors":[{error}]}}"#))[0], r#"{"data":null,"errors":[{}]}"#);
        let many = vec![format!(r#"{{"message":"{}"}}"#, &long[..1_000]); 2_000].join(",");
        let part = both(&format!(r#"{{"data":null,"errors":[{many}]}}"#));
        assert!(part.len() < COMMON_BYTES_MAX + 10 * REPORTED_MAX, "{}", part.len());
        assert_eq!(part.matches('{').count(), 1 + REPORTED_MAX);
    }
}
