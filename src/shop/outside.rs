//! Who moves the money and who carries the mail, by configuration.

use std::path::PathBuf;
use std::sync::Arc;

use kit::Database;
use notifications::{MailTo, NotificationsConfig};
use payments::provider::PaymentProvider;
use payments::provider::stripe::{StripeConfig, StripeProvider};
use payments::provider::test::TestProvider;
use payments::webhook::Secret;

use super::config::PaymentsConfig;
use crate::failure::{Failure, chain};

/// Signs what the test provider tells us, which never leaves the process.
const TEST_WEBHOOK_SECRET: &str = "whsec_test";

/// Who moves the money.
pub enum Provider {
    /// Nobody, really.
    Test(TestProvider),
    /// Stripe.
    Stripe(Arc<StripeProvider>),
}

impl Provider {
    /// The configured one. A test provider keeps its books in the payments database.
    pub async fn open(config: &PaymentsConfig, database: &Database) -> Result<Self, Failure> {
        match config {
            PaymentsConfig::Test => {
                let provider = TestProvider::open(database.clone()).await;
                provider.map(Self::Test).map_err(|error| Failure::environment(chain(&error)))
            }
            PaymentsConfig::Stripe { url, secret_key, .. } => {
                let config = StripeConfig { url: url.clone(), secret_key: secret_key.expose().to_owned() };
                let provider = StripeProvider::new(config);
                provider
                    .map(|provider| Self::Stripe(Arc::new(provider)))
                    .map_err(|error| Failure::Refused(chain(&error)))
            }
        }
    }

    /// As payments see it.
    pub fn provider(&self) -> Arc<dyn PaymentProvider> {
        match self {
            Self::Test(provider) => Arc::new(provider.clone()),
            Self::Stripe(provider) => Arc::clone(provider) as Arc<dyn PaymentProvider>,
        }
    }
}

/// The secrets by which the provider's webhooks are believed.
pub fn webhook_secrets(config: &PaymentsConfig) -> Vec<Secret> {
    match config {
        PaymentsConfig::Test => vec![Secret::new(TEST_WEBHOOK_SECRET)],
        PaymentsConfig::Stripe { webhook_secrets, .. } => {
            webhook_secrets.iter().map(|secret| Secret::new(secret.expose())).collect()
        }
    }
}

/// Has mails go to files of a folder where nothing else is configured.
pub fn mails_to_files(config: &mut Option<NotificationsConfig>, folder: PathBuf) {
    let in_files = || NotificationsConfig { mail_to: MailTo::Folder(folder), ..NotificationsConfig::default() };
    config.get_or_insert_with(in_files);
}
