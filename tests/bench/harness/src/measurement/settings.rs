//! How measurements are taken, whatever is measured.

use std::time::Duration;

use crate::routers::{Programs, Router};

/// How much is measured, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the routers' programs are.
    pub programs: Programs,
    /// Which of them, in the order of each round.
    pub routers: Vec<Router>,
    /// How often each is measured.
    pub rounds: usize,
    /// How long each time.
    pub duration: Duration,
    /// How long it is asked before that.
    pub warm_up: Duration,
    /// How long the soak takes for each router.
    pub soak: Duration,
    /// The core that the routers run on, one at a time.
    pub router_core: usize,
    /// The core that everything else runs on.
    pub load_core: usize,
}
