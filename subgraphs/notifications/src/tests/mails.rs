//! Mails: what they say, and what becomes of them when the server fails.

use mail_parser::{MessageParser, MimeHeaders as _};

use super::{
    House,
    mail_server::{Fault, header},
    placed,
};
use crate::mail::InDoubt;

const STATUS: &str = "SELECT status FROM delivery";

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_what_mail_programs_read() {
    let house = House::open().await;
    let user = house.user_with(2, &["EMAIL"], serde_json::json!({ "name": "Zoë <b>Bold</b>\r\nBcc: x@example.org" }));
    house.hear(&placed(user, 7)).await;
    house.work().await;
    let taken = house.mail.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].from, "shop@supergraph.example");
    assert_eq!(taken[0].to, ["user2@example.org"]);

    let mail = MessageParser::default().parse(taken[0].text.as_bytes()).unwrap();
    assert_eq!(mail.subject(), Some("Your order SG-00000007"));
    assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("shop@supergraph.example"));
    let to = mail.to().unwrap().first().unwrap();
    assert_eq!((to.address(), to.name()), (Some("user2@example.org"), Some("Zoë <b>Bold</b>Bcc: x@example.org")));
    assert_eq!(mail.to().unwrap().iter().count(), 1);
    assert!(mail.bcc().is_none() && mail.header("Bcc").is_none());
    let id = house.texts("SELECT id::text FROM delivery").await.remove(0);
    assert_eq!(mail.message_id(), Some(format!("{id}@supergraph.example").as_str()));
    assert!(mail.date().is_some());
    assert_eq!(header(&taken[0].text, "List-Unsubscribe"), "<https://shop.example/settings>");
    assert_eq!(header(&taken[0].text, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&taken[0].text, "Content-Language"), "en");

    // Two forms of the same text, the better one last.
    let root = mail.root_part();
    assert_eq!(root.content_type().unwrap().ctype(), "multipart");
    assert_eq!(root.content_type().unwrap().subtype(), Some("alternative"));
    assert_eq!((mail.text_body_count(), mail.html_body_count(), mail.attachment_count()), (1, 1, 0));
    let kinds: Vec<_> =
        mail.parts.iter().skip(1).map(|part| part.content_type().unwrap().subtype().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["plain", "html"]);
    let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
    assert!(text.contains("Hello Zoë <b>Bold</b>Bcc: x@example.org,"), "{text}");
    assert!(text.contains("Thank you for your order SG-00000007 of 19.99 EUR."), "{text}");
    assert!(html.contains("Hello Zoë &lt;b&gt;Bold&lt;&#x2f;b&gt;"), "{html}");
    assert!(html.contains("<p>Thank you for your order SG-00000007 of 19.99 EUR.</p>"), "{html}");
    assert!(!html.contains("<b>Bold"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_is_in_the_readers_language() {
    let house = House::open().await;
    let user = house.user_with(2, &["EMAIL"], serde_json::json!({ "locale": "de-AT" }));
    house.hear(&placed(user, 7)).await;
    house.work().await;
    let taken = house.mail.taken();
    let mail = MessageParser::default().parse(taken[0].text.as_bytes()).unwrap();
    assert_eq!(mail.subject(), Some("Ihre Bestellung SG-00000007"));
    assert!(mail.body_text(0).unwrap().contains("Vielen Dank für Ihre Bestellung"));
}

/// Whatever goes wrong before the text is sent is known to have sent nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_before_the_text_is_sent_later_and_once() {
    let user = kit::seed::user_id(2);
    let faults = [
        Fault::HangUpAt("CONNECT"),
        Fault::HangUpAt("EHLO"),
        Fault::HangUpAt("MAIL"),
        Fault::HangUpAt("RCPT"),
        Fault::HangUpAt("DATA"),
        Fault::Answer("CONNECT", "554 not for you"),
        Fault::Answer("MAIL", "550 who are you?"),
        Fault::Answer("RCPT", "451 try again"),
        Fault::Answer("DATA", "421 closing"),
        Fault::Answer("TEXT", "452 full"),
    ];
    for (number, faults) in faults.chunks(5).enumerate() {
        let house = House::open().await;
        house.user(2, &["EMAIL"]);
        house.mail.script(faults);
        house.hear(&placed(user, u64::try_from(number).unwrap())).await;
        for (index, fault) in faults.iter().enumerate() {
            house.work().await;
            assert_eq!(house.mail.conversations(), index + 1, "{fault:?}");
            assert_eq!(house.texts(STATUS).await, ["PENDING"], "{fault:?}");
            assert!(house.mail.taken().is_empty(), "{fault:?}");
            let waits = house.count("SELECT count(*) FROM job WHERE state = 'waiting' AND due_at > now()").await;
            assert_eq!(waits, 1, "{fault:?}");
            house.hurry().await;
        }
        house.work().await;
        assert_eq!((house.mail.taken().len(), house.texts(STATUS).await), (1, vec!["SENT".to_owned()]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_bounces_with_its_reason() {
    let house = House::open().await;
    let user = house.user(2, &["EMAIL"]);
    house.mail.script(&[Fault::Answer("RCPT", "550 no such user"), Fault::Answer("TEXT", "554 looks like spam")]);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    house.hear(&placed(user, 8)).await;
    house.work().await;
    let reasons: Vec<_> = house.told().await.into_iter().map(|(name, data)| (name, data["reason"].clone())).collect();
    assert_eq!(reasons, [("bounced".to_owned(), "UNKNOWN_ADDRESS".into()), ("bounced".to_owned(), "REFUSED".into())]);
    assert_eq!(house.texts(STATUS).await, ["BOUNCED", "BOUNCED"]);
}

/// Nor does it become a job that is given up.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_needs_no_server_to_say_so() {
    let house = House::open().await;
    for (number, email) in [(1, "no address"), (2, "v@[127.0.0.1]"), (3, "v@[IPv6:::1]")] {
        let nobody = house.user_with(number, &["EMAIL"], serde_json::json!({ "email": email }));
        house.hear(&placed(nobody, number)).await;
        house.work().await;
        let told = house.told().await;
        assert_eq!(told.last().unwrap().1["reason"], "UNKNOWN_ADDRESS", "{email}");
    }
    assert_eq!(house.mail.conversations(), 0);
    assert_eq!(house.texts(STATUS).await, ["BOUNCED", "BOUNCED", "BOUNCED"]);
    assert_eq!(house.count("SELECT count(*) FROM job WHERE state = 'failed'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_is_given_up_after_hours() {
    let house = House::open().await;
    let user = house.user(2, &["EMAIL"]);
    house.mail.script(&[Fault::HangUpAt("CONNECT"); 20]);
    house.hear(&placed(user, 7)).await;
    for _ in 0..20 {
        house.work().await;
        house.hurry().await;
    }
    assert_eq!(house.mail.conversations(), 9);
    assert_eq!(house.texts(STATUS).await, ["BOUNCED"]);
    assert_eq!(house.told().await[0].1["reason"], "GIVEN_UP");
    assert_eq!(house.count("SELECT count(*) FROM job WHERE finished_at IS NULL").await, 0);
}

/// The answer to the text is lost: nobody knows. What is sent again is the same to the byte.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_in_doubt_is_sent_again_with_the_same_id() {
    for fault in [Fault::TakeAndHangUp, Fault::TakeAndFallSilent, Fault::HangUpAt("TEXT")] {
        let house = House::open().await;
        let user = house.user(2, &["EMAIL"]);
        house.mail.script(&[fault]);
        house.hear(&placed(user, 7)).await;
        house.work().await;
        assert_eq!(house.texts(STATUS).await, ["SENDING"], "{fault:?}");
        house.hurry().await;
        house.work().await;
        assert_eq!(house.texts(STATUS).await, ["SENT"], "{fault:?}");
        let taken = house.mail.taken();
        assert_eq!(house.mail.shown().len(), 1, "{fault:?}");
        assert_eq!(taken.first(), taken.last(), "{fault:?}");
        let delivered = house.told().await.into_iter().filter(|(name, _)| name == "delivered").count();
        assert_eq!(delivered, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_in_doubt_is_left_where_that_is_configured() {
    for (fault, taken) in [(Fault::TakeAndHangUp, 1), (Fault::HangUpAt("TEXT"), 0)] {
        let mut house = House::open().await;
        house.ways.in_doubt = InDoubt::GiveUp;
        let user = house.user(2, &["EMAIL"]);
        house.mail.script(&[fault]);
        house.hear(&placed(user, 7)).await;
        house.work().await;
        house.hurry().await;
        house.work().await;
        assert_eq!((house.texts(STATUS).await, house.mail.taken().len()), (vec!["BOUNCED".to_owned()], taken));
        assert_eq!(house.told().await[0].1["reason"], "GIVEN_UP");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_has_each_mail_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = House::open().await;
    house.ways.mailer = std::sync::Arc::new(crate::mail::Folder::new(folder.path().join("mail")));
    let user = house.user(2, &["EMAIL"]);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    // As a crash between writing and noting would leave it.
    house.execute("UPDATE delivery SET status = 'SENDING', finished_at = NULL").await;
    house
        .execute(
            "UPDATE job SET state = 'waiting', finished_at = NULL, result = NULL WHERE kind = 'notifications.email'",
        )
        .await;
    house.work().await;
    let files: Vec<_> =
        std::fs::read_dir(folder.path().join("mail")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let text = std::fs::read(&files[0]).unwrap();
    let mail = MessageParser::default().parse(&text).unwrap();
    assert_eq!(mail.subject(), Some("Your order SG-00000007"));
}
