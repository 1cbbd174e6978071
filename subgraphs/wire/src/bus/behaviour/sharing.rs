//! Consumers of one group share its keys: each key is one consumer's, until that one is gone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{Either, select};
use tokio::time::{Instant, sleep};

use super::super::{Delivery, Message};
use super::compare::{Failure, compare, ensure, messages, sent};
use super::reader::{Reader, Trial};

/// Enough for every partition to have some.
const KEYS: usize = 64;
/// Messages a key.
const EACH: usize = 5;
/// How long a bus that shares out its keys in a while has for it, until it is looked again whether it did.
const PACE: Duration = Duration::from_millis(20);

/// Two consumers of a group, and what each was handed.
struct Pair<'a> {
    readers: [Reader<'a>; 2],
    taken: [Vec<Delivery>; 2],
}

pub(super) async fn consumers_of_a_group_share_the_keys(trial: Trial<'_>) -> Result<(), Failure> {
    let mut pair = Pair::sharing(trial).await?;
    let published = messages(KEYS, EACH);
    trial.publish(&published).await?;
    pair.take(published.len()).await?;
    pair.ensure_each_key_is_ones()?;
    compare(&pair.all(), &published)?;
    ensure(pair.taken.iter().all(|taken| !taken.is_empty()), || "one consumer has all keys".to_owned())
}

pub(super) async fn a_dropped_consumers_keys_go_to_the_other(trial: Trial<'_>) -> Result<(), Failure> {
    let mut pair = Pair::sharing(trial).await?;
    let published = messages(KEYS, EACH);
    trial.publish(&published).await?;
    pair.take(published.len()).await?;
    let Pair { readers: [mut dropped, mut kept], taken: [of_dropped, of_kept] } = pair;
    // Of each key the first two are done with; a key's messages were handed out in their order.
    let mut counts: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    let mut is_done = |delivery: &Delivery| {
        let count = counts.entry(Arc::clone(&delivery.message.key)).or_default();
        *count += 1;
        *count <= 2
    };
    let (done, rest): (Vec<Delivery>, Vec<Delivery>) = of_dropped.into_iter().partition(|delivery| is_done(delivery));
    dropped.acknowledge(&done).await?;
    drop(dropped);
    let more = messages(KEYS, EACH + 2).split_off(KEYS * EACH);
    trial.publish(&more).await?;
    kept.acknowledge(&of_kept).await?;
    kept.expect(&[sent(&rest), more].concat()).await
}

impl<'a> Pair<'a> {
    /// Two consumers, both of which have had messages by now: a bus may take its time to share. Nothing is left to be taken.
    async fn sharing(trial: Trial<'a>) -> Result<Self, Failure> {
        let (first, second) = (trial.open("group").await?, trial.open("group").await?);
        let mut pair = Self { readers: [first, second], taken: Default::default() };
        let (started, mut have_had) = (Instant::now(), [false; 2]);
        while have_had != [true; 2] {
            let patient = started.elapsed() < trial.wait;
            ensure(patient, || format!("after {:?} one consumer still has all keys", trial.wait))?;
            trial.publish(&messages(KEYS, 1)).await?;
            pair.take(KEYS).await?;
            for ((reader, taken), had) in pair.readers.iter_mut().zip(&mut pair.taken).zip(&mut have_had) {
                *had |= !taken.is_empty();
                reader.acknowledge(&std::mem::take(taken)).await?;
            }
            sleep(PACE).await;
        }
        Ok(pair)
    }

    /// Takes so many messages in all, by whichever.
    async fn take(&mut self, count: usize) -> Result<(), Failure> {
        let [first, second] = &mut self.readers;
        let [of_first, of_second] = &mut self.taken;
        let mut is_turned = false;
        while of_first.len() + of_second.len() < count {
            // Each is asked first in turn, so that neither waits for the other to have nothing.
            let (first, second) = (Box::pin(first.next()), Box::pin(second.next()));
            let pair = if is_turned { select(second, first).await } else { select(first, second).await };
            let (taken, is_left) = match pair {
                Either::Left((taken, _)) => (taken?, true),
                Either::Right((taken, _)) => (taken?, false),
            };
            if is_left == is_turned {
                of_second.extend(taken)
            } else {
                of_first.extend(taken)
            }
            is_turned = !is_turned;
        }
        Ok(())
    }

    fn ensure_each_key_is_ones(&self) -> Result<(), Failure> {
        let [first, second] = &self.taken;
        let shared = first.iter().find(|one| second.iter().any(|other| other.message.key == one.message.key));
        shared.map_or(Ok(()), |delivery| Err(Failure::new(format!("both have messages of {}", delivery.message.key))))
    }

    fn all(&self) -> Vec<Message> {
        self.taken.iter().flat_map(|taken| sent(taken)).collect()
    }
}
