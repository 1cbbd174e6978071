//! By which a call's errors name its trace (W3C Trace Context).

use std::fmt;

use uuid::Uuid;

use crate::trace::{self, Span};

/// 16 bytes, written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceId(u128);

impl TraceId {
    /// The span's trace, which is the caller's if it has named one, or a new one.
    pub(crate) fn of(span: &Span) -> Self {
        let context = span.traceparent().and_then(|traceparent| trace::parse(&traceparent));
        let known = context.map(|context| u128::from_be_bytes(context.trace_id().to_bytes()));
        Self(known.unwrap_or_else(|| Uuid::now_v7().as_u128()))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Parent;

    #[test]
    fn takes_the_callers_trace_and_refuses_garbage() {
        let of = |header: &str| TraceId::of(&Span::server(Parent::Remote(Some(header)), Default::default)).to_string();
        let given = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(of(&format!("00-{given}-00f067aa0ba902b7-01")), given);
        assert_ne!(of(&format!("00-{given}-x-01")), given);
        assert_ne!(of(""), of(""));
    }
}
