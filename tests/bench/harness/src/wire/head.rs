//! The heads of requests and responses: what of them the harness acts on.

use std::ops::Range;

use httparse::{EMPTY_HEADER, Header, Request, Response, Status};

use super::body::Framing;
use crate::failure::{Failure, Result};

/// Headers that a message may have.
const HEADERS_MAX: usize = 64;

/// What a request asks for.
pub(super) struct RequestHead {
    /// Where its target stands.
    pub path: Range<usize>,
    /// Where it ends.
    pub end: usize,
    pub framing: Framing,
}

/// What an answer says of itself.
#[derive(Debug, Clone, Copy)]
pub struct ResponseHead {
    /// Its status.
    pub status: u16,
    /// Whether its body is compressed by gzip.
    pub gzip: bool,
    /// Whether the connection ends with it.
    pub last: bool,
}

/// Reads a request's head, if all of it is there.
pub(super) fn request(bytes: &[u8]) -> Result<Option<RequestHead>> {
    let mut headers = [EMPTY_HEADER; HEADERS_MAX];
    let mut request = Request::new(&mut headers);
    let Status::Complete(end) = request.parse(bytes).map_err(malformed)? else { return Ok(None) };
    let start = request.method.unwrap_or_default().len() + 1;
    let path = start..start + request.path.unwrap_or_default().len();
    let framing = framing(request.headers)?.unwrap_or(Framing::Length(0));
    Ok(Some(RequestHead { path, end, framing }))
}

/// Reads an answer's head, if all of it is there: with where it ends, and how its body does.
pub(super) fn response(bytes: &[u8]) -> Result<Option<(ResponseHead, usize, Framing)>> {
    let mut headers = [EMPTY_HEADER; HEADERS_MAX];
    let mut response = Response::new(&mut headers);
    let Status::Complete(end) = response.parse(bytes).map_err(malformed)? else { return Ok(None) };
    let framing = framing(response.headers)?.ok_or_else(|| Failure::Http("an answer without a length".into()))?;
    let is = |name, wanted: &[u8]| value(response.headers, name).is_some_and(|it| it.eq_ignore_ascii_case(wanted));
    let head = ResponseHead {
        status: response.code.unwrap_or_default(),
        gzip: is("content-encoding", b"gzip"),
        last: is("connection", b"close"),
    };
    Ok(Some((head, end, framing)))
}

fn framing(headers: &[Header<'_>]) -> Result<Option<Framing>> {
    if value(headers, "transfer-encoding").is_some_and(|it| it.eq_ignore_ascii_case(b"chunked")) {
        return Ok(Some(Framing::Chunked));
    }
    let Some(length) = value(headers, "content-length") else { return Ok(None) };
    let length = std::str::from_utf8(length).ok().and_then(|text| text.trim().parse().ok());
    length.map(|length| Some(Framing::Length(length))).ok_or_else(|| Failure::Http("a length that is none".into()))
}

fn value<'h>(headers: &[Header<'h>], name: &str) -> Option<&'h [u8]> {
    headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
}

fn malformed(error: httparse::Error) -> Failure {
    Failure::Http(format!("a malformed head: {error}"))
}
