//! Documents seen before, with their plans.
//!
//! The key is the whole text and the operation's name, compared as they are: never a hash of the text alone, which two
//! operations could share. Each supergraph has a cache of its own. Only valid documents are kept.

use std::future::Future;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use quick_cache::{Equivalent, Weighter, sync::Cache};

use super::prepare::Prepared;
use crate::config::PlanCache;
use crate::refusal::Refusal;

/// Bytes of memory that a document counts as at least, with its plans: those of generated operations mostly stay below it.
const DOCUMENT_BYTES_ASSUMED: u64 = 64 * 1024;
/// Bytes that a parsed document takes for each byte of its text, about.
const BYTES_PER_BYTE_OF_TEXT: u64 = 8;

/// Bounded in number, and by the memory of all documents and plans together; the least used leave.
pub(super) struct Documents {
    cache: Cache<Key, Kept, ByMemory>,
    document_bytes_max: usize,
    /// Plans kept a document.
    pub variants_max: usize,
}

#[derive(Clone, PartialEq, Eq)]
struct Key {
    text: Arc<str>,
    operation_name: Option<Arc<str>>,
}

/// A document, with the memory that it took when it was put there: it is put there again after it has grown.
#[derive(Clone)]
struct Kept {
    prepared: Arc<Prepared>,
    bytes: u64,
}

impl Kept {
    fn new(text: &str, prepared: Arc<Prepared>) -> Self {
        let document = (text.len() as u64).saturating_mul(BYTES_PER_BYTE_OF_TEXT);
        let bytes = document.saturating_add(prepared.plan_bytes()).max(DOCUMENT_BYTES_ASSUMED);
        Self { prepared, bytes }
    }
}

/// What a document takes of the cache's room.
#[derive(Clone)]
struct ByMemory;

impl Weighter<Key, Kept> for ByMemory {
    fn weight(&self, _: &Key, kept: &Kept) -> u64 {
        kept.bytes
    }
}

/// A key that borrows, so that a hit allocates nothing.
struct KeyRef<'a> {
    text: &'a str,
    operation_name: Option<&'a str>,
}

impl Key {
    fn borrow(&self) -> KeyRef<'_> {
        KeyRef { text: &self.text, operation_name: self.operation_name.as_deref() }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.borrow().hash(state);
    }
}

impl Hash for KeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
        self.operation_name.hash(state);
    }
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.operation_name == key.operation_name.as_deref() && *self.text == *key.text
    }
}

impl Documents {
    pub fn new(config: &PlanCache) -> Self {
        let room = u64::from(config.entries_max).saturating_mul(DOCUMENT_BYTES_ASSUMED);
        Self {
            cache: Cache::with_weighter(config.entries_max as usize, room, ByMemory),
            document_bytes_max: config.document_bytes_max as usize,
            variants_max: config.variants_max as usize,
        }
    }

    pub fn get(&self, text: &str, operation_name: Option<&str>) -> Option<Arc<Prepared>> {
        let kept = self.cache.get(&KeyRef { text, operation_name })?;
        kept.prepared.hit();
        Some(kept.prepared)
    }

    /// The most used ones first: at most `max`, with the text each was made of.
    pub fn most_used(&self, max: usize) -> Vec<(Arc<str>, Arc<Prepared>)> {
        let mut all: Vec<_> = self.cache.iter().map(|(key, kept)| (key.text, kept.prepared)).collect();
        all.sort_by(|(a, x), (b, y)| y.hits().cmp(&x.hits()).then_with(|| a.cmp(b)));
        all.truncate(max);
        all
    }

    /// Keeps one that was prepared for another reason than a request.
    pub fn insert(&self, text: Arc<str>, prepared: Arc<Prepared>) {
        if text.len() <= self.document_bytes_max {
            let kept = Kept::new(&text, Arc::clone(&prepared));
            self.cache.insert(Key { text, operation_name: prepared.operation_name().cloned() }, kept);
        }
    }

    /// Counts what a document takes now that it has another plan. One that has left meanwhile stays away.
    pub fn weigh_again(&self, text: &Arc<str>, prepared: &Arc<Prepared>) {
        let key = KeyRef { text, operation_name: prepared.operation_name().map(AsRef::as_ref) };
        if self.cache.peek(&key).is_some_and(|kept| Arc::ptr_eq(&kept.prepared, prepared)) {
            self.insert(Arc::clone(text), Arc::clone(prepared));
        }
    }

