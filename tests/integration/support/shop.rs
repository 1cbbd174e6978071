//! The shop as users run it: in one process (`dev`), or split into processes over the same databases and keys.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kit::testing::wait_within;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use super::client;
use super::process::{self, Process, listening_url};

/// How long composing what six services tell of themselves may take: a second, and the rest is patience with a loaded machine.
const COMPOSED_WITHIN: Duration = Duration::from_secs(60);

/// Those first whom others ask.
/// In the order in which they are started: those first whom others ask.
const SERVICES: [&str; 6] = ["users", "products", "stock", "payments", "orders", "notifications"];

/// Where it is kept whom orders and payments ask in the split form, below the shop's folder.
const PEERS: &str = "peers.json";

/// The owners of objects that have a global id, as in `schema/supergraph.yaml`.
const NODES: &str = "{ nodes: { Notification: notifications, Order: orders, Page: products, Payment: payments, Product: products, \
        ProductVariant: products, User: users, Webhook: notifications } }";

/// A running `supergraph dev`, over a PostgreSQL beside it.
pub struct Shop {
    /// The platform.
    pub dev: Process,
    /// The seeded customer's token.
    pub customer: String,
    /// The seeded administrator's token.
    pub administrator: String,
    /// Where it keeps its keys.
    pub folder: TempDir,
    /// What services use beside PostgreSQL, as their file has it.
    services: serde_json::Map<String, Value>,
    database_url: String,
    _database: Option<(Process, TempDir)>,
}

/// The same shop in processes of its own: a router, and a process a subgraph.
pub struct Split {
    /// The router.
    pub router: Process,
    services: Vec<(&'static str, Process)>,
}

impl Split {
    /// The router's process and the services'.
    pub fn processes_mut(&mut self) -> impl Iterator<Item = &mut Process> {
        std::iter::once(&mut self.router).chain(self.services.iter_mut().map(|(_, process)| process))
    }

    /// A service's process, and where the catalogue is.
    pub fn service_mut(&mut self, name: &str) -> (&mut Process, String) {
        let catalogue =
            self.services.iter().find(|(name, _)| *name == "products").map(|(_, process)| process.graphql());
        let service = self.services.iter_mut().find(|(known, _)| *known == name);
        (&mut service.expect("a service").1, catalogue.expect("products"))
    }
}

impl Shop {
    /// Starts it with seeded data, over an embedded PostgreSQL.
    pub async fn start(seed: &str) -> Self {
        Self::start_with(seed, Value::Null).await
    }

    /// The same, with other services beside PostgreSQL: keys of the services' file, `bus` or `catalogue`.
    pub async fn start_with(seed: &str, services: Value) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut postgres =
            process::command(&["postgres", "-c", "fsync=off", "-c", "max_connections=400", "--data-dir"]);
        postgres.arg(folder.path());
        let url_line = |printed: &[String]| printed.iter().find(|line| line.starts_with("postgres")).cloned();
        let database = Process::start_until(postgres, url_line).await;
        let mut shop = Self::over(&database.url, seed, services).await;
        shop._database = Some((database, folder));
        shop
    }

