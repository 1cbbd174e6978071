//! An input read as decisions: which text to take, what to do to it. Past its end every decision is the first one.

/// The decisions left.
pub struct Script<'b> {
    left: &'b [u8],
}

impl<'b> Script<'b> {
    /// All of an input.
    pub fn new(input: &'b [u8]) -> Self {
        Self { left: input }
    }

    /// One of a few.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.left.split_first().unwrap_or((&0, &[]));
        self.left = rest;
        *first
    }

    /// An index below a length; 0 if that is 0.
    pub fn index(&mut self, len: usize) -> usize {
        let high = if len > 256 { usize::from(self.byte()) * 256 } else { 0 };
        (high + usize::from(self.byte())) % len.max(1)
    }

    /// One of these; there has to be one.
    pub fn choose<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.index(from.len())]
    }

    /// What is left, as it is.
    pub fn bytes(self) -> &'b [u8] {
        self.left
    }

    /// What is left, as text.
    pub fn text(self) -> String {
        String::from_utf8_lossy(self.left).into_owned()
    }
}
