//! Listening sockets, and the one line that says where.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::console;
use crate::failure::Failure;

/// Listens on an address; port 0 takes a free one.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::environment(format!("cannot listen on {address}: {error}; choose another address with --listen"))
    })
}

/// Says on stdout that `what` serves; scripts wait for this line. `remark` stands in brackets behind.
pub fn announce(what: &str, listener: &TcpListener, remark: Option<&str>) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(Failure::environment)?;
    let remark = remark.map(|remark| format!(" ({remark})")).unwrap_or_default();
    console::print(&format!("supergraph {what} listening on http://{address}{remark}\n"))
}
