//! What checks publish, and whether that is what came.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::{BusError, Delivery, Message};

/// Why a check failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl From<BusError> for Failure {
    fn from(error: BusError) -> Self {
        Self(format!("the bus failed: {error:?}"))
    }
}

/// Fails with a text unless it is so.
pub(super) fn ensure(is_so: bool, otherwise: impl FnOnce() -> String) -> Result<(), Failure> {
    if is_so { Ok(()) } else { Err(Failure(otherwise())) }
}

/// The `number`th message of a key.
pub(super) fn message(key: &str, number: usize) -> Message {
    Message { key: Arc::from(key), text: Arc::from(format!("{{\"number\":{number}}}")) }
}

/// So many messages for each of so many keys, in turns: the first of all keys, then the second.
pub(super) fn messages(keys: usize, each: usize) -> Vec<Message> {
    let of_turn = |number| (0..keys).map(move |key| message(&format!("key-{key}"), number));
    (0..each).flat_map(of_turn).collect()
}

/// What was handed out.
pub(super) fn sent(deliveries: &[Delivery]) -> Vec<Message> {
    deliveries.iter().map(|delivery| delivery.message.clone()).collect()
}

/// Fails unless the same messages came of each key, in the same order.
pub(super) fn compare(came: &[Message], expected: &[Message]) -> Result<(), Failure> {
    let (came, expected) = (by_key(came), by_key(expected));
    for (key, texts) in &came {
        ensure(expected.contains_key(key), || {
            format!("{} messages came of the key {key:?}, of which there are none", texts.len())
        })?;
    }
    for (key, expected) in expected {
        let came = came.get(key).map_or(&[][..], Vec::as_slice);
        let differing = came.iter().zip(&expected).position(|(came, expected)| came != expected);
        let differing = differing.or_else(|| (came.len() != expected.len()).then_some(came.len().min(expected.len())));
        if let Some(at) = differing {
            let shown =
                |texts: &[&str]| texts.get(at).map_or("nothing".to_owned(), |text| text.chars().take(40).collect());
            let (came, expected) = (shown(came), shown(&expected));
            return Err(Failure(format!("of the key {key:?}, at {at}: {came} came where {expected} was expected")));
        }
    }
    Ok(())
}

fn by_key(messages: &[Message]) -> BTreeMap<&str, Vec<&str>> {
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for message in messages {
        texts.entry(&message.key).or_default().push(&message.text);
    }
    texts
}
