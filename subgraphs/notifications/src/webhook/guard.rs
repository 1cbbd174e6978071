//! Where a name leads, looked at for each connection.
//!
//! A name that led somewhere public when it was registered may lead inside by now, or at the second look (DNS rebinding). So there
//! is one look a connection, and what it found is what is connected to. A name of which one address isn't public isn't called at
//! all: nobody has such a name by accident.

use std::{io, net::SocketAddr, sync::Arc};

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::domain::webhook_url::Reach;

/// Addresses of one name that are looked at.
const ADDRESSES_MAX: usize = 64;

/// Tells where names lead.
pub trait Lookup: std::fmt::Debug + Send + Sync + 'static {
    /// All addresses of a name.
    ///
    /// # Errors
    /// It isn't known, or nobody answers.
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;
}

/// The system's own resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.take(ADDRESSES_MAX).collect()) })
    }
}

/// A name leads to an address that isn't public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to an address that isn't public")]
pub struct NotPublic;

/// Lets only those addresses through that may be called.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    lookup: Arc<dyn Lookup>,
    reach: Reach,
}

impl Guarded {
    pub(super) fn new(lookup: Arc<dyn Lookup>, reach: Reach) -> Self {
        Self { lookup, reach }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (looking, reach) = (self.lookup.lookup(name.as_str().to_owned()), self.reach);
        Box::pin(async move {
            let found = looking.await?;
            if !found.iter().all(|address| reach.allows(address.ip())) {
                return Err(NotPublic.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
