//! Other conditions for any workload: `small+shared-calls` on the command line.

use super::{Encoding, Workload};
use crate::load::Connections;
use crate::routers::{Sharing, SubgraphHttp};

/// Their names, in the order in which they are told.
pub const VARIANTS: [&str; 5] = ["shared-calls", "shared-requests", "new-connections", "http2", "gzip"];

impl Workload {
    /// Under another condition; none if there is none of that name.
    pub fn varied(self, variant: &str) -> Option<Self> {
        let name = format!("{}+{variant}", self.name);
        let (varied, title) = match variant {
            "shared-calls" => (Self { sharing: Sharing::Calls, ..self }, "identical subgraph calls shared"),
            "shared-requests" => (Self { sharing: Sharing::Requests, ..self }, "identical client requests shared"),
            "new-connections" => (Self { connections: Connections::New, ..self }, "a new connection each time"),
            "http2" => (Self { subgraph_http: SubgraphHttp::Two, ..self }, "HTTP/2 to subgraphs"),
            "gzip" => (Self { encoding: Encoding::Gzip, ..self }, "answers compressed by gzip"),
            _ => return None,
        };
        let title = format!("{}, {title}", varied.title);
        Some(Self { name, title, ..varied })
    }
}
