//! One span.

use opentelemetry::{
    Context, KeyValue, Value,
    trace::{FutureExt as _, Link, SpanKind, Status, TraceContextExt as _, Tracer as _},
};

use super::{TRACER, context};

/// Links of one span: those of the messages of a batch. More tell nobody more.
const LINKS_MAX: usize = 64;

/// What a span continues.
#[derive(Clone, Copy, Debug)]
pub enum Parent<'a> {
    /// What is going on here.
    Current,
    /// The same, or where nothing is what was noted when this began.
    CurrentOr(Option<&'a str>),
    /// What came from outside, by its `traceparent`; a trace of its own without one.
    Remote(Option<&'a str>),
}

/// What a span says: few values, each of a kind or an id.
pub type Attributes = Vec<(&'static str, Value)>;

/// Work that belongs to a trace, from its beginning until this is dropped. Where nobody makes spans it is the trace alone.
#[must_use = "it ends when it is dropped"]
pub struct Span(Option<Context>);

impl Span {
    /// Answering somebody who waits.
    pub fn server(parent: Parent<'_>, tell: impl FnOnce() -> (String, Attributes)) -> Self {
        Self::begin(SpanKind::Server, parent, tell)
    }

    /// Asking somebody, and waiting.
    pub fn client(parent: Parent<'_>, tell: impl FnOnce() -> (String, Attributes)) -> Self {
        Self::begin(SpanKind::Client, parent, tell)
    }

    /// Handling what somebody has sent.
    pub fn consumer(parent: Parent<'_>, tell: impl FnOnce() -> (String, Attributes)) -> Self {
        Self::begin(SpanKind::Consumer, parent, tell)
    }

    /// A step on the way.
    pub fn internal(parent: Parent<'_>, tell: impl FnOnce() -> (String, Attributes)) -> Self {
        Self::begin(SpanKind::Internal, parent, tell)
    }

    /// Sending messages that were decided elsewhere, each in the trace that its `traceparent` says: a part of that if there is one
    /// message, else a trace of its own that is linked to theirs.
    pub(crate) fn producer<'a>(
        messages: impl ExactSizeIterator<Item = &'a str>,
        read: impl Fn(&str) -> Option<String>,
        tell: impl FnOnce() -> (String, Attributes),
    ) -> Self {
        let Some(tracer) = TRACER.get() else { return Self(None) };
        let is_one = messages.len() == 1;
        let parents = messages.take(LINKS_MAX).filter_map(|text| context::parse(&read(text)?));
        let mut parents: Vec<_> = parents.collect();
        let parent = if is_one { parents.pop() } else { None };
        let parent = parent.map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent));
        let links = parents.into_iter().map(|parent| Link::new(parent, Vec::new(), 0)).collect();
        let (name, attributes) = tell();
        let builder = tracer.span_builder(name).with_kind(SpanKind::Producer).with_links(links);
        let span = builder.with_attributes(key_values(attributes)).start_with_context(tracer, &parent);
        Self(Some(parent.with_span(span)))
    }

    fn begin(kind: SpanKind, parent: Parent<'_>, tell: impl FnOnce() -> (String, Attributes)) -> Self {
        let parent = match (parent, TRACER.get()) {
            // It goes on anyway.
            (Parent::Current, None) => return Self(None),
            (Parent::Current, Some(_)) => Context::current(),
            (Parent::CurrentOr(noted), tracer) => match Context::map_current(|current| current.has_active_span()) {
                true if tracer.is_none() => return Self(None),
                true => Context::current(),
                false => context::remote(noted),
            },
            (Parent::Remote(traceparent), _) => context::remote(traceparent),
        };
        let Some(tracer) = TRACER.get() else {
            return Self(parent.has_active_span().then_some(parent));
        };
        let (name, attributes) = tell();
        let builder = tracer.span_builder(name).with_kind(kind).with_attributes(key_values(attributes));
        let span = builder.start_with_context(tracer, &parent);
        Self(Some(parent.with_span(span)))
    }

    /// Does some of its work: what that sends belongs to this span.
    pub async fn run<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(context) => work.with_context(context.clone()).await,
            None => work.await,
        }
    }

    /// It went wrong. `reason` is a code or a kind of error, never what somebody has said.
    pub fn fail(&self, reason: &'static str) {
        if let Some(context) = &self.0 {
            let span = context.span();
            span.set_attribute(KeyValue::new("error.type", reason));
            span.set_status(Status::error(reason));
        }
    }

    /// Its context, as W3C Trace Context writes it.
    #[must_use]
    pub fn traceparent(&self) -> Option<String> {
        self.0.as_ref().and_then(context::of)
    }
}

fn key_values(attributes: Attributes) -> impl Iterator<Item = KeyValue> {
    attributes.into_iter().map(|(key, value)| KeyValue::new(key, value))
}
