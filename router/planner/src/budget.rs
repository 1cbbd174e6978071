//! How much planning one operation may cost. Counted in steps: the same operation gets the same plan on every machine,
//! unless planning is stopped from outside.

use std::fmt;

/// The bounds of planning one operation.
#[derive(Clone, Copy)]
pub struct Budget<'b> {
    /// Selected fields once fragments are spread, aliases included. The largest real operations have some thousands.
    pub selections_max: u64,
    /// How deep selections may nest once fragments are spread, and how many requirements or keys may need one another:
    /// binding and filling walk them recursively.
    pub depth_max: u32,
    /// Steps of making one plan: looking for a way into a subgraph, or weighing a set of subgraphs. A step
    /// takes some microseconds; operations of 10,000 fields take some ten thousand.
    pub steps_max: u64,
    /// Fetches that one plan may have: requests to subgraphs, each counted that is sent along with others.
    pub fetches_max: usize,
    /// Plans that are made, of which the best is taken. The first is always whole; small operations have it in 0.1 ms.
    pub plans_max: u32,
    /// Positions of the response, and selections of requests there, that are held at once: some 500 bytes each.
    pub places_max: usize,
    /// Asked now and then whether to stop, such as at a deadline: then the best plan so far is taken. Planning itself
    /// has no clock.
    pub stop: Option<&'b (dyn Fn() -> bool + Sync + 'b)>,
}

impl Default for Budget<'_> {
    fn default() -> Self {
        Self {
            selections_max: 50_000,
            depth_max: 100,
            steps_max: 500_000,
            fetches_max: 2_000,
            plans_max: 24,
            places_max: 100_000,
            stop: None,
        }
    }
}

impl Budget<'_> {
    /// Whether to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_some_and(|stop| stop())
    }
}

impl fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("selections_max", &self.selections_max)
            .field("depth_max", &self.depth_max)
            .field("steps_max", &self.steps_max)
            .field("fetches_max", &self.fetches_max)
            .field("plans_max", &self.plans_max)
            .field("places_max", &self.places_max)
            .finish_non_exhaustive()
    }
}
