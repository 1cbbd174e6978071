//! What a mail says, to the byte: the same for the same delivery, however often it is made.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use kit::text::in_line;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::Mail;
use crate::{
    domain::{Contact, Kind, Language, notice::Facts},
    texts::{self, Text},
};

/// Texts of one digest; those beyond are counted. What nobody reads to its end needn't be sent.
const DIGEST_TEXTS_MAX: usize = 50;
/// Letters of a user's name in a mail.
const NAME_CHARS_MAX: usize = 100;

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// The shop's name, as it stands below each mail.
    pub shop: String,
    /// The sender: `Shop <shop@example.org>`. Its domain is that of the mails' ids, too.
    pub from: String,
    /// Where users say what they want to be told, if there is such a page. Mail programs offer it as the way to unsubscribe.
    pub preferences_url: Option<Url>,
}

impl Default for MailConfig {
    /// A shop that nobody can answer to, under a name that nobody can own (RFC 2606).
    fn default() -> Self {
        Self {
            shop: "Supergraph".to_owned(),
            from: "Supergraph <shop@supergraph.example>".to_owned(),
            preferences_url: None,
        }
    }
}

/// Why mails can't be written.
#[derive(Debug, thiserror::Error)]
pub enum MailConfigError {
    /// The sender is no address.
    #[error("the sender of mails is no address")]
    From(#[source] lettre::address::AddressError),
}

/// Why a mail can't be written.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The recipient's address is none.
    #[error("the recipient's address is none")]
    Address(#[source] lettre::address::AddressError),
    /// It is one that no message can be addressed to.
    #[error("no message can be addressed to the recipient")]
    Recipient(#[source] lettre::error::Error),
    /// A template fails.
    #[error("a template fails")]
    Template(#[from] minijinja::Error),
    /// It makes no message.
    #[error("it makes no message")]
    Message(#[source] lettre::error::Error),
}

impl ComposeError {
    /// Whether there will never be a mail to this recipient, whatever it says.
    #[must_use]
    pub const fn is_of_recipient(&self) -> bool {
        matches!(self, Self::Address(_) | Self::Recipient(_))
    }

    /// The envelope is read from the headers again: of an address that is none there, such as `v@[127.0.0.1]`, nothing is left.
    fn of_message(error: lettre::error::Error) -> Self {
        match error {
            lettre::error::Error::MissingTo => Self::Recipient(error),
            error => Self::Message(error),
        }
    }
}

/// One mail to be written.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The delivery's id.
    pub id: Uuid,
    /// Its date.
    pub written_at: DateTime<Utc>,
    /// Whether it gathers what came.
    pub form: Form,
    /// What it tells, oldest first.
    pub items: Vec<(Kind, Facts)>,
}

/// Which sort of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// About one thing.
    Single,
    /// About what came since the last one.
    Digest,
}

/// Writes mails.
#[derive(Clone, Debug)]
pub struct Composer {
    shop: String,
    from: Mailbox,
    preferences_url: Option<Url>,
}

/// What the layouts show.
#[derive(Serialize)]
struct Page<'a> {
    language: &'static str,
    subject: &'a str,
    greeting: String,
    texts: &'a [Text],
    is_digest: bool,
    shop: &'a str,
    footer: &'static str,
    preferences_url: Option<&'a str>,
}

impl Composer {
    /// Writes in the name of `config`.
    ///
    /// # Errors
    /// [`MailConfigError`].
    pub fn new(config: &MailConfig) -> Result<Self, MailConfigError> {
        Ok(Self {
            shop: config.shop.clone(),
            from: config.from.parse().map_err(MailConfigError::From)?,
            preferences_url: config.preferences_url.clone(),
        })
    }

    /// The mail.
    ///
    /// # Errors
    /// [`ComposeError`].
    pub fn compose(&self, letter: &Letter, contact: &Contact) -> Result<Mail, ComposeError> {
        let address: Address = contact.email.parse().map_err(ComposeError::Address)?;
        let name = plain(&contact.name);
        let words = words(contact.language);
        let texts = letter.items.iter().take(DIGEST_TEXTS_MAX);
        let mut texts =
            texts.map(|(kind, facts)| texts::text(*kind, contact.language, facts)).collect::<Result<Vec<_>, _>>()?;
        let subject = match (letter.form, texts.first()) {
            (Form::Single, Some(text)) => text.title.clone(),
            _ => format!("{}: {}", self.shop, (words.news)(letter.items.len())),
        };
        if let Some(more) = letter.items.len().checked_sub(DIGEST_TEXTS_MAX).filter(|more| *more > 0) {
            texts.push(Text { title: (words.more)(more), paragraphs: Vec::new() });
        }
        let page = Page {
            language: contact.language.code(),
            subject: &subject,
            greeting: if name.is_empty() { words.hello.to_owned() + "," } else { format!("{} {name},", words.hello) },
            texts: &texts,
            is_digest: letter.form == Form::Digest,
            shop: &self.shop,
            footer: words.footer,
            preferences_url: self.preferences_url.as_ref().map(Url::as_str),
        };
        let (text, html) = (texts::render("mail.txt", &page)?, texts::render("mail.html", &page)?);
        let to = Mailbox::new((!name.is_empty()).then_some(name), address);
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&subject)
            .date(SystemTime::from(letter.written_at))
            .message_id(Some(self.message_id(letter.id)))
            .multipart(
                MultiPart::alternative()
                    .boundary(letter.id.simple().to_string())
                    .singlepart(SinglePart::plain(text))
                    .singlepart(SinglePart::html(html)),
            )
            .map_err(ComposeError::of_message)?;
        for (name, value) in self.raw_headers(contact.language) {
            if let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) {
                message.headers_mut().insert_raw(HeaderValue::new(name, value));
            }
        }
        Ok(Mail { id: letter.id, envelope: message.envelope().clone(), text: message.formatted() })
    }

    fn message_id(&self, id: Uuid) -> String {
        format!("<{id}@{}>", self.from.email.domain())
    }

    /// No program is to answer (RFC 3834), and whoever reads may want no more (RFC 2369).
    fn raw_headers(&self, language: Language) -> impl Iterator<Item = (&'static str, String)> {
        let unsubscribe = self.preferences_url.as_ref().map(|url| ("List-Unsubscribe", format!("<{url}>")));
        let always =
            [("Auto-Submitted", "auto-generated".to_owned()), ("Content-Language", language.code().to_owned())];
        always.into_iter().chain(unsubscribe)
    }
}

/// What every mail says, in one language.
struct Words {
    hello: &'static str,
    footer: &'static str,
    news: fn(usize) -> String,
    more: fn(usize) -> String,
}

fn words(language: Language) -> Words {
    match language {
        Language::English => Words {
            hello: "Hello",
            footer: "You decide what we write to you about.",
            news: |count| if count == 1 { "one piece of news".to_owned() } else { format!("{count} pieces of news") },
            more: |count| format!("And {count} more in the shop"),
        },
        Language::German => Words {
            hello: "Guten Tag",
            footer: "Sie entscheiden, worüber wir Ihnen schreiben.",
            news: |count| if count == 1 { "eine Neuigkeit".to_owned() } else { format!("{count} Neuigkeiten") },
            more: |count| format!("Und {count} weitere im Shop"),
        },
    }
}

/// A name in one line, with a bound.
fn plain(name: &str) -> String {
    in_line(name, NAME_CHARS_MAX).trim().to_owned()
}
