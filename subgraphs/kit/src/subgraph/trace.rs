//! The trace that a call belongs to (W3C Trace Context).

use std::fmt;

use uuid::Uuid;

/// 16 bytes, written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceId(u128);

impl TraceId {
    /// The caller's trace, or a new one when its header names none.
    pub(crate) fn of(traceparent: Option<&str>) -> Self {
        traceparent.and_then(parse).unwrap_or_else(|| Self(Uuid::now_v7().as_u128()))
    }
}

/// `<version>-<trace id>-<parent id>-<flags>`; all zeros is no trace.
fn parse(traceparent: &str) -> Option<TraceId> {
    let mut parts = traceparent.split('-');
    let version = parts.next()?;
    let trace_id = parts.next()?;
    let well_formed = version.len() == 2
        && version != "ff"
        && trace_id.len() == 32
        && trace_id.bytes().all(|byte| byte.is_ascii_hexdigit())
        && parts.next()?.len() == 16;
    let trace_id = u128::from_str_radix(trace_id, 16).ok()?;
    (well_formed && trace_id != 0).then_some(TraceId(trace_id))
}

impl fmt::Display for TraceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_callers_trace_and_refuses_garbage() {
        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let trace = TraceId::of(Some(header)).to_string();
        assert_eq!(trace, "4bf92f3577b34da6a3ce929d0e0e4736");
        let zeros = format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32));
        for text in ["", "-", "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", &zeros] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
