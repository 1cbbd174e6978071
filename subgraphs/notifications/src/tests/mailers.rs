//! What every way of handing mails over does: by SMTP, and into a folder.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use kit::job::JobError;
use lettre::address::Envelope;
use uuid::Uuid;

use super::mail_server::{MailServer, header};
use super::smtp;
use crate::mail::{Folder, Mail, MailError, Mailer, Smtp};

/// Where mails arrive.
enum Post {
    Server(MailServer),
    Folder(tempfile::TempDir),
}

impl Post {
    async fn server() -> (Self, Arc<dyn Mailer>) {
        let server = MailServer::start().await;
        let mailer = Smtp::new(smtp(&server));
        (Self::Server(server), Arc::new(mailer))
    }

    async fn folder() -> (Self, Arc<dyn Mailer>) {
        let place = tempfile::tempdir().unwrap();
        let mailer = Folder::new(place.path().join("mails"));
        (Self::Folder(place), Arc::new(mailer))
    }

    /// The texts that have arrived.
    fn arrived(&self) -> Vec<String> {
        match self {
            Self::Server(server) => server.taken().into_iter().map(|taken| taken.text).collect(),
            Self::Folder(place) => {
                let files = std::fs::read_dir(place.path().join("mails")).into_iter().flatten();
                files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
            }
        }
    }
}

fn mail() -> Mail {
    let id = Uuid::now_v7();
    let to = "reader@example.org".parse().unwrap();
    let envelope = Envelope::new(Some("shop@example.org".parse().unwrap()), vec![to]).unwrap();
    // A line that begins with a point has another one on its way.
    let text = format!("Message-ID: <{id}@example.org>\r\nSubject: Order\r\n\r\n.Thank you\r\n..twice\r\n");
    Mail { id, envelope, text: text.into_bytes() }
}

async fn arrives_as_it_was_once_it_is_noted(post: &Post, mailer: &dyn Mailer) {
    let (mail, noted) = (mail(), AtomicU32::new(0));
    let note = Box::pin(async {
        assert!(post.arrived().is_empty(), "noted before it goes out");
        noted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    mailer.send(&mail, note).await.unwrap();
    assert_eq!(noted.load(Ordering::Relaxed), 1);
    // On the way an empty line may come after it.
    let arrived: Vec<String> = post.arrived().iter().map(|text| text.trim_end().to_owned()).collect();
    assert_eq!(arrived, [String::from_utf8(mail.text).unwrap().trim_end()]);
}

async fn goes_nowhere_without_its_note(post: &Post, mailer: &dyn Mailer) {
    let unnoted = mailer.send(&mail(), Box::pin(async { Err(JobError::LeaseLost) })).await;
    assert!(matches!(unnoted, Err(MailError::Unnoted(_))), "{unnoted:?}");
    assert!(post.arrived().is_empty());
}

async fn is_known_again_by_its_id(post: &Post, mailer: &dyn Mailer) {
    let mail = mail();
    for _time in 0..2 {
        mailer.send(&mail, Box::pin(async { Ok(()) })).await.unwrap();
    }
    let mut ids: Vec<String> = post.arrived().iter().map(|text| header(text, "Message-ID")).collect();
    ids.dedup();
    assert_eq!(ids, [format!("<{}@example.org>", mail.id)]);
}

macro_rules! mailer_behaviour_tests {
    ($open:ident: $($story:ident),+) => {
        mod $open {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                let (post, mailer) = super::Post::$open().await;
                super::$story(&post, &*mailer).await;
            })+
        }
    };
}

mailer_behaviour_tests!(server: arrives_as_it_was_once_it_is_noted, goes_nowhere_without_its_note, is_known_again_by_its_id);
mailer_behaviour_tests!(folder: arrives_as_it_was_once_it_is_noted, goes_nowhere_without_its_note, is_known_again_by_its_id);
