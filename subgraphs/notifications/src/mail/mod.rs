//! Mail: what it says, and handing it over.
//!
//! # What "once" means with mail
//!
//! No protocol hands a message over exactly once: when a connection breaks after the last byte, nobody can tell whether the
//! other side has taken the message (RFC 1047 describes it, and RFC 5321, 4.5.3.2.6, asks for patience there because of it).
//! What is done here:
//!
//! 1. A delivery is one row, and one job at a time has it by a lease ([`kit::job`]).
//! 2. All of the conversation that can fail without doubt comes first: connecting, TLS, signing in, sender, recipient, `DATA`. A
//!    failure there is known to have sent nothing, and is tried again.
//! 3. Right before the text goes out, the row becomes `SENDING`, in a transaction that holds the lease: a worker that lost it sends
//!    nothing.
//! 4. The server's answer decides: taken → `SENT`, refused → `BOUNCED` or tried again, as its code says. That is known, too.
//! 5. What remains is a crash, or a broken connection, between 3 and the commit of 4: the row is found `SENDING`. [`InDoubt`]
//!    says what then: [`InDoubt::SendAgain`] loses nothing and may double a mail, [`InDoubt::GiveUp`] the other way round.
//!
//! A mail that is sent again is the same to the byte: its `Message-ID` is made of the delivery's id, and its date and boundaries
//! don't change. So receivers that recognise repetitions by `Message-ID`, as the large ones and the usual mail stores do,
//! show it once. A folder ([`Folder`]) names the file by the delivery, and has it exactly once.

mod compose;
mod folder;
mod smtp;
mod smtp_config;

use futures::future::BoxFuture;
use kit::job::JobError;
use lettre::address::Envelope;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::events::notifications::BounceReason;

pub use compose::{ComposeError, Composer, Form, Letter, MailConfig, MailConfigError};
pub use folder::Folder;
pub use smtp::Smtp;
pub use smtp_config::{Encryption, Secret, SmtpConfig};

/// A mail that is ready to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The delivery's id: what its `Message-ID` is made of.
    pub id: Uuid,
    /// From whom to whom.
    pub envelope: Envelope,
    /// Headers and body, as RFC 5322 writes them.
    pub text: Vec<u8>,
}

/// What is to be done once a mail is about to go out: noted, so that a crash from then on is known to leave doubt.
pub type Note<'a> = BoxFuture<'a, Result<(), JobError>>;

/// Hands mails over.
pub trait Mailer: Send + Sync + 'static {
    /// Hands a mail over. `note` is awaited once, when nothing is left but to send it; if it fails, nothing is sent.
    ///
    /// # Errors
    /// [`MailError`], which says whether it was handed over.
    fn send<'a>(&'a self, mail: &'a Mail, note: Note<'a>) -> BoxFuture<'a, Result<(), MailError>>;
}

/// Why a mail wasn't handed over, or isn't known to be.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It wasn't, and may be later.
    #[error("the mail was not sent: {0}")]
    NotSent(String),
    /// It was refused for good.
    #[error("the mail was refused: {text}")]
    Refused {
        /// Why, for programs.
        reason: BounceReason,
        /// Why, in the server's words.
        text: String,
    },
    /// Nobody knows.
    #[error("the mail may have been sent: {0}")]
    InDoubt(String),
    /// It couldn't be noted that it is about to go out: nothing was sent.
    #[error("the attempt can't be noted")]
    Unnoted(#[source] JobError),
}

/// What to do about a mail that may have been handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InDoubt {
    /// Send it again: at least once. Receivers can tell by its `Message-ID`.
    #[default]
    SendAgain,
    /// Leave it: at most once.
    GiveUp,
}
