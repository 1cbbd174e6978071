//! Trace ids (W3C Trace Context, level 1): taken from the caller's `traceparent`, or made.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::fmt::Simple;
use uuid::{NoContext, Timestamp, Uuid};

/// The header that carries a trace from caller to callee.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// What the systems that a trace has passed say of it beside. It means something with its `traceparent` alone.
pub const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// The trace that a request belongs to, with the span that is ours.
#[derive(Clone, PartialEq, Eq)]
pub struct Trace {
    /// 32 hexadecimal digits.
    id: Arc<str>,
    span: u64,
    is_sampled: bool,
    origin: Origin,
}

/// Where a trace began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Caller,
    Here,
}

impl Trace {
    /// From a request's `traceparent`; a new one if there is none or it is malformed.
    pub fn of(headers: &HeaderMap, unix_seconds: u64) -> Self {
        let fresh = Uuid::new_v7(Timestamp::from_unix(NoContext, unix_seconds, 0)).as_u128();
        let span = (fresh as u64) | 1;
        let parent = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok()).and_then(parse);
        match parent {
            Some((id, is_sampled)) => Self { id: written(id), span, is_sampled, origin: Origin::Caller },
            // The id's last half is random, as the specification asks of one that is sampled by it.
            None => Self { id: written(fresh), span, is_sampled: true, origin: Origin::Here },
        }
    }

    /// The trace id: 32 hexadecimal digits.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// Whether it is the caller's, and not one that begins here.
    pub fn is_callers(&self) -> bool {
        self.origin == Origin::Caller
    }

    /// The header for calls made on behalf of this request.
    pub fn to_header(&self) -> HeaderValue {
        let mut digits = Uuid::encode_buffer();
        let (span, flags) = (hexadecimal(self.span.into(), &mut digits), if self.is_sampled { "01" } else { "00" });
        let text = ["00-", &self.id, "-", &span[16..], "-", flags].concat();
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trace({})", self.id)
    }
}

fn written(id: u128) -> Arc<str> {
    (&*hexadecimal(id, &mut Uuid::encode_buffer())).into()
}

/// All 32 digits of a number. Written as UUIDs are: formatting takes ten times as long.
fn hexadecimal(number: u128, digits: &mut [u8]) -> &mut str {
    Simple::from_uuid(Uuid::from_u128(number)).encode_lower(digits)
}

/// The trace id of a `traceparent`, and whether the caller samples it: the one flag that is known.
fn parse(text: &str) -> Option<(u128, bool)> {
    let mut parts = text.trim().split('-');
    let (version, id, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let known = version != "00" || parts.next().is_none();
    let version = hex(version, 2)?;
    let (id, span, flags) = (hex(id, 32)?, hex(span, 16)?, hex(flags, 2)?);
    (known && version != 255 && id != 0 && span != 0).then_some((id, flags & 1 == 1))
}

fn hex(text: &str, digits: usize) -> Option<u128> {
    let fits = text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if fits { u128::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn of(traceparent: &str) -> Trace {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, traceparent.parse().unwrap());
        Trace::of(&headers, 1)
    }

    #[test]
    fn a_given_trace_goes_on_with_a_span_of_ours() {
        let trace = of(GIVEN);
        assert_eq!(&**trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let sent = trace.to_header();
        let sent = sent.to_str().unwrap();
        assert!(sent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && sent.ends_with("-01"), "{sent}");
        assert!(!sent.contains("00f067aa0ba902b7"));
    }

    #[test]
    fn malformed_ones_are_replaced() {
        let zero = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        let forbidden = "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for malformed in ["", "x", "00-1-2-3", zero, forbidden, &GIVEN.to_uppercase(), &format!("{GIVEN}-more")] {
            assert_ne!(&**of(malformed).id(), "4bf92f3577b34da6a3ce929d0e0e4736", "{malformed}");
        }
        assert_eq!(of("").id().len(), 32);
    }

    #[test]
    fn new_ones_differ() {
        assert_ne!(Trace::of(&HeaderMap::new(), 1), Trace::of(&HeaderMap::new(), 1));
    }
}
