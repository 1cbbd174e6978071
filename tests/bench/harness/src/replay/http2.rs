//! Replayed subgraphs over HTTP/2 without TLS, for routers that are told to speak it.

use std::convert::Infallible;
use std::rc::Rc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::Stage;

/// Streams of one connection at the same time.
const STREAMS_MAX: u32 = 10_000;
/// Bytes that a caller may send before it has to wait: large calls must not wait for window updates.
const WINDOW_BYTES: u32 = 16 * 1024 * 1024;

/// Answers calls until the caller ends the connection, or breaks it.
pub async fn serve(stream: TcpStream, stage: Rc<Stage>) {
    let answer = service_fn(|request| answer(request, Rc::clone(&stage)));
    let mut builder = Builder::new(OnThisThread);
    builder.max_concurrent_streams(STREAMS_MAX);
    builder.initial_stream_window_size(WINDOW_BYTES).initial_connection_window_size(WINDOW_BYTES);
    // A broken connection is its caller's loss, and shows in that caller's answers.
    let _ = builder.serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(request: Request<Incoming>, stage: Rc<Stage>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let answer = match request.into_body().collect().await {
        Ok(body) => stage.answer(&path, &body.to_bytes()).await,
        Err(_) => None,
    };
    let mut response = Response::new(Full::new(answer.as_ref().map(super::subgraph::Answer::body).unwrap_or_default()));
    match answer {
        Some(_) => drop(
            response
                .headers_mut()
                .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json")),
        ),
        None => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    Ok(response)
}

/// Runs hyper's tasks where the rest runs: nothing here leaves its thread.
#[derive(Clone, Copy)]
struct OnThisThread;

impl<F: Future<Output: 'static> + 'static> hyper::rt::Executor<F> for OnThisThread {
    fn execute(&self, task: F) {
        tokio::task::spawn_local(task);
    }
}
