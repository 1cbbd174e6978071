//! An HTTP server in the test's process, which remembers how it was called, and answers as it is told.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// One call.
#[derive(Clone, Debug)]
pub struct Called {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Called {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }
}

/// An HTTP server on a port of its own.
pub struct Receiver {
    port: u16,
    shared: Arc<Mutex<(StatusCode, Vec<Called>)>>,
    task: JoinHandle<()>,
}

type Shared = Arc<Mutex<(StatusCode, Vec<Called>)>>;

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, shared) =
            (listener.local_addr().unwrap().port(), Arc::new(Mutex::new((StatusCode::OK, Vec::new()))));
        let router = Router::new().fallback(receive).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Self { port, shared, task }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn answer(&self, status: u16) {
        self.shared.lock().unwrap().0 = StatusCode::from_u16(status).unwrap();
    }

    pub fn called(&self) -> Vec<Called> {
        self.shared.lock().unwrap().1.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> (StatusCode, HeaderMap) {
    let mut shared = shared.lock().unwrap();
    shared.1.push(Called { headers, body });
    let mut answer = HeaderMap::new();
    answer.insert("location", "http://127.0.0.1:1/elsewhere".parse().unwrap());
    (shared.0, answer)
}
