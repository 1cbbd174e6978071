//! Which mail server, and how.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How to reach the server that takes our mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port: 465 with TLS from the start, 587 with STARTTLS.
    pub port: u16,
    /// How what is said is kept from others.
    pub encryption: Encryption,
    /// As whom to sign in; with a password only.
    pub username: Option<String>,
    /// The password. Never shown.
    pub password: Option<Secret>,
    /// How we introduce ourselves: a name of this machine's that the server may look up.
    pub hello: String,
    /// How long one step of the conversation may take, in milliseconds.
    pub step_timeout_ms: u64,
    /// How long the server may take to say that it has taken a mail, in milliseconds.
    pub taken_timeout_ms: u64,
}

impl Default for SmtpConfig {
    /// Port 465, as RFC 8314 recommends. 30 s a step: RFC 5321 asks for minutes, but whoever takes our mail is near. 5 minutes
    /// for the last answer: who gives up earlier doubles mails (RFC 5321, 4.5.3.2.6, asks for 10).
    fn default() -> Self {
        Self {
            host: "localhost".to_owned(),
            port: 465,
            encryption: Encryption::Tls,
            username: None,
            password: None,
            hello: "localhost".to_owned(),
            step_timeout_ms: 30_000,
            taken_timeout_ms: 300_000,
        }
    }
}

/// How what is said is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// TLS from the start.
    #[default]
    Tls,
    /// TLS after a greeting; a server that doesn't offer it gets nothing.
    Starttls,
    /// Not at all: for a server on the same machine.
    None,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}
