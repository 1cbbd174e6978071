//! How much planning one operation may cost. Counted in steps, not in time: planning has no clock, and the same
//! operation gets the same plan on every machine.

/// The bounds of planning one operation.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Selected fields once fragments are spread, aliases included. The largest real operations have some thousands.
    pub selections_max: u64,
    /// How deep selections may nest once fragments are spread: binding and filling walk them recursively.
    pub depth_max: u32,
    /// Steps of the search for fetches: looking for a way into a subgraph, or weighing a set of subgraphs. A step
    /// takes some microseconds; operations of 10,000 fields take some ten thousand.
    pub steps_max: u64,
    /// Requests to subgraphs that one plan may have.
    pub fetches_max: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { selections_max: 50_000, depth_max: 100, steps_max: 500_000, fetches_max: 2_000 }
    }
}
