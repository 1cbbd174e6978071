//! How users are told: by which mail server, push gateway and rules for webhooks.

use std::{path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    Clock, Ways,
    contacts::Contacts,
    mail::{Composer, Folder, InDoubt, MailConfig, MailConfigError, Mailer, Smtp, SmtpConfig},
    push::{HttpPush, PushConfig, PushSender},
    webhook::{WebhookCaller, WebhookConfig, guard::SystemLookup},
};

/// The service's configuration. Shown without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationsConfig {
    /// In whose name mails are written.
    pub mail: MailConfig,
    /// Who takes them.
    pub mail_to: MailTo,
    /// What to do about a mail that may have been handed over: [`crate::mail`] says what that means.
    pub in_doubt: InDoubt,
    /// How users' own programs are called.
    pub webhooks: WebhookConfig,
    /// Who pushes; nobody if it isn't given.
    pub push: Option<PushConfig>,
}

/// Who takes mails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTo {
    /// A mail server.
    Smtp(SmtpConfig),
    /// A folder, as `.eml` files: for development.
    Folder(PathBuf),
}

impl Default for MailTo {
    fn default() -> Self {
        Self::Smtp(SmtpConfig::default())
    }
}

/// Why users can't be told as configured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Mails can't be written.
    #[error("mails can't be written")]
    Mail(#[from] MailConfigError),
    /// No HTTP client can be made, for want of root certificates.
    #[error("webhooks and push can't be called")]
    Http(#[from] reqwest::Error),
}

impl Ways {
    /// The ways that `config` describes, for users whose wishes `contacts` knows. Nothing is tried yet.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(config: &NotificationsConfig, contacts: Arc<dyn Contacts>) -> Result<Self, ConfigError> {
        let mailer: Arc<dyn Mailer> = match &config.mail_to {
            MailTo::Smtp(smtp) => Arc::new(Smtp::new(smtp.clone())),
            MailTo::Folder(path) => Arc::new(Folder::new(path)),
        };
        let push = match &config.push {
            Some(push) => Some(Arc::new(HttpPush::new(push.clone())?) as Arc<dyn PushSender>),
            None => None,
        };
        Ok(Self {
            contacts,
            composer: Composer::new(&config.mail)?,
            mailer,
            in_doubt: config.in_doubt,
            webhooks: WebhookCaller::new(config.webhooks, Arc::new(SystemLookup))?,
            push,
            clock: Clock::system(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_documented_and_shows_no_secret() {
        let config: NotificationsConfig = serde_json::from_str(
            r#"{
                "mail": { "shop": "Shop", "from": "Shop <shop@example.org>" },
                "mail_to": { "smtp": { "host": "mail.example.org", "username": "shop", "password": "hidden" } },
                "in_doubt": "give_up",
                "webhooks": { "timeout_ms": 1000 },
                "push": { "endpoint": "https://push.example.org/send", "token": "hidden" }
            }"#,
        )
        .unwrap();
        assert_eq!((config.in_doubt, config.webhooks.private_addresses), (InDoubt::GiveUp, false));
        assert!(!format!("{config:?}").contains("hidden"));
        let folder: NotificationsConfig = serde_json::from_str(r#"{ "mail_to": { "folder": "mail" } }"#).unwrap();
        assert_eq!(folder.mail_to, MailTo::Folder("mail".into()));
        assert!(serde_json::from_str::<NotificationsConfig>(r#"{ "mails": {} }"#).is_err());
    }
}
