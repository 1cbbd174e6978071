//! What goes with one call over the border: what its caller says to have written, and what its answer says that it has written.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wire::read_after::ReadAfter;

/// One call's; cheap to clone. The caller's text stays as it came: each service reads its own part of it.
#[derive(Clone, Debug, Default)]
pub struct Handed(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    by_caller: Option<String>,
    to_caller: Mutex<ReadAfter>,
}

impl Handed {
    /// Of a call with this text in [`wire::read_after::READ_AFTER_HEADER`].
    #[must_use]
    pub fn by_caller(text: Option<&str>) -> Self {
        Self(Arc::new(Inner { by_caller: text.map(str::to_owned), to_caller: Mutex::default() }))
    }

    /// What the caller says.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.by_caller.as_deref()
    }

    /// Goes to the caller, with all else that does.
    pub(super) fn hand(&self, written: &ReadAfter) {
        self.to_caller().merge(written);
    }

    /// What goes to the caller; none if nothing was written.
    #[must_use]
    pub fn answer(&self) -> Option<String> {
        let written = self.to_caller();
        (!written.is_empty()).then(|| written.to_string())
    }

    fn to_caller(&self) -> MutexGuard<'_, ReadAfter> {
        self.0.to_caller.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