    /// The same, over a server that runs.
    pub async fn over(database_url: &str, seed: &str, services: Value) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = dev_command(seed, database_url, folder.path());
        let services = services.as_object().cloned().unwrap_or_default();
        if !services.is_empty() {
            command.arg("--services").arg(services_file(folder.path(), &services));
        }
        let dev = start_dev(command).await;
        let (customer, administrator) = (token(&dev, "customer"), token(&dev, "administrator"));
        let database_url = database_url.to_owned();
        Self { dev, customer, administrator, folder, services, database_url, _database: None }
    }

    /// `dev` once more, over the same databases with the same keys.
    pub fn dev_command(&self, seed: &str) -> Command {
        dev_command(seed, &self.database_url, self.folder.path())
    }

    /// One of its services alone, which tells its schema to the router alone.
    pub fn closed_service(&self, name: &str) -> Command {
        self.service(name, &self.folder.path().join("keys"), "", "127.0.0.1:0")
    }

    /// The token of a caller that an operation names.
    pub fn token(&self, caller: &str) -> Option<&str> {
        match caller {
            "customer" => Some(&self.customer),
            "administrator" => Some(&self.administrator),
            "anonymous" => None,
            other => panic!("no caller {other}"),
        }
    }

    /// The number of SQL statements that all services have executed for requests so far.
    pub async fn statements(&self) -> u64 {
        let answer = client::send(reqwest::Client::new().get(format!("{}/metrics", self.dev.url))).await;
        let is_of_requests =
            |line: &&str| line.starts_with("db_client_statements_total{") && line.contains(".requests\"");
        let samples = answer.text.lines().filter(is_of_requests);
        samples.map(|line| line.rsplit(' ').next().and_then(|n| n.parse::<u64>().ok()).expect("a count")).sum()
    }

    /// Starts the split form over the same databases, with the same keys.
    pub async fn split(&self) -> Split {
        let keys = self.folder.path().join("keys");
        let mut manifest = String::from("subgraphs:\n");
        let mut services = Vec::new();
        let mut catalogue = String::new();
        // Orders and payments ask each other, so whoever is started first has to know where the other one will be. Nobody else gets the
        // port meanwhile.
        let kept = TcpListener::bind("127.0.0.1:0").expect("a port");
        let orders = kept.local_addr().expect("an address").to_string();
        let mut kept = Some(kept);
        let mut peers = json!({ "orders": format!("http://{orders}/") });
        self.keep_peers(&peers);
        for name in SERVICES {
            if name == "orders" {
                drop(kept.take());
            }
            let address = if name == "orders" { orders.as_str() } else { "127.0.0.1:0" };
            let service = Process::start(self.split_service(name, address, &catalogue)).await;
            manifest +=
                &format!("  {name}:\n    routing_url: {0}\n    schema:\n      subgraph_url: {0}\n", service.graphql());
            match name {
                "products" => catalogue = service.graphql(),
                "payments" => {
                    peers["payments"] = json!(service.url);
                    self.keep_peers(&peers);
                }
                _ => {}
            }
            services.push((name, service));
        }
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        manifest += &format!("  nodes:\n    schema: {NODES}\n");
        std::fs::write(path("split.yaml"), manifest).expect("a file");
        // On a loaded machine a service may close the connection before it has answered.
        wait_within(COMPOSED_WITHIN, "the supergraph to be composed", async || {
            let arguments = ["compose", "--config", &path("split.yaml"), "--output", &path("split.graphql")];
            (process::run(&arguments).await.code == 0).then_some(())
        })
        .await;
        // The errors as `dev` tells them.
        let config = format!(
            "errors: {{ messages: pass, subgraph_names: show }}\nidentity:\n  jwt:\n    jwks:\n      - file: {0}/clients.jwks.json\n  signing_key:\n    file: {0}/router.pem\n",
            keys.display()
        );
        std::fs::write(path("router.yaml"), config).expect("a file");
        Split { router: self.router("127.0.0.1:0").await, services }
    }

    fn keep_peers(&self, peers: &Value) {
        std::fs::write(self.folder.path().join(PEERS), peers.to_string()).expect("a file");
    }

    /// The split form's router at an address, once its files are there.
    pub async fn router(&self, address: &str) -> Process {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let (supergraph, config) = (path("split.graphql"), path("router.yaml"));
        let arguments = ["router", "--supergraph", &supergraph, "--config", &config, "--listen", address];
        Process::start_supervised(|| process::command(&arguments)).await
    }

    /// A service of the split form at an address.
    pub fn split_service(&self, name: &str, address: &str, catalogue: &str) -> Command {
        let mut command = self.service(name, &self.folder.path().join("keys"), catalogue, address);
        command.arg("--open-schema");
        command
    }

    /// Where all databases are.
    pub fn databases(&self) -> String {
        self.database_url.clone()
    }

    /// A worker for all services of the split form, over the same databases. Mails go to the folder `split-mails`.
    pub async fn worker(&self, split: &Split) -> Process {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let server = self.database_url.rsplit_once('/').map(|(server, _)| server).expect("a path");
        let users = split.services.iter().find(|(name, _)| *name == "users").map(|(_, process)| &process.url);
        let mut services = self.services.clone();
        let own = [
            ("databases", json!({ "server": server, "pool_size_max": 4 })),
            ("peers", json!({ "users": users.expect("users") })),
            ("payments", json!("test")),
            ("notifications", json!({ "mail_to": { "folder": path("split-mails") } })),
        ];
        services.extend(own.map(|(name, value)| (name.to_owned(), value)));
        let file = services_file(self.folder.path(), &services);
        let key = format!("notifications={}", path("keys/notifications.pem"));
        Process::start_supervised(|| {
            let mut command = process::command(&["worker", "--listen", "127.0.0.1:0", "--signing-key", &key]);
            command.arg("--services").arg(&file);
            command
        })
        .await
    }

    fn service(&self, name: &str, keys: &Path, catalogue: &str, address: &str) -> Command {
        let database =
            self.database_url.rsplit_once('/').map(|(server, _)| format!("{server}/{name}")).expect("a path");
        let key = |file: &str| keys.join(file).display().to_string();
        let mut command = process::command(&["subgraph", name, "--listen", address]);
        command.args(["--database-url", &database, "--trust-router", &key("router.public.pem")]);
        let mut services = self.services.clone();
        if let ("orders" | "payments", Ok(peers)) = (name, std::fs::read_to_string(self.folder.path().join(PEERS))) {
            services.insert("peers".to_owned(), peers.parse().expect("JSON"));
        }
        if name == "payments" {
            services.insert("payments".to_owned(), json!("test"));
        }
        if !services.is_empty() {
            command.arg("--services").arg(services_file(self.folder.path(), &services));
        }
        let callers: &[&str] = match name {
            "products" | "payments" => &["orders"],
            "users" => &["notifications"],
            "orders" => &["payments"],
            _ => &[],
        };
        for caller in callers {
            command.arg("--trust-service").arg(format!("{caller}={}", key(&format!("{caller}.public.pem"))));
        }
        if matches!(name, "orders" | "payments") {
            command.args(["--signing-key", &key(&format!("{name}.pem"))]);
        }
        if name == "orders" {
            command.args(["--catalogue-url", catalogue]);
        }
        command
    }
}

