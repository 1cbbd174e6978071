//! What routers are asked: each workload says over which supergraph, by which clients, and how its subgraphs behave.

mod bench;
mod graph;
mod synthetic;
mod upstream;
mod variant;

pub use graph::Graph;
pub use synthetic::{MORE_MAX, of_fetches, of_size};
pub use upstream::Upstream;
pub use variant::VARIANTS;

use serde_json::Value;

use crate::load::{Connections, Equality};
use crate::replay::Manner;
use crate::routers::{Sharing, SubgraphHttp};

/// Clients at the same time, unless a workload says otherwise.
pub const CLIENTS: usize = 50;

/// One of the things that are measured.
pub struct Workload {
    /// Its name on the command line and in files.
    pub name: String,
    /// What it is, for tables.
    pub title: String,
    /// Over which supergraph.
    pub graph: Graph,
    /// What is asked, in turn: bodies of POST requests.
    pub operations: Vec<Operation>,
    /// How many clients ask at the same time.
    pub clients: usize,
    /// How clients use connections.
    pub connections: Connections,
    /// Whether clients take compressed answers.
    pub encoding: Encoding,
    /// What of answers has to be the same.
    pub equality: Equality,
    /// What the routers may share.
    pub sharing: Sharing,
    /// How routers speak to subgraphs.
    pub subgraph_http: SubgraphHttp,
    /// A subgraph that behaves in a way of its own.
    pub manner: Option<(&'static str, Manner)>,
}

/// A request's body.
pub struct Operation {
    /// The JSON text.
    pub body: String,
    /// The data that the answer has to have, where that is known otherwise than by asking several routers.
    pub data: Option<Value>,
}

/// Which answers clients take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As they are.
    Plain,
    /// Compressed.
    Gzip,
}

/// All of them, in the order of the report.
pub fn all() -> Vec<Workload> {
    bench::workloads().into_iter().chain(synthetic::workloads()).collect()
}

/// The bench query alone: what studies are about.
pub fn bench_query() -> Workload {
    Workload::plain("bench", "The bench query", Graph::Bench, vec![bench::query()])
}

/// All operations over the bench's supergraph together, for a long time.
pub fn mixed() -> Workload {
    Workload::plain("soak", "A thousand operations and more", Graph::Bench, bench::all_operations())
}

impl Workload {
    /// Plain and kept connections, nothing shared, HTTP/1.1, prompt subgraphs.
    fn plain(name: &str, title: &str, graph: Graph, operations: Vec<Operation>) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            graph,
            operations,
            clients: CLIENTS,
            connections: Connections::Kept,
            encoding: Encoding::Plain,
            equality: Equality::Whole,
            sharing: Sharing::Off,
            subgraph_http: SubgraphHttp::One,
            manner: None,
        }
    }

    /// Whether answers lack what a subgraph would have said.
    pub fn is_faulty(&self) -> bool {
        self.equality == Equality::DataAndErrors
    }
}

impl Operation {
    /// A query without variables.
    fn query(text: &str) -> Self {
        Self { body: serde_json::json!({ "query": text }).to_string(), data: None }
    }
}
