//! Links to objects.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// How long a link opens its object: long enough for a slow line and a second try, too short to be worth passing on.
pub const LINK_LIFE: Duration = Duration::from_secs(10 * 60);

/// What a link is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTerms {
    /// What the file is called for who saves it: letters and digits of ASCII, `-`, `_` and `.`; whatever else is left out.
    file_name: String,
    life: Duration,
}

/// A link to one object, and to nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whoever has this can fetch the object: it is a secret, in no log.
    pub url: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl LinkTerms {
    /// A link for [`LINK_LIFE`] that is saved under this name.
    #[must_use]
    pub fn named(file_name: &str) -> Self {
        let is_allowed = |character: &char| character.is_ascii_alphanumeric() || "-_.".contains(*character);
        Self { file_name: file_name.chars().filter(is_allowed).collect(), life: LINK_LIFE }
    }

    /// The same for another time.
    #[must_use]
    pub fn within(self, life: Duration) -> Self {
        Self { life, ..self }
    }

    /// How long it opens the object.
    #[must_use]
    pub fn life(&self) -> Duration {
        self.life
    }

    /// What the file is called.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// What HTTP says of it: to be saved, never to be shown as a page of ours.
    #[must_use]
    pub fn content_disposition(&self) -> String {
        format!("attachment; filename=\"{}\"", self.file_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_nothing_to_http() {
        let terms = LinkTerms::named("SG-1.pdf\"\r\nSet-Cookie: a=b");
        assert_eq!(terms.content_disposition(), "attachment; filename=\"SG-1.pdfSet-Cookieab\"");
    }
}
