//! What a right answer is: learned from the router's own first answer, after that one was compared with everybody else's.

use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;
use serde_json::Value;

use super::shot::Verdict;
use crate::failure::{Failure, Result, Tried};
use crate::wire::ResponseHead;

/// Every so many answers are compared byte by byte.
const SAMPLE: u64 = 16;
/// Bytes that a compressed answer may have when it is decoded.
const DECODED_BYTES_MAX: u64 = 100_000_000;

/// What of two answers has to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Equality {
    /// All of it.
    Whole,
    /// The data, and that there are errors: what errors say is each router's own, down to an id of each request.
    DataAndErrors,
}

/// What the answers to one request have to be.
pub struct Expectation {
    equality: Equality,
    body: Bytes,
    data: Value,
}

impl Expectation {
    /// From a router's first answer.
    pub fn learn(equality: Equality, head: ResponseHead, body: &[u8]) -> Result<Self> {
        if head.status != 200 {
            let text = String::from_utf8_lossy(body);
            return Err(Failure::Answer(format!("status {}: {}", head.status, text.get(..300).unwrap_or(&text))));
        }
        let body = decoded(head, body)?;
        let data = comparable(equality, &body)?;
        Ok(Self { equality, body, data })
    }

    /// The answer as a value that can be compared with other routers'.
    pub fn value(&self) -> &Value {
        &self.data
    }

    /// Bytes of the answer, decoded.
    pub fn length(&self) -> usize {
        self.body.len()
    }

    /// What an answer is, the `nth` of this connection.
    pub fn judge(&self, head: ResponseHead, body: &[u8], nth: u64) -> Verdict {
        if head.status != 200 {
            return Verdict::Refused(head.status);
        }
        let sampled = nth.is_multiple_of(SAMPLE);
        let right = match self.equality {
            Equality::Whole if !head.gzip => body.len() == self.body.len() && (!sampled || body == &*self.body),
            _ if !sampled => !body.is_empty(),
            Equality::Whole => decoded(head, body).is_ok_and(|body| body == self.body),
            Equality::DataAndErrors => {
                let value = decoded(head, body).and_then(|body| comparable(self.equality, &body));
                value.is_ok_and(|value| value == self.data)
            }
        };
        if right {
            return Verdict::Right;
        }
        let start = body.get(..body.len().min(300)).unwrap_or_default();
        let expected = self.body.len();
        Verdict::Wrong(format!("{} bytes for {expected}: {}", body.len(), String::from_utf8_lossy(start)))
    }
}

/// The body without its compression.
fn decoded(head: ResponseHead, body: &[u8]) -> Result<Bytes> {
    if !head.gzip {
        return Ok(Bytes::copy_from_slice(body));
    }
    let mut decoded = Vec::new();
    GzDecoder::new(body).take(DECODED_BYTES_MAX).read_to_end(&mut decoded).tried("decoding an answer")?;
    Ok(decoded.into())
}

/// What of an answer counts.
fn comparable(equality: Equality, body: &[u8]) -> Result<Value> {
    let mut value: Value =
        serde_json::from_slice(body).map_err(|error| Failure::Answer(format!("an answer that is no JSON: {error}")))?;
    let has_errors = value.get("errors").and_then(Value::as_array).is_some_and(|errors| !errors.is_empty());
    match (equality, has_errors) {
        (Equality::Whole, false) | (Equality::DataAndErrors, true) => {
            Ok(value.get_mut("data").map(Value::take).unwrap_or_default())
        }
        (Equality::Whole, true) => {
            let errors = value.get("errors").map(ToString::to_string).unwrap_or_default();
            Err(Failure::Answer(format!("errors: {}", errors.get(..500).unwrap_or(&errors))))
        }
        (Equality::DataAndErrors, false) => Err(Failure::Answer("no errors where there have to be some".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: ResponseHead = ResponseHead { status: 200, gzip: false, last: false };

    #[test]
    fn an_answer_of_another_length_is_wrong_and_of_other_bytes_in_the_sample() {
        let expected = Expectation::learn(Equality::Whole, HEAD, br#"{"data":{"a":1}}"#).unwrap();
        assert!(matches!(expected.judge(HEAD, br#"{"data":{"a":1}}"#, 0), Verdict::Right));
        assert!(matches!(expected.judge(HEAD, br#"{"data":{"a":12}}"#, 1), Verdict::Wrong(_)));
        assert!(matches!(expected.judge(HEAD, br#"{"data":{"a":2}}"#, 1), Verdict::Right));
        assert!(matches!(expected.judge(HEAD, br#"{"data":{"a":2}}"#, SAMPLE), Verdict::Wrong(_)));
        assert!(matches!(expected.judge(ResponseHead { status: 503, ..HEAD }, b"", 1), Verdict::Refused(503)));
    }

    #[test]
    fn errors_are_compared_by_being_there() {
        let first = br#"{"data":{"a":null},"errors":[{"message":"trace 1"}]}"#;
        let expected = Expectation::learn(Equality::DataAndErrors, HEAD, first).unwrap();
        let other = br#"{"errors":[{"message":"trace 23"}],"data":{"a":null}}"#;
        assert!(matches!(expected.judge(HEAD, other, 0), Verdict::Right));
        assert!(matches!(expected.judge(HEAD, br#"{"data":{"a":null}}"#, 0), Verdict::Wrong(_)));
        assert!(Expectation::learn(Equality::Whole, HEAD, first).is_err());
    }
}
