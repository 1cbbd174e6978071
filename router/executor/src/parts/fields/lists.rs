//! The lists of one part, as they are written.

/// See the module: the items of each, with commas between them.
#[derive(Default)]
pub struct Lists {
    /// Fragments that the client is told to wait for.
    pub pending: Vec<u8>,
    /// Pieces.
    pub incremental: Vec<u8>,
    /// Fragments that the client need not wait for any more.
    pub completed: Vec<u8>,
    /// The number of errors in them.
    pub errors: usize,
}

impl Lists {
    /// The bytes of all.
    pub fn bytes(&self) -> usize {
        self.pending.len().saturating_add(self.incremental.len()).saturating_add(self.completed.len())
    }
}

/// Puts a comma after what is there.
pub fn separate(list: &mut Vec<u8>) {
    if !list.is_empty() {
        list.push(b',');
    }
}

/// Writes `,"name":[…]` unless the list is empty.
pub fn write_list(name: &str, list: &[u8], out: &mut Vec<u8>) {
    if !list.is_empty() {
        out.extend_from_slice(format!(",\"{name}\":[").as_bytes());
        out.extend_from_slice(list);
        out.push(b']');
    }
}
