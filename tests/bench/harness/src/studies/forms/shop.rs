//! The shop in both forms, over one PostgreSQL.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::printing::Printing;
use crate::failure::{Failure, Result, Tried};
use crate::measure::CpuTime;
use crate::measurement::Settings;

/// In the order in which they start: orders asks products for prices.
pub const SERVICES: [&str; 6] = ["users", "products", "stock", "orders", "payments", "notifications"];

/// `supergraph dev` with its data; whatever runs ends with this value.
pub struct Shop {
    /// All in one process.
    pub dev: Form,
    /// An administrator's token.
    pub administrator: String,
    program: PathBuf,
    database_url: String,
    folder: TempDir,
    _database: Printing,
    _database_folder: TempDir,
}

/// One of the forms.
pub struct Form {
    /// How it is called.
    pub name: &'static str,
    /// Where its router listens.
    pub address: SocketAddr,
    /// The router, and the services if they are processes of their own.
    processes: Vec<Printing>,
}

impl Form {
    /// User and system time of all of its processes.
    pub fn cpu_time(&self) -> Result<CpuTime> {
        self.processes.iter().map(Printing::cpu_time).sum()
    }
}

impl Shop {
    /// Starts a database, and all in one process over it.
    pub fn open(settings: &Settings) -> Result<Self> {
        let program = settings.programs.ours.clone();
        let database_folder = tempfile::tempdir().tried("making a folder")?;
        let mut command = Command::new(&program);
        command.args(["postgres", "-c", "fsync=off", "-c", "max_connections=200", "--data-dir"]);
        command.arg(database_folder.path());
        let database = Printing::start(&command, settings.load_core, "postgres")?;
        let database_url = format!("postgres{}", database.told("postgres")?);
        let folder = tempfile::tempdir().tried("making a folder")?;
        let quiet = folder.path().join("quiet.yaml");
        write(&quiet, &json!({ "telemetry": { "logs": { "filter": "warn" } } }).to_string())?;
        let mut command = Command::new(&program);
        command.args(["dev", "--listen", "127.0.0.1:0", "--seed", "small", "--database-url", &database_url]);
        command.arg("--data-dir").arg(folder.path()).arg("--router-config").arg(&quiet);
        let dev = Printing::start(&command, settings.router_core, "listening on")?;
        Ok(Self {
            administrator: administrator(&dev)?,
            dev: Form { name: "one process", address: dev.address()?, processes: vec![dev] },
            program,
            database_url,
            folder,
            _database: database,
            _database_folder: database_folder,
        })
    }

    /// Starts a router and each service beside it, over the same databases with the same keys.
    pub fn split(&self, settings: &Settings) -> Result<Form> {
        let mut services: Vec<Printing> = Vec::new();
        let mut manifest = serde_json::Map::new();
        let mut catalogue = String::new();
        for name in SERVICES {
            let service = Printing::start(&self.service(name, &catalogue)?, settings.router_core, "listening on")?;
            let url = format!("http://{}/graphql", service.address()?);
            manifest.insert(name.into(), json!({ "routing_url": url, "schema": { "subgraph_url": url } }));
            if name == "products" {
                catalogue = url;
            }
            services.push(service);
        }
        let path = |name: &str| self.folder.path().join(name);
        write(&path("split.yaml"), &json!({ "subgraphs": manifest }).to_string())?;
        let mut compose = Command::new(&self.program);
        compose.arg("compose").arg("--config").arg(path("split.yaml")).arg("--output").arg(path("split.graphql"));
        let done = compose.output().tried("composing")?;
        if !done.status.success() {
            return Err(Failure::Program(format!("composing failed: {}", String::from_utf8_lossy(&done.stderr))));
        }
        let configuration = json!({
            "telemetry": { "logs": { "filter": "warn" } },
            "identity": {
                "jwt": { "jwks": [{ "file": path("keys/clients.jwks.json") }] },
                "signing_key": { "file": path("keys/router.pem") },
            },
        });
        write(&path("router.yaml"), &configuration.to_string())?;
        let mut command = Command::new(&self.program);
        command.arg("router").arg("--supergraph").arg(path("split.graphql")).arg("--config").arg(path("router.yaml"));
        command.args(["--listen", "127.0.0.1:0"]);
        let router = Printing::start(&command, settings.router_core, "listening on")?;
        let address = router.address()?;
        services.push(router);
        Ok(Form { name: "split", address, processes: services })
    }

    fn service(&self, name: &str, catalogue: &str) -> Result<Command> {
        let key = |file: &str| self.folder.path().join("keys").join(file);
        let server = self.database_url.rsplit_once('/').map(|(server, _)| server);
        let server = server.ok_or_else(|| Failure::Program("a database's URL without a path".into()))?;
        let mut command = Command::new(&self.program);
        command.args(["subgraph", name, "--listen", "127.0.0.1:0", "--open-schema"]);
        command.args(["--database-url", &format!("{server}/{name}")]);
        command.arg("--trust-router").arg(key("router.public.pem"));
        match name {
            "products" => {
                command.arg("--trust-service").arg(format!("orders={}", key("orders.public.pem").display()));
            }
            "orders" => {
                command.arg("--signing-key").arg(key("orders.pem")).args(["--catalogue-url", catalogue]);
            }
            "payments" => {
                let services = self.folder.path().join("services.yaml");
                write(&services, "payments: test\n")?;
                command.arg("--services").arg(services);
            }
            _ => {}
        }
        Ok(command)
    }
}

/// The token that `dev` prints for an administrator.
fn administrator(dev: &Printing) -> Result<String> {
    let line = dev.lines.iter().find(|line| line.contains("administrator"));
    let token = line.and_then(|line| Some(line.split_once("Bearer ")?.1.trim().to_owned()));
    token.ok_or_else(|| Failure::Program("no token was printed".into()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).tried(format!("writing {}", path.display()))
}
