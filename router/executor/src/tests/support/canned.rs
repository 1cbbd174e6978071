//! Subgraphs that answer what they are told to.

use std::collections::VecDeque;
use std::sync::Mutex;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};

use super::SUBGRAPHS;
use crate::fetch::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};

/// What a subgraph does with a call.
#[derive(Clone, Debug)]
pub enum Reply {
    Text(Vec<u8>),
    Fail(FetchError),
    Hang,
}

impl From<&str> for Reply {
    fn from(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }
}

impl From<FetchError> for Reply {
    fn from(error: FetchError) -> Self {
        Self::Fail(error)
    }
}

/// Answers calls by subgraph, in order, and remembers them.
#[derive(Default)]
pub struct Canned {
    replies: Mutex<Vec<(usize, VecDeque<Reply>)>>,
    pub calls: Mutex<Vec<(usize, String)>>,
}

impl Canned {
    pub fn new<R: Into<Reply>>(replies: impl IntoIterator<Item = (&'static str, R)>) -> Self {
        let canned = Self::default();
        for (name, reply) in replies {
            let index = SUBGRAPHS.iter().position(|subgraph| *subgraph == name).unwrap();
            let mut all = canned.replies.lock().unwrap();
            match all.iter_mut().find(|(known, _)| *known == index) {
                Some((_, queue)) => queue.push_back(reply.into()),
                None => all.push((index, VecDeque::from([reply.into()]))),
            }
        }
        canned
    }

    pub fn bodies(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }
}

impl Fetch for Canned {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        _context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        let index = usize::from(request.subgraph.0);
        self.calls.lock().unwrap().push((index, String::from_utf8(request.body.to_vec()).unwrap()));
        let reply = {
            let mut all = self.replies.lock().unwrap();
            let queue = all.iter_mut().find(|(known, _)| *known == index);
            queue.and_then(|(_, queue)| queue.pop_front())
        };
        async move {
            match reply {
                Some(Reply::Text(text)) => Ok(futures::stream::iter([Ok(Bytes::from(text))]).boxed() as Responses),
                Some(Reply::Fail(error)) => Err(error),
                Some(Reply::Hang) => futures::future::pending().await,
                None => Err(FetchError::Unreachable("no reply is left".to_owned())),
            }
        }
        .boxed()
    }
}
