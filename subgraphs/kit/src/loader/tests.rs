use std::sync::{Arc, Mutex};

use futures::future::join_all;

use super::*;
use crate::error::Error;

/// Answers `key + 1`, nothing for multiples of 100, and remembers the batches.
#[derive(Clone, Default)]
struct Successors(Arc<Mutex<Vec<Vec<u32>>>>);

impl Batch<u32, u32> for Successors {
    async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>> {
        self.0.lock().unwrap().push(keys.to_vec());
        tokio::task::yield_now().await;
        if keys.contains(&13) {
            return Err(Error::internal("thirteen"));
        }
        let found = keys.iter().filter(|key| *key % 100 != 0);
        Ok(found.map(|key| (*key, key + 1)).collect())
    }
}

impl Successors {
    fn sizes(&self) -> Vec<usize> {
        self.0.lock().unwrap().iter().map(Vec::len).collect()
    }
}

async fn nested_loaders_load_once_a_level() {
    let batches: [Successors; 4] = Default::default();
    let loaders = batches.clone().map(Loader::new);
    let all = (1_000..1_500).map(|key| {
        let loaders = &loaders;
        async move {
            let mut at = key;
            for loader in loaders {
                at = loader.load(at).await.unwrap().unwrap_or(at);
            }
            at
        }
    });
    assert_eq!(drive(join_all(all)).await.len(), 500);
    let sizes = batches.map(|batch| batch.sizes().len());
    assert_eq!(sizes, [1, 1, 1, 1]);
}

#[tokio::test]
async fn keys_of_nested_loaders_gather_in_one_batch_a_level() {
    nested_loaders_load_once_a_level().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_do_on_any_runtime_and_in_any_task() {
    // Outside of a worker a yield wakes at once.
    nested_loaders_load_once_a_level().await;
    tokio::spawn(nested_loaders_load_once_a_level()).await.unwrap();
}

#[tokio::test]
async fn duplicates_are_asked_for_once_and_remembered() {
    let batch = Successors::default();
    let loader = Loader::new(batch.clone());
    let all = drive(join_all([1, 2, 1, 2, 100].map(|key| loader.load(key)))).await;
    let all: Vec<Option<u32>> = all.into_iter().map(Result::unwrap).collect();
    assert_eq!(all, [Some(2), Some(3), Some(2), Some(3), None]);
    assert_eq!(loader.load(2).await.unwrap(), Some(3));
    assert_eq!(batch.sizes(), [3]);
    loader.clear(2).await;
    assert_eq!(loader.load_many(vec![1, 2, 2, 100]).await.unwrap(), HashMap::from([(1, 2), (2, 3)]));
    assert_eq!(batch.sizes(), [3, 1]);
}

#[tokio::test]
async fn batches_are_bounded() {
    let batch = Successors::default();
    let loader = Loader::new(batch.clone());
    let keys = (1_001..3_501).collect();
    assert_eq!(loader.load_many(keys).await.unwrap().len(), 2_475);
    let mut sizes = batch.sizes();
    sizes.sort_unstable();
    assert_eq!(sizes, [500, 1_000, 1_000]);
}

#[tokio::test]
async fn an_error_reaches_every_key_of_its_batch() {
    let loader = Loader::new(Successors::default());
    let all = drive(join_all([12, 13, 14].map(|key| loader.load(key)))).await;
    assert!(all.iter().all(|result| matches!(result, Err(Error::Internal(_)))));
    assert!(loader.load_many(vec![15, 13]).await.is_err());
    assert_eq!(loader.load(16).await.unwrap(), Some(17));
}

#[tokio::test]
async fn a_key_that_is_given_up_leaves_the_others_waiting_well() {
    let loader = Loader::new(Successors::default());
    let kept = drive(async {
        let mut given_up = Box::pin(loader.load(1));
        let kept = loader.load(2);
        futures::future::poll_immediate(&mut given_up).await;
        drop(given_up);
        kept.await
    });
    assert_eq!(kept.await.unwrap(), Some(3));
}
