//! Which parts of the response read a request, itself or through the requests that it is followed by.

use std::collections::BTreeSet;

use super::Unnamed;
use super::shape::Response;
use crate::draft::RequestId;
use crate::plan::BlockId;

/// The parts that read something; `None` is the first.
pub type Readers = BTreeSet<Option<BlockId>>;

/// Notes the readers of fetches, which are in the order of their requests. Where nothing is deferred there is nothing
/// to tell apart.
pub fn note(response: &Response, order: &[RequestId], fetches: &mut [Unnamed]) {
    if response.blocks.is_empty() {
        return;
    }
    let later = (0u32..).map(|block| Some(BlockId(block))).zip(&response.needs);
    let parts: Vec<_> = std::iter::once((None, &response.first)).chain(later).collect();
    for (id, fetch) in order.iter().zip(fetches.iter_mut()) {
        let readers = parts.iter().filter(|(_, needs)| needs.contains(id));
        fetch.readers = readers.map(|(part, _)| *part).collect();
    }
    // Producers stand before consumers.
    for index in (0..fetches.len()).rev() {
        let Some(consumer) = fetches.get(index) else { continue };
        let (readers, after) = (consumer.readers.clone(), consumer.after.clone());
        for before in after {
            if let Some(producer) = fetches.get_mut(before) {
                producer.readers.extend(&readers);
            }
        }
    }
}