    /// Prepares a document that isn't there yet. Requests that come for the same one meanwhile wait for it.
    pub async fn get_or_prepare(
        &self,
        text: Arc<str>,
        operation_name: Option<Arc<str>>,
        prepare: impl Future<Output = Result<Arc<Prepared>, Refusal>>,
    ) -> Result<Arc<Prepared>, Refusal> {
        if text.len() > self.document_bytes_max {
            return prepare.await;
        }
        let key = Key { text, operation_name };
        let prepare = async { prepare.await.map(|prepared| Kept::new(&key.text, prepared)) };
        self.cache.get_or_insert_async(&key, prepare).await.map(|kept| kept.prepared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graphql::OperationLimits;

    use crate::pipeline::Snapshot;
    use crate::pipeline::overrides::Draws;
    use crate::pipeline::prepare::{Planning, plan, prepare};
    use crate::testing::{Canned, supergraph};

    #[tokio::test]
    async fn long_documents_take_the_room_of_several() {
        let supergraph = supergraph();
        let documents = Documents::new(&PlanCache { entries_max: 64, ..PlanCache::default() });
        let prepared = prepare(&supergraph, "{ __typename }", None, &Default::default(), Default::default()).unwrap();
        let texts: Vec<Arc<str>> = (0..64).map(|n| format!("#{n}{}", "x".repeat(80_000)).into()).collect();
        for text in &texts {
            let prepared = Arc::clone(&prepared);
            documents.get_or_prepare(Arc::clone(text), None, async { Ok(prepared) }).await.unwrap();
        }
        let kept = texts.iter().filter(|text| documents.get(text, None).is_some()).count();
        assert!((1..=64 * 8 * 1024 / 80_000).contains(&kept), "{kept}");
    }

    #[tokio::test]
    async fn large_plans_of_short_documents_take_the_room_of_several() {
        let snapshot = Snapshot { supergraph: supergraph(), fetch: Arc::new(Canned::default()), proof: None };
        let documents = Documents::new(&PlanCache { entries_max: 64, ..PlanCache::default() });
        let fields: String = (0..150).map(|n| format!("a{n}:user(id:1){{...F}}")).collect();
        let planning = Planning { budget: Default::default(), names: Arc::new([]) };
        let texts: Vec<String> =
            (0..64).map(|n| format!("{{{fields}}} fragment F on User {{b{n}:id c:id name score}}")).collect();
        let limits = OperationLimits { aliases_max: 1_000, root_fields_max: 1_000, ..OperationLimits::default() };
        for text in &texts {
            let prepared = prepare(&snapshot.supergraph, text, None, &limits, Default::default()).unwrap();
            let text: Arc<str> = text.as_str().into();
            documents.insert(Arc::clone(&text), Arc::clone(&prepared));
            let decisions = prepared.decisions(&Default::default(), (&snapshot.supergraph, &Draws::default()), None);
            let decisions = decisions.unwrap();
            let plan = plan(&snapshot, &prepared, &decisions, &planning, "").unwrap();
            assert!(plan.memory_bytes() as u64 > 2 * DOCUMENT_BYTES_ASSUMED, "{}", plan.memory_bytes());
            prepared.keep(decisions, plan, 16);
            documents.weigh_again(&text, &prepared);
        }
        let kept = texts.iter().filter(|text| documents.get(text, None).is_some()).count();
        assert!((1..32).contains(&kept), "{kept}");
    }

    /// A text of its own for each number below a million, most of which differ in one character.
    fn near_identical(number: usize) -> String {
        format!("query O {{ a{number:06}: __typename }}")
    }

    #[tokio::test]
    async fn a_million_near_identical_texts_never_share_a_plan() {
        const EACH: usize = 5_000;
        let supergraph = supergraph();
        let documents = Documents::new(&PlanCache::default());
        let mut plans = Vec::new();
        for number in (0..1_000_000).step_by(EACH) {
            let text = near_identical(number);
            let prepared = prepare(&supergraph, &text, Some("O"), &Default::default(), Default::default()).unwrap();
            documents.insert(text.into(), Arc::clone(&prepared));
            plans.push(prepared);
        }
        let mut found = 0;
        for number in 0..1_000_000 {
            let text = near_identical(number);
            let expected = plans.get(number / EACH).filter(|_| number % EACH == 0);
            let served = documents.get(&text, Some("O"));
            found += usize::from(served.is_some());
            assert!(served.is_none_or(|served| expected.is_some_and(|own| Arc::ptr_eq(own, &served))), "{text}");
            // What belongs to the text is not the operation's name, and the other way round.
            assert!(documents.get(&text, None).is_none(), "{text}");
            assert!(documents.get(text.get(1..).unwrap(), Some("qO")).is_none(), "{text}");
        }
        assert_eq!(found, plans.len());
    }
}
