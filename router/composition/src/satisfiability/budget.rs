//! How much work one proof may take: counted, never timed, so that equal schemas get equal verdicts.

/// Conditions looked at for each subgraph path allowed. Keys and `@requires` are looked at once per place that may need
/// them; large schemas take about one per path.
const CONDITIONS_A_PATH: usize = 32;

/// What is left.
pub(super) struct Budget {
    paths: usize,
    conditions: usize,
}

impl Budget {
    pub(super) fn new(paths: usize) -> Self {
        Self { paths, conditions: paths.saturating_mul(CONDITIONS_A_PATH) }
    }

    /// Takes some subgraph paths; says whether anything is left.
    pub(super) fn take_paths(&mut self, count: usize) -> bool {
        self.paths = self.paths.saturating_sub(count);
        !self.is_spent()
    }

    /// Takes one condition; says whether anything is left.
    pub(super) fn take_condition(&mut self) -> bool {
        self.conditions = self.conditions.saturating_sub(1);
        !self.is_spent()
    }

    /// Gives up at once: conditions nest more deeply, or a field has more labels, than in any schema in use.
    pub(super) fn exhaust(&mut self) {
        self.conditions = 0;
    }

    pub(super) fn is_spent(&self) -> bool {
        self.paths == 0 || self.conditions == 0
    }
}
