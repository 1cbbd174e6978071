//! Why a provider didn't answer what was asked.

/// Why there is no answer. None of these says that nothing happened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// No answer, or none in time, or one that says to come again: what was asked may have been done. Ask again under the same key.
    #[error("the provider gives no answer: {0}")]
    Unavailable(String),
    /// It has begun and isn't finished.
    #[error("the provider hasn't finished")]
    Unfinished,
    /// The question isn't understood, or not allowed: asking again changes nothing before somebody has mended it.
    #[error("the provider refuses the question: {code}: {message}")]
    Rejected {
        /// The provider's code.
        code: String,
        /// In its words.
        message: String,
    },
    /// The answer isn't what its documentation says.
    #[error("the provider's answer can't be read: {0}")]
    Unreadable(String),
}

impl ProviderError {
    /// Whether asking again may help without anybody doing something.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Unfinished)
    }
}
