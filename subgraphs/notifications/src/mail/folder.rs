//! Mails as files: for `dev`, where nobody is to get any.

use std::path::PathBuf;

use futures::future::BoxFuture;
use tokio::fs;

use super::{Mail, MailError, Mailer, Note};

/// Writes each mail into a folder as `<delivery's id>.eml`. A mail that is written again takes its own place, so there is never a
/// second one, nor half of one.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder; made when the first mail comes.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    async fn write(&self, mail: &Mail) -> std::io::Result<()> {
        fs::create_dir_all(&self.path).await?;
        let (part, whole) = (self.path.join(format!("{}.part", mail.id)), self.path.join(format!("{}.eml", mail.id)));
        fs::write(&part, &mail.text).await?;
        fs::rename(&part, &whole).await
    }
}

impl Mailer for Folder {
    fn send<'a>(&'a self, mail: &'a Mail, note: Note<'a>) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            note.await.map_err(MailError::Unnoted)?;
            self.write(mail).await.map_err(|error| MailError::NotSent(error.to_string()))
        })
    }
}
