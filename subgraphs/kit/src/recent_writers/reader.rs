//! How fresh one request's reads have to be: asked once, and again when the request itself has written.

use std::{
    any::TypeId,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_graphql::{Context, Data};
use tokio::sync::OnceCell;
use wire::read_after::ReadAfter;

use super::{Handed, RecentWriters};
use crate::{
    caller::Caller,
    database::{Freshness, Lsn},
    error::{Result, request_data},
};

/// Who reads in one request; cheap to clone, so that each of the request's loaders has it. Never shared between requests.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    writers: Option<Arc<RecentWriters>>,
    user: Option<String>,
    handed: Handed,
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
        Self::new(None, None, Handed::default())
    }

    /// The caller of the request whose data this is, who may have handed back what it was told when it wrote ([`Handed`]).
    #[must_use]
    pub fn of_request(data: &Data, writers: &Arc<RecentWriters>) -> Self {
        let user = of::<Caller>(data).and_then(|caller| caller.identity().subject.clone());
        Self::new(Some(Arc::clone(writers)), user, of::<Handed>(data).cloned().unwrap_or_default())
    }

    /// The reader of the request whose data this is ([`crate::SubgraphBuilder::reads`]).
    #[must_use]
    pub fn in_data(data: &Data) -> Self {
        of::<Self>(data).cloned().unwrap_or_else(Self::anyone)
    }

    /// The reader of a resolver's request.
    ///
    /// # Errors
    /// An internal error outside of a request.
    pub fn from_context<'a>(context: &Context<'a>) -> Result<&'a Self> {
        request_data::<Self>(context)
    }

    /// How fresh a read that begins now has to be.
    pub async fn freshness(&self) -> Freshness {
        let written = self.written().freshness();
        if let Some(freshness) = written {
            return freshness;
        }
        let Some(writers) = &self.0.writers else { return Freshness::Recent };
        let asked = || writers.freshness(self.0.user.as_deref(), self.0.handed.text());
        *self.0.before.get_or_init(asked).await
    }

    /// Says that this request has committed a change: whatever it reads from now on shows it. It goes to the caller with the
    /// answer, and is returned.
    pub async fn wrote(&self) -> ReadAfter {
        let Some(writers) = &self.0.writers else { return ReadAfter::default() };
        // Until the position is known only the primary surely shows it.
        self.written().unknown += 1;
        let handed = writers.wrote(self.0.user.as_deref()).await;
        self.0.handed.hand(&handed);
        if let Some(position) = handed.position(&writers.service) {
            let mut written = self.written();
            written.unknown -= 1;
            written.known = written.known.max(Some(position));
        }
        handed
    }

    fn new(writers: Option<Arc<RecentWriters>>, user: Option<String>, handed: Handed) -> Self {
        Self(Arc::new(Inner { writers, user, handed, before: OnceCell::new(), written: Mutex::default() }))
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.0.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of<T: 'static>(data: &Data) -> Option<&T> {
    data.get(&TypeId::of::<T>())?.downcast_ref()
}
