//! Why the newest version of the subgraphs isn't served: what composition or a reload says, for the page at `/`.
//!
//! Set by whoever composes; nothing here judges it. Shown only where the page is, since it tells of schemas.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use graphql::json;

/// The newest findings; none while all is well.
#[derive(Debug, Default)]
pub(crate) struct Findings(ArcSwapOption<String>);

impl Findings {
    pub fn set(&self, text: Option<String>) {
        self.0.store(text.map(Arc::new));
    }

    /// The text, empty for none.
    pub fn text(&self) -> Arc<String> {
        self.0.load_full().unwrap_or_default()
    }

    /// What the page asks for now and then: `{"version":…,"findings":…}`, each null for none.
    pub fn state(&self, version: Option<u64>) -> Vec<u8> {
        let mut out = b"{\"version\":".to_vec();
        match version {
            Some(version) => json::write_string(&format!("{version:016x}"), &mut out),
            None => out.extend_from_slice(b"null"),
        }
        out.extend_from_slice(b",\"findings\":");
        match self.0.load().as_deref() {
            Some(text) => json::write_string(text, &mut out),
            None => out.extend_from_slice(b"null"),
        }
        out.push(b'}');
        out
    }
}
