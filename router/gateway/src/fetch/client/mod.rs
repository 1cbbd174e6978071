//! The client of HTTP that a subgraph is called with: connections are hyper's, what is around them is for one purpose.
//!
//! A connection of HTTP/1.1 is driven by the call that uses it and rests in between: no task of its own, nothing to hand
//! over and nobody to wake. One of HTTP/2 is shared by all calls and has a task. Redirects are never followed, and no
//! proxy is asked.

mod answer;
mod connect;
mod failure;
mod http1;
mod http2;
mod keeping;
mod resting;
mod target;
mod tls;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bytes::Bytes;
use executor::fetch::Idempotent;
use futures::FutureExt;
use http::header::HOST;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::Full;
use rustls::ClientConfig;

use crate::config::Http2;
use answer::Answer;
use connect::{Connector, agreed_on_http2};
use failure::Failure;
use http1::Link;
use http2::SharedLink;
use resting::Resting;
pub(super) use target::Target;
pub(super) use tls::Trust;

/// What connections are made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    /// For a connection to be made.
    pub connect_time_max: Duration,
    /// For a connection to rest.
    pub rest_time_max: Duration,
    /// Connections that rest.
    pub resting_max: usize,
}

/// Calls one address.
pub(super) struct Client {
    target: Target,
    http2: Http2,
    rules: Rules,
    connector: Connector,
    resting: Resting,
    shared: SharedLink,
    /// Whether somebody closes connections that rest too long.
    swept: AtomicBool,
}

/// A connection to send a request on.
enum Way {
    Http1(Box<Link>),
    Http2(http2::Sender),
}

impl Way {
    /// The connection, if others use it too.
    fn shared(&self) -> Option<http2::Sender> {
        match self {
            Self::Http1(_) => None,
            Self::Http2(sender) => Some(sender.clone()),
        }
    }
}

impl Client {
    /// Without any connection yet; encrypted where there is a configuration for it.
    pub fn new(target: Target, http2: Http2, rules: Rules, tls: Option<Arc<ClientConfig>>) -> Self {
        Self {
            target,
            http2,
            rules,
            connector: Connector::new(tls, rules.connect_time_max),
            resting: Resting::new(rules.resting_max, rules.rest_time_max),
            shared: SharedLink::new(rules.rest_time_max),
            swept: AtomicBool::new(false),
        }
    }

    /// Whether connections of the other would be made alike.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.target, self.http2, self.rules) == (&other.target, other.http2, other.rules)
    }

    /// Posts a body and waits for the head of the answer.
    ///
    /// A connection that rested may be closed by the other side at any moment, also while a request is on its way. A
    /// request that was not worked on then goes out again on a new connection, as does one that may be repeated.
    pub async fn post(
        self: &Arc<Self>,
        headers: impl Fn() -> HeaderMap,
        body: &Bytes,
        idempotent: Idempotent,
    ) -> Result<Response<Answer>, Failure> {
        if let Some(way) = self.known() {
            let shared = way.shared();
            match self.send(way, headers(), body).await {
                Err(failure) if failure.may_be_repeated(idempotent) => {}
                answer => return answer,
            }
            shared.iter().for_each(|sender| self.shared.forget(sender));
        }
        // Apart: it is seldom needed, and many times as large as what is.
        let way = self.make().boxed().await?;
        self.send(way, headers(), body).await
    }

    /// A connection that there is.
    fn known(&self) -> Option<Way> {
        self.shared.get().map(Way::Http2).or_else(|| self.resting.take().map(Way::Http1))
    }

    async fn make(self: &Arc<Self>) -> Result<Way, Failure> {
        if self.http2 == Http2::PriorKnowledge {
            let client = Arc::clone(self);
            let make = async move {
                let stream = client.connector.connect(client.target.absolute()).await?;
                Ok(client.keep(http2::begin(stream).await?))
            };
            return self.shared.making(|| make.boxed()).await.map(Way::Http2);
        }
        let stream = self.connector.connect(self.target.absolute()).await?;
        if agreed_on_http2(&stream) {
            return Ok(Way::Http2(self.keep(http2::begin(stream).await?)));
        }
        Ok(Way::Http1(Link::begin(stream).await?))
    }

    async fn send(
        self: &Arc<Self>,
        way: Way,
        mut headers: HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Answer>, Failure> {
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = Method::POST;
        match way {
            Way::Http1(mut link) => {
                *request.uri_mut() = self.target.relative();
                *request.headers_mut() = headers;
                let answer = link.send(request).await?;
                Ok(answer.map(|body| Answer::over_http1(body, link, Arc::clone(self))))
            }
            Way::Http2(mut sender) => {
                headers.remove(HOST);
                *request.uri_mut() = self.target.absolute();
                *request.headers_mut() = headers;
                let answer = sender.requests.try_send_request(request).await.map_err(Failure::of)?;
                Ok(answer.map(Answer::over_http2))
            }
        }
    }
}

#[cfg(test)]
mod tests;
