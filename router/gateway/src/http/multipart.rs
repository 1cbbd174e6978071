//! Responses in parts: `multipart/mixed`, each part sent as soon as it is there.
//!
//! The delimiter after a part goes out with it, since clients read a part only once they have seen the next delimiter;
//! the last part and the closing delimiter are one write, since some clients take what follows a gap for another part.

use std::convert::Infallible;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use executor::Form;
use futures::stream::{self, BoxStream, StreamExt};
use http::StatusCode;
use tokio_util::sync::DropGuard;

use super::respond::response;
use super::told::Awaiting;
use crate::pipeline::{Outcome, Reply, is_last};
use crate::refusal::Refusal;

/// What stands before a part of JSON, after the delimiter.
const HEAD: &[u8] = b"\r\ncontent-type: application/json\r\n\r\n";
/// What stands before the first part and after each.
const DELIMITER: &[u8] = b"\r\n--graphql";
/// What makes a delimiter the last one.
const END: &[u8] = b"--\r\n";
/// How the object of a part ends that none follows.
const NO_MORE: &[u8] = b",\"hasNext\":false}";

/// What comes after the first part of a response.
pub(super) struct Rest {
    /// The other parts.
    pub replies: BoxStream<'static, Reply>,
    /// Cancels what is still under way when the response ends, or the client goes.
    #[expect(dead_code, reason = "it is there to be dropped with the rest")]
    pub cancel: DropGuard,
}

/// A response whose first part is there, and others follow.
pub(super) fn several(form: Form, first: &[u8], rest: Rest, account: Awaiting) -> Response {
    let first = [DELIMITER, HEAD, first, DELIMITER].concat();
    let later = stream::unfold(Some((rest, account)), |left| async { Some(next(left?).await) });
    let chunks = stream::once(async { Bytes::from(first) }).chain(later).map(Ok::<_, Infallible>);
    response(StatusCode::OK, content_type(form), Body::from_stream(chunks))
}

/// A response of one part, for clients that accept nothing else.
pub(super) fn single(form: Form, body: &[u8]) -> Response {
    let open = body.strip_suffix(NO_MORE).or(body.strip_suffix(b"}")).unwrap_or(body);
    let chunk = [DELIMITER, HEAD, open, NO_MORE, DELIMITER, END].concat();
    response(StatusCode::OK, content_type(form), chunk.into())
}

/// The body of a response that comes whole after all, from the only part of one.
pub(super) fn from_only_part(body: &[u8]) -> Bytes {
    match body.strip_suffix(NO_MORE) {
        Some(open) => [open, b"}"].concat().into(),
        None => Bytes::copy_from_slice(body),
    }
}

/// The bytes of the next part, and what follows it.
async fn next((mut rest, mut account): (Rest, Awaiting)) -> (Bytes, Option<(Rest, Awaiting)>) {
    let outcome = rest.replies.next().await.map(|Reply { outcome, .. }| outcome);
    let (body, ends) = match &outcome {
        Some(outcome @ Outcome::Part { body, .. }) => {
            account.came(outcome);
            (body.clone(), is_last(outcome))
        }
        Some(Outcome::Executed { .. } | Outcome::Refused(_)) | None => {
            account.broke();
            (broken(account.trace_id()), true)
        }
    };
    if ends {
        account.ends();
    }
    let end = if ends { END } else { b"" };
    ([HEAD, &body, DELIMITER, end].concat().into(), (!ends).then_some((rest, account)))
}

/// The last part of a response that broke off.
fn broken(trace_id: &str) -> Bytes {
    let refusal = Refusal::internal(trace_id).to_body();
    let open = refusal.strip_suffix(b"}").unwrap_or(&refusal);
    [open, NO_MORE].concat().into()
}

fn content_type(form: Form) -> &'static str {
    match form {
        Form::Fragments => "multipart/mixed;boundary=\"graphql\";deferSpec=20220824",
        Form::Fields => "multipart/mixed;boundary=\"graphql\";incrementalSpec=v0.2",
    }
}
