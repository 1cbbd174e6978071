//! Listening sockets, and the one line that says where.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

use crate::console;
use crate::failure::Failure;

/// Connections that wait for being accepted; the system may keep fewer.
const BACKLOG: u32 = 1024;

/// An address that is taken and not yet listened on: whoever connects is refused rather than kept waiting.
#[derive(Debug)]
pub struct Reserved {
    socket: TcpSocket,
    address: SocketAddr,
}

/// Takes an address; port 0 takes a free one.
pub fn reserve(address: SocketAddr) -> Result<Reserved, Failure> {
    let reserve = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restart mustn't wait for the last run's closed connections.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(socket)
    };
    reserve().map(|socket| Reserved { socket, address }).map_err(|error| refused(address, &error))
}

impl Reserved {
    /// Listens from now on.
    pub fn listen(self) -> Result<TcpListener, Failure> {
        self.socket.listen(BACKLOG).map_err(|error| refused(self.address, &error))
    }
}

/// Listens on an address; port 0 takes a free one.
pub fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    reserve(address)?.listen()
}

fn refused(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::environment(format!("cannot listen on {address}: {error}; choose another address with --listen"))
}

/// Says on stdout that `what` serves; scripts wait for this line. `remark` stands in brackets behind.
pub fn announce(what: &str, listener: &TcpListener, remark: Option<&str>) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(Failure::environment)?;
    let remark = remark.map(|remark| format!(" ({remark})")).unwrap_or_default();
    console::print(&format!("supergraph {what} listening on http://{address}{remark}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reserved_address_refuses_until_it_listens_and_is_taken_then() {
        let reserved = reserve(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = reserved.socket.local_addr().unwrap();
        assert!(tokio::net::TcpStream::connect(address).await.is_err());
        let _listener = reserved.listen().unwrap();
        tokio::net::TcpStream::connect(address).await.unwrap();
        let refused = bind(address).unwrap_err().to_string();
        assert!(refused.contains(&address.to_string()) && refused.contains("--listen"), "{refused}");
    }
}
