//! The body of an answer. When it is dropped, its connection may serve the next call.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, SizeHint};
use hyper::body::Incoming;

use super::Client;
use super::http1::{Link, Piece};

/// A body that arrives.
pub struct Answer(Way);

enum Way {
    Http1(Option<OverHttp1>),
    Http2(Incoming),
}

struct OverHttp1 {
    body: Incoming,
    link: Box<Link>,
    client: Arc<Client>,
}

impl Answer {
    pub(super) fn over_http1(body: Incoming, link: Box<Link>, client: Arc<Client>) -> Self {
        Self(Way::Http1(Some(OverHttp1 { body, link, client })))
    }

    pub(super) fn over_http2(body: Incoming) -> Self {
        Self(Way::Http2(body))
    }

    fn body(&self) -> Option<&Incoming> {
        match &self.0 {
            Way::Http1(over) => over.as_ref().map(|over| &over.body),
            Way::Http2(body) => Some(body),
        }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        match &mut self.0 {
            Way::Http1(Some(over)) => over.link.poll_body(context, &mut over.body),
            Way::Http1(None) => Poll::Ready(None),
            Way::Http2(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Way::Http1(over) = &mut self.0
            && let Some(OverHttp1 { body, link, client }) = over.take()
        {
            // Without a reader the connection drains what has come of the body, or closes.
            drop(body);
            client.release(link);
        }
    }
}
