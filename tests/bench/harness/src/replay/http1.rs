//! Replayed subgraphs over HTTP/1.1: what routers speak to subgraphs unless told otherwise.

use std::rc::Rc;

use tokio::net::TcpStream;

use super::{Stage, whole};
use crate::wire::Wire;

/// Answers calls until the caller ends the connection, or breaks it.
pub async fn serve(stream: TcpStream, stage: Rc<Stage>) {
    let mut wire = Wire::new(stream);
    let fault = whole("500 Internal Server Error", b"");
    while let Ok(Some((path, body))) = wire.request().await {
        let answer = stage.answer(path, body).await;
        let message = answer.as_ref().map_or(&*fault, |answer| answer.message());
        if wire.send(message).await.is_err() {
            return;
        }
    }
}
