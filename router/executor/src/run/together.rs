//! The answer to several calls: read in one pass where all went well, else taken apart first.

use bytes::Bytes;

use super::send::Answer;
use super::{Call, Run};
use crate::fetch::FetchError;
use crate::read::{Data, Together, read_together};
use crate::split::split;

impl<'p> Run<'p> {
    /// Takes the answer of a request for several calls, each with its response key.
    pub fn absorb_together(&mut self, calls: Vec<(Call, String)>, answer: Answer) {
        let read = answer.as_ref().ok().and_then(|bytes| self.read_together(&calls, bytes));
        if let Some(read) = read {
            for ((call, _), data) in calls.into_iter().zip(read) {
                self.absorb_data(&call, data);
            }
            return;
        }
        let keys: Vec<&str> = calls.iter().map(|(_, key)| key.as_str()).collect();
        let parts = answer.and_then(|bytes| split(&bytes, &keys));
        for (at, (call, _)) in calls.into_iter().enumerate() {
            let missing = || FetchError::Malformed("no answer".to_owned());
            let own = parts.as_ref().map_err(Clone::clone);
            self.absorb(call, own.and_then(|parts| parts.get(at).cloned().ok_or_else(missing)));
        }
    }

    /// What an answer without errors has for each call.
    fn read_together(&mut self, calls: &[(Call, String)], bytes: &Bytes) -> Option<Vec<Data>> {
        let plan = self.request.plan;
        let subgraph = calls.first()?.0.asks(plan)?.subgraph;
        let mut together: Vec<Together<'_, 'p>> = Vec::with_capacity(calls.len());
        for (call, key) in calls {
            together.push(Together { key, fetch: call.fetch, output: &call.asks(plan)?.output });
        }
        read_together(&mut self.store, (self.request.supergraph, subgraph), bytes, &together)
    }
}