/// Writes a services' file; each content has a name of its own, since processes read theirs again when they are started again.
fn services_file(folder: &Path, services: &serde_json::Map<String, Value>) -> PathBuf {
    let keys: Vec<&str> = services.keys().map(String::as_str).collect();
    let path = folder.join(format!("services-{}.yaml", keys.join("-")));
    std::fs::write(&path, Value::Object(services.clone()).to_string()).expect("a file");
    path
}

fn dev_command(seed: &str, database_url: &str, folder: &Path) -> Command {
    let mut command =
        process::command(&["dev", "--listen", "127.0.0.1:0", "--seed", seed, "--database-url", database_url]);
    command.arg("--data-dir").arg(folder);
    command
}

/// Starts `dev` and waits for its address and both tokens.
pub async fn start_dev(command: Command) -> Process {
    Process::start_until(command, |printed| {
        let tokens = printed.iter().filter(|line| line.contains("Bearer ")).count();
        printed.iter().find_map(|line| listening_url(line)).filter(|_| tokens == 2)
    })
    .await
}

/// The token that `dev` has printed for a caller.
pub fn token(dev: &Process, caller: &str) -> String {
    let mut lines = dev.printed.iter().filter(|line| line.contains(caller));
    lines.find_map(|line| Some(line.split_once("Bearer ")?.1.trim().to_owned())).expect("a token")
}
