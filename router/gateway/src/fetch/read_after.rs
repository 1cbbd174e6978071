//! `x-read-after`: what of subgraphs' databases a client has written, gathered from their answers for the one that it gets. What the
//! client sends back with later requests travels on to all of them, and each reads its own part ([`wire::read_after`]).

use executor::RequestContext;
use http::{HeaderMap, HeaderName, HeaderValue};
use wire::read_after::{READ_AFTER_HEADER, ReadAfter};

pub(crate) const READ_AFTER: HeaderName = HeaderName::from_static(READ_AFTER_HEADER);

/// Adds what an answer says to what the client is told. What isn't of the form says nothing.
pub(super) fn gather(context: &RequestContext, answer: &HeaderMap) {
    let Some(written) = parsed(answer) else { return };
    context.answer_headers.change(|headers| {
        let mut all = parsed(headers).unwrap_or_default();
        all.merge(&written);
        if let Ok(value) = HeaderValue::try_from(all.to_string()) {
            headers.insert(READ_AFTER, value);
        }
    });
}

fn parsed(headers: &HeaderMap) -> Option<ReadAfter> {
    ReadAfter::parse(headers.get(READ_AFTER)?.to_str().ok()?)
}
