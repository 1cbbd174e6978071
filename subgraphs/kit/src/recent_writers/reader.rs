//! How fresh one request's reads have to be: asked once, and again when the request itself has written.

use std::{
    any::TypeId,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_graphql::Data;
use tokio::sync::OnceCell;
use wire::read_after::ReadAfter;

use super::RecentWriters;
use crate::{
    caller::Caller,
    database::{Freshness, Lsn},
};

/// Who reads in one request; cheap to clone, so that each of the request's loaders has it. Never shared between requests.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    writers: Option<Arc<RecentWriters>>,
    user: Option<String>,
    header: Option<String>,
    /// As it was when the request began to read.
    before: OnceCell<Freshness>,
    written: Mutex<Written>,
}

/// What this request has written since.
#[derive(Default)]
struct Written {
    /// Writes whose position isn't known yet, or never will be.
    unknown: usize,
    /// Up to where the others are.
    known: Option<Lsn>,
}

impl Written {
    fn freshness(&self) -> Option<Freshness> {
        if self.unknown > 0 { Some(Freshness::Latest) } else { self.known.map(Freshness::AtLeast) }
    }
}

impl Reader {
    /// Whoever has written nothing: a worker, say.
    #[must_use]
    pub fn anyone() -> Self {
        Self::new(None, None, None)
    }

    /// The caller of the request whose data this is, who may have handed back what it was told when it wrote
    /// ([`wire::read_after::READ_AFTER_HEADER`]).
    #[must_use]
    pub fn of_request(data: &Data, writers: &Arc<RecentWriters>, header: Option<&str>) -> Self {
        let caller = data.get(&TypeId::of::<Caller>()).and_then(|caller| caller.downcast_ref::<Caller>());
        let user = caller.and_then(|caller| caller.identity().subject.clone());
        Self::new(Some(Arc::clone(writers)), user, header.map(str::to_owned))
    }

    /// How fresh a read that begins now has to be.
    pub async fn freshness(&self) -> Freshness {
        let written = self.written().freshness();
        if let Some(freshness) = written {
            return freshness;
        }
        let Some(writers) = &self.0.writers else { return Freshness::Recent };
        let asked = || writers.freshness(self.0.user.as_deref(), self.0.header.as_deref());
        *self.0.before.get_or_init(asked).await
    }

    /// Says that this request has committed a change: whatever it reads from now on shows it. What to hand to the caller.
    pub async fn wrote(&self) -> ReadAfter {
        let Some(writers) = &self.0.writers else { return ReadAfter::default() };
        // Until the position is known only the primary surely shows it.
        self.written().unknown += 1;
        let handed = writers.wrote(self.0.user.as_deref()).await;
        if let Some(position) = handed.position(&writers.service) {
            let mut written = self.written();
            written.unknown -= 1;
            written.known = written.known.max(Some(position));
        }
        handed
    }

    fn new(writers: Option<Arc<RecentWriters>>, user: Option<String>, header: Option<String>) -> Self {
        Self(Arc::new(Inner { writers, user, header, before: OnceCell::new(), written: Mutex::default() }))
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.0.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
