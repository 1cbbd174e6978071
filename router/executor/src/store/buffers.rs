//! The bytes of answers, on which leaves stand.

use bytes::Bytes;
use planner::plan::FetchId;

use super::{Full, Leaf, Store};

impl Store<'_> {
    /// Keeps an answer's bytes; its number is what leaves refer to.
    ///
    /// # Errors
    /// If it is too large for spans, or all together are too large.
    pub fn add_buffer(&mut self, bytes: Bytes, fetch: FetchId) -> Result<u32, Full> {
        let total = self.bytes.saturating_add(bytes.len());
        if u32::try_from(bytes.len()).is_err() || total > self.bytes_max {
            return Err(Full);
        }
        self.bytes = total;
        let number = u32::try_from(self.buffers.len()).map_err(|_| Full)?;
        self.buffers.push((bytes, fetch));
        Ok(number)
    }

    /// A number for bytes that are kept already, as far as another fetch takes of them.
    ///
    /// # Errors
    /// If there are too many.
    pub fn share_buffer(&mut self, bytes: &Bytes, fetch: FetchId) -> Result<u32, Full> {
        let number = u32::try_from(self.buffers.len()).map_err(|_| Full)?;
        self.buffers.push((bytes.clone(), fetch));
        Ok(number)
    }

    /// The number of bytes kept: about what the response takes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A leaf's JSON text.
    pub fn text(&self, leaf: Leaf) -> &[u8] {
        let start = leaf.start as usize;
        let bytes = self.buffers.get(leaf.buffer as usize).map(|(bytes, _)| bytes);
        bytes.and_then(|bytes| bytes.get(start..start + leaf.len as usize)).unwrap_or_default()
    }

    /// The fetch that a leaf came from.
    pub fn origin(&self, leaf: Leaf) -> Option<FetchId> {
        self.buffers.get(leaf.buffer as usize).map(|(_, fetch)| *fetch)
    }
}
