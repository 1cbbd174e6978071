//! Documents seen before, with their plans.
//!
//! The key is the whole text, the operation's name and the schema's hash, compared as they are: never a hash of the
//! text alone, which two operations could share. Only valid documents are kept.

use std::future::Future;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use quick_cache::{Equivalent, sync::Cache};

use super::prepare::Prepared;
use crate::config::PlanCache;
use crate::refusal::Refusal;

/// Bounded; the least used leave.
pub(super) struct Documents {
    cache: Cache<Key, Arc<Prepared>>,
    document_bytes_max: usize,
    /// Plans kept a document.
    pub variants_max: usize,
}

#[derive(Clone, PartialEq, Eq)]
struct Key {
    schema: u64,
    text: Arc<str>,
    operation_name: Option<Arc<str>>,
}

/// A key that borrows, so that a hit allocates nothing.
struct KeyRef<'a> {
    schema: u64,
    text: &'a str,
    operation_name: Option<&'a str>,
}

impl Key {
    fn borrow(&self) -> KeyRef<'_> {
        KeyRef { schema: self.schema, text: &self.text, operation_name: self.operation_name.as_deref() }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.borrow().hash(state);
    }
}

impl Hash for KeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.schema.hash(state);
        self.text.hash(state);
        self.operation_name.hash(state);
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.schema == key.schema && self.operation_name == key.operation_name.as_deref() && *self.text == *key.text
    }
}

impl Documents {
    pub fn new(config: &PlanCache) -> Self {
        Self {
            cache: Cache::new(config.entries_max as usize),
            document_bytes_max: config.document_bytes_max as usize,
            variants_max: config.variants_max as usize,
        }
    }

    pub fn get(&self, schema: u64, text: &str, operation_name: Option<&str>) -> Option<Arc<Prepared>> {
        self.cache.get(&KeyRef { schema, text, operation_name })
    }

    /// Prepares a document that isn't there yet. Requests that come for the same one meanwhile wait for it.
    pub async fn get_or_prepare(
        &self,
        schema: u64,
        text: Arc<str>,
        operation_name: Option<Arc<str>>,
        prepare: impl Future<Output = Result<Arc<Prepared>, Refusal>>,
    ) -> Result<Arc<Prepared>, Refusal> {
        if text.len() > self.document_bytes_max {
            return prepare.await;
        }
        let key = Key { schema, text, operation_name };
        self.cache.get_or_insert_async(&key, prepare).await
    }
}
