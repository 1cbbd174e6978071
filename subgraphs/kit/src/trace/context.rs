//! The context of a trace: which trace, which span, and whether anybody keeps it.

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState},
};

/// The context in which this runs, as W3C Trace Context writes it; `None` outside of any trace.
#[must_use]
pub fn traceparent() -> Option<String> {
    Context::map_current(of)
}

/// The same, or what was noted when what this continues began: for who writes a message.
#[must_use]
pub fn here(noted: Option<&String>) -> Option<String> {
    traceparent().or_else(|| noted.cloned())
}

/// A context with what came from outside; an empty one if that is no `traceparent`.
pub(super) fn remote(traceparent: Option<&str>) -> Context {
    match traceparent.and_then(parse) {
        Some(context) => Context::new().with_remote_span_context(context),
        None => Context::new(),
    }
}

pub(super) fn of(context: &Context) -> Option<String> {
    if !context.has_active_span() {
        return None;
    }
    let span = context.span();
    let context = span.span_context();
    let (trace, id, flags) = (context.trace_id(), context.span_id(), context.trace_flags().to_u8());
    context.is_valid().then(|| format!("00-{trace}-{id}-{flags:02x}"))
}

/// `<version>-<trace id>-<span id>-<flags>` in lower-case digits; all zeros is no trace. Of versions to come what this one knows is
/// read.
pub(crate) fn parse(traceparent: &str) -> Option<SpanContext> {
    let mut parts = traceparent.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_whole = version != "00" || parts.next().is_none();
    let [version, trace, span, flags] = [digits(version, 2)?, digits(trace, 32)?, digits(span, 16)?, digits(flags, 2)?];
    if !is_whole || version == u128::from(u8::MAX) {
        return None;
    }
    let flags = u8::try_from(flags).ok().map(TraceFlags::new)? & TraceFlags::SAMPLED;
    let (trace, span) = (TraceId::from(trace), SpanId::from(u64::try_from(span).ok()?));
    let context = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    context.is_valid().then_some(context)
}

fn digits(text: &str, length: usize) -> Option<u128> {
    let is_lower = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let fits = text.len() == length && text.bytes().all(is_lower);
    if fits { u128::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn what_came_goes_on_unchanged() {
        assert_eq!(of(&remote(Some(GIVEN))).as_deref(), Some(GIVEN));
        let of_later_version = GIVEN.replacen("00", "cc", 1) + "-more";
        assert_eq!(of(&remote(Some(&of_later_version))).as_deref(), Some(GIVEN));
        assert_eq!(traceparent(), None);
    }

    #[test]
    fn what_is_none_begins_nothing() {
        let zeros = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        let cut = GIVEN.trim_end_matches("-01");
        let signed = GIVEN.replace("-4b", "-+b");
        for text in [
            "",
            "-",
            "x",
            zeros,
            cut,
            &signed,
            &GIVEN.to_uppercase(),
            &format!("{GIVEN}-more"),
            &GIVEN.replacen("00", "ff", 1),
        ] {
            assert_eq!(of(&remote(Some(text))), None, "{text}");
        }
        assert_eq!(of(&remote(None)), None);
    }
}
