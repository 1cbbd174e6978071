//! Messages of one key come in their order, each once, and as they were sent.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::try_join_all;

use super::super::{Message, Place};
use super::compare::{Failure, ensure, message, messages};
use super::reader::Trial;

pub(super) async fn keys_keep_their_order(trial: Trial<'_>) -> Result<(), Failure> {
    const PRODUCERS: usize = 4;
    const KEYS: usize = 8;
    const EACH: usize = 30;
    let mut reader = trial.open("group").await?;
    let produce = async |producer: usize| {
        let key = |key: usize| format!("producer-{producer}-key-{key}");
        let published: Vec<Message> = (0..KEYS * EACH).map(|at| message(&key(at % KEYS), at / KEYS)).collect();
        // Batches of many sizes, which begin and end anywhere between keys.
        let (mut rest, mut size) = (published.as_slice(), 1);
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at(size.min(rest.len()));
            trial.publish(batch).await?;
            (rest, size) = (behind, size % 13 + 2);
        }
        Ok::<_, Failure>(published)
    };
    let published = try_join_all((0..PRODUCERS).map(produce)).await?;
    reader.expect(&published.concat()).await
}

pub(super) async fn a_thousand_are_published_at_once(trial: Trial<'_>) -> Result<(), Failure> {
    let published = messages(50, 20);
    let mut reader = trial.open("group").await?;
    trial.publish(&published).await?;
    reader.expect(&published).await
}

pub(super) async fn messages_come_as_they_were_sent(trial: Trial<'_>) -> Result<(), Failure> {
    let longest = "\u{1f980}".repeat(super::super::KEY_BYTES_MAX / 4);
    // The first two look alike and are two keys; so do the next three.
    let keys =
        ["\u{e9}", "e\u{301}", "a", "A", " a", "a/b?c#d%20", "\u{448}\u{202e}", "'\"\\;--", "\u{1d11e}", &longest];
    let texts = ["{ \"a\":\t1.50,\n\"a\" : 1e2 }\n", "{\"\\u00e9\\/\":\"\u{e9}\u{1f980}\\u0000\"}", "[]"];
    let of_key = |key: &str| texts.map(|text| Message { key: Arc::from(key), text: Arc::from(text) });
    let published: Vec<Message> = keys.into_iter().flat_map(of_key).collect();
    let mut reader = trial.open("group").await?;
    trial.publish(&published).await?;
    reader.expect(&published).await
}

pub(super) async fn places_grow_and_a_key_stays_in_its_partition(trial: Trial<'_>) -> Result<(), Failure> {
    let published = messages(20, 10);
    let mut reader = trial.open("group").await?;
    trial.publish(&published).await?;
    let (mut last, mut partitions): (HashMap<u16, Place>, HashMap<Arc<str>, u16>) = Default::default();
    for delivery in reader.take(published.len()).await? {
        let place = delivery.place;
        let before = last.insert(place.partition, place);
        ensure(before.is_none_or(|before| before < place), || format!("{place:?} came after {before:?}"))?;
        let key = delivery.message.key;
        let partition = *partitions.entry(Arc::clone(&key)).or_insert(place.partition);
        ensure(partition == place.partition, || format!("{key} was in partition {partition} and is in {place:?}"))?;
    }
    Ok(())
}
