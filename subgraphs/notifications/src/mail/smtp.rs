//! Handing mails over by SMTP, one connection a mail.
//!
//! The conversation is led step by step, since what a failure means depends on the step: before the text is sent nothing was
//! handed over; after it, only the server's answer tells.

use std::{future::Future, time::Duration};

use futures::future::BoxFuture;
use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail as MailFrom, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use wire::events::notifications::BounceReason;

use super::{Encryption, Mail, MailError, Mailer, Note, SmtpConfig};

/// How long a good-bye may take: the mail is handed over, and nothing hangs on it.
const GOODBYE: Duration = Duration::from_secs(2);
/// Letters kept of what a server says.
const SAID_CHARS_MAX: usize = 300;

/// A mail server.
#[derive(Clone, Debug)]
pub struct Smtp {
    config: SmtpConfig,
}

impl Smtp {
    /// The server that `config` names. Nothing is tried yet.
    #[must_use]
    pub fn new(config: SmtpConfig) -> Self {
        Self { config }
    }

    /// Everything up to the recipient, and the leave to send the text.
    async fn prepare(&self, mail: &Mail) -> Result<AsyncSmtpConnection, MailError> {
        let mut connection = self.step(self.connect()).await.map_err(ours)?;
        if let (Some(username), Some(password)) = (&self.config.username, &self.config.password) {
            let credentials = Credentials::new(username.clone(), password.expose().to_owned());
            self.step(connection.auth(DEFAULT_MECHANISMS, &credentials)).await.map_err(ours)?;
        }
        let mut parameters = Vec::new();
        if !mail.text.is_ascii() {
            self.require(&connection, Extension::EightBitMime)?;
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        if !addresses(mail).all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
            self.require(&connection, Extension::SmtpUtfEight)?;
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let from = MailFrom::new(mail.envelope.from().cloned(), parameters);
        self.step(connection.command(from)).await.map_err(ours)?;
        for to in mail.envelope.to() {
            let to = self.step(connection.command(Rcpt::new(to.clone(), Vec::new()))).await;
            to.map_err(of_recipient)?;
        }
        self.step(connection.command(Data)).await?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let SmtpConfig { host, port, encryption, .. } = &self.config;
        let hello = ClientId::Domain(self.config.hello.clone());
        let tls = match encryption {
            Encryption::None => None,
            Encryption::Tls | Encryption::Starttls => Some(TlsParameters::new(host.clone())?),
        };
        let (from_start, later) = if *encryption == Encryption::Tls { (tls, None) } else { (None, tls) };
        let server = (host.as_str(), *port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, None, &hello, from_start, None).await?;
        if let Some(tls) = later {
            // Refuses by itself where the server doesn't offer it.
            connection.starttls(tls, &hello).await?;
        }
        Ok(connection)
    }

    /// One step of the conversation, within its time.
    async fn step<T>(&self, step: impl Future<Output = Result<T, Error>>) -> Result<T, MailError> {
        let within = Duration::from_millis(self.config.step_timeout_ms);
        match tokio::time::timeout(within, step).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) if error.is_permanent() => {
                Err(MailError::Refused { reason: BounceReason::Refused, text: said(&error) })
            }
            Ok(Err(error)) => Err(MailError::NotSent(said(&error))),
            Err(_) => Err(MailError::NotSent(format!("the mail server says nothing for {within:?}"))),
        }
    }

    fn require(&self, connection: &AsyncSmtpConnection, extension: Extension) -> Result<(), MailError> {
        if connection.server_info().supports_feature(extension) {
            return Ok(());
        }
        let text = format!("the mail server lacks {extension}");
        Err(MailError::Refused { reason: BounceReason::Refused, text })
    }
}

impl Mailer for Smtp {
    fn send<'a>(&'a self, mail: &'a Mail, note: Note<'a>) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            let mut connection = self.prepare(mail).await?;
            // Who doesn't go on from here leaves a conversation without a text: the server has nothing.
            note.await.map_err(MailError::Unnoted)?;
            let within = Duration::from_millis(self.config.taken_timeout_ms);
            let taken = match tokio::time::timeout(within, connection.message(&mail.text)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) if error.is_permanent() => {
                    Err(MailError::Refused { reason: BounceReason::Refused, text: said(&error) })
                }
                Ok(Err(error)) if error.is_transient() => Err(MailError::NotSent(said(&error))),
                Ok(Err(error)) => Err(MailError::InDoubt(said(&error))),
                Err(_) => Err(MailError::InDoubt(format!("the mail server says nothing for {within:?}"))),
            };
            drop(tokio::time::timeout(GOODBYE, connection.quit()).await);
            taken
        })
    }
}

/// Whom it is from and to.
fn addresses(mail: &Mail) -> impl Iterator<Item = &Address> {
    mail.envelope.from().into_iter().chain(mail.envelope.to())
}

/// What is refused before there is a recipient (our address, our password, ourselves) is no fault of this mail's, and for us to
/// mend: it waits as long.
fn ours(error: MailError) -> MailError {
    match error {
        MailError::Refused { text, .. } => MailError::NotSent(text),
        error => error,
    }
}

/// What is refused at the recipient is the recipient's address.
fn of_recipient(error: MailError) -> MailError {
    match error {
        MailError::Refused { text, .. } => MailError::Refused { reason: BounceReason::UnknownAddress, text },
        error => error,
    }
}

/// What a server said, with all causes, within a bound.
fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text.chars().filter(|character| !character.is_control()).take(SAID_CHARS_MAX).collect()
}
