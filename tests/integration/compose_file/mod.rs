//! What is deployed by `compose.yml` is proven without a container engine: its files fit each other and the program. Each check is proven
//! by bent copies.

mod deployment;
mod form;
mod ports;
mod program;
mod secrets;

use serde_json::{Value, json};

use crate::support::process;
use deployment::Deployment;
use program::Program;

/// What is wrong about a deployment, but for what the program says of the router's file.
fn findings(deployment: &Deployment, program: &Program) -> Vec<String> {
    [
        form::schema(deployment),
        form::images(deployment),
        form::build_context(deployment),
        form::bounds(deployment),
        secrets::variables(deployment),
        secrets::plain_text(deployment),
        program::command_lines(deployment, program),
        program::variables(deployment, program),
        program::key_files(deployment),
        ports::ports(deployment),
        ports::published(deployment),
        ports::subgraphs(deployment),
    ]
    .concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_fit_each_other_and_the_program() {
    let found = findings(&Deployment::read(), &Program::ask().await);
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_bent_is_found() {
    let (deployment, program) = (Deployment::read(), Program::ask().await);
    let mut unfound = Vec::new();
    let mut look = |bent: &Deployment, where_it_is: &str, says: &str| {
        let found = findings(bent, &program);
        if !found.iter().any(|finding| finding.contains(says)) {
            unfound.push(format!("{where_it_is}: {says:?} isn't among {found:?}"));
        }
    };
    for (file, pointer, value, says) in bends() {
        let mut bent = deployment.clone();
        let document = match file {
            File::Compose => &mut bent.compose,
            File::Services => &mut bent.services_file,
            File::Router => &mut bent.router,
        };
        put(document, pointer, value);
        look(&bent, pointer, says);
    }
    for (file, old, new, says) in TEXT_BENDS {
        let mut bent = deployment.clone();
        let text = match file {
            Text::EnvExample => &mut bent.env_example,
            Text::ShareKeys => &mut bent.share_keys,
            Text::Dockerfile => &mut bent.dockerfile,
            Text::Dockerignore => &mut bent.dockerignore,
        };
        assert!(text.contains(old), "{old:?}");
        *text = text.replace(old, new);
        look(&bent, old, says);
    }
    assert!(unfound.is_empty(), "{unfound:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_takes_the_routers_file_and_no_bent_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut document = Deployment::read().router;
    for (value, is_taken) in [(Value::Null, true), (json!(true), false)] {
        put(&mut document, "/identity/signing_keys", value);
        let path = folder.path().join("router.yaml");
        std::fs::write(&path, document.to_string()).expect("a file");
        let finished = process::run(&["config", "validate", &path.display().to_string()]).await;
        assert_eq!(finished.code == 0, is_taken, "{finished:?}");
    }
}

#[derive(Clone, Copy)]
enum File {
    Compose,
    Services,
    Router,
}

enum Text {
    EnvExample,
    ShareKeys,
    Dockerfile,
    Dockerignore,
}

/// Where a secret is set.
const PASSWORD: &str = "/services/postgres/environment/POSTGRES_PASSWORD";

/// A file, where in it, what is put there (null removes), and what is found then.
fn bends() -> Vec<(File, &'static str, Value, &'static str)> {
    use File::{Compose, Router, Services};
    vec![
        (Compose, "/services/mail/images", json!("mail"), "schema: /services/mail"),
        (Compose, "/services/mail/healthcheck/interval", json!(5), "schema: /services/mail/healthcheck"),
        (Compose, "/services/postgres/image", json!("postgres"), "postgres isn't pinned"),
        (Compose, "/services/postgres/image", json!("postgres:latest"), "postgres:latest isn't pinned"),
        (Compose, "/services/pulsar/image", json!("apachepulsar/pulsar:4.0"), "pulsar:4.0 isn't pinned"),
        (Compose, "/services/worker/image", json!("supergraph:9.9.9"), "isn't of this version"),
        (Compose, "/services/mail/healthcheck", Value::Null, "mail: no health check"),
        (Compose, "/services/users/healthcheck", Value::Null, "users: no health check"),
        (Compose, "/services/router/deploy/resources/limits/memory", Value::Null, "router: no limit on memory"),
        (Compose, "/services/seed/deploy/resources/limits/cpus", Value::Null, "seed: no limit on cpus"),
        (
            Compose,
            "/services/users/depends_on/seed/condition",
            json!("service_started"),
            "users: seed should be waited",
        ),
        (Compose, "/services/users/depends_on/mongo", json!({ "condition": "service_healthy" }), "users: mongo should"),
        (Compose, "/volumes/pulsar", Value::Null, "pulsar: there is no volume pulsar"),
        (Compose, PASSWORD, json!("x"), "POSTGRES_PASSWORD holds a secret"),
        (Compose, PASSWORD, json!("${POSTGRES_PASSWORD}"), "may be left out"),
        (Compose, PASSWORD, json!("${POSTGRES_PASSWORD:-x}"), "may be left out"),
        (Compose, PASSWORD, json!("$POSTGRES_PASSWORD"), "stands without braces"),
        (Compose, PASSWORD, json!("${OTHER:?set it}"), "env.example names"),
        (
            Compose,
            "/services/users/environment/DATABASE_SERVER",
            json!("postgres://a:x@postgres:5432"),
            "DATABASE_SERVER holds a secret",
        ),
        (Services, "/databases/server", json!("postgres://a:x@postgres:5432"), "services.yaml: server holds a secret"),
        (
            Compose,
            "/services/worker/environment/DATABASE_SERVER",
            Value::Null,
            "worker: services.yaml wants DATABASE_SERVER",
        ),
        (Services, "/databases/server", json!("${env.ELSEWHERE}"), "users: services.yaml wants ELSEWHERE"),
        (
            Compose,
            "/services/users/environment/SUPERGRAPH_SERVICES",
            json!("/etc/x"),
            "users: SUPERGRAPH_SERVICES isn't",
        ),
        (Compose, "/services/users/environment/SUPERGRAPH_TRUST", json!("x"), "users: nobody reads SUPERGRAPH_TRUST"),
        (
            Compose,
            "/services/router/environment",
            json!({ "DATABASE_SERVER": "x" }),
            "router: nobody reads DATABASE_SERVER",
        ),
        (Compose, "/services/worker/environment/SUPERGRAPH_TRUST_ROUTER", json!("x"), "worker: nobody reads"),
        (Compose, "/services/users/command/0", json!("subgraphs"), "users: there is no command subgraphs"),
        (Compose, "/services/users/command/1", json!("people"), "users: subgraph knows no people"),
        (Compose, "/services/users/command/4", json!("--skip"), "users: subgraph knows no --skip"),
        (Compose, "/services/seed/command/1", json!("${SUPERGRAPH_SEED:-huge}"), "seed: seed knows no"),
        (Compose, "/services/users/healthcheck/test/1", json!("curl"), "users: curl isn't in its image"),
        (Compose, "/services/users/healthcheck/test/2", json!("healthy"), "users: there is no command healthy"),
        (Compose, "/services/orders/volumes/1", Value::Null, "orders: /keys/orders isn't mounted"),
        (Compose, "/services/payments/volumes/1", Value::Null, "payments: /keys/payments isn't mounted"),
        (Router, "/identity/signing_key/file", json!("/keys/router/x.pem"), "router: nobody puts /keys/router/x.pem"),
        (Compose, "/services/users/command/3", json!("127.0.0.1:4001"), "users: listens where nobody reaches it"),
        (Compose, "/services/users/command/3", json!("0.0.0.0:4002"), "users doesn't listen on 4001"),
        (
            Compose,
            "/services/users/healthcheck/test/3",
            json!("http://127.0.0.1:4002/"),
            "users: users doesn't listen on 4002",
        ),
        (Compose, "/services/postgres/healthcheck/test/5", json!("5433"), "postgres: postgres doesn't listen on 5433"),
        (Compose, "/services/router/ports/0", json!("127.0.0.1:4000:4001"), "router: router doesn't listen on 4001"),
        (
            Compose,
            "/services/objects/ports/0",
            json!("127.0.0.1:7071:7070"),
            "there is no service behind 127.0.0.1:7070",
        ),
        (Services, "/objects/s3/secret_access_key", json!("x"), "secret_access_key holds a secret"),
        (Compose, "/services/router/ports/0", json!("4000:4000"), "router: 4000:4000 is reached from outside"),
        (
            Compose,
            "/services/seed/environment/DATABASE_SERVER",
            json!("postgres://postgres:5433"),
            "postgres doesn't listen on 5433",
        ),
        (Services, "/peers/users", json!("http://users:4002"), "users doesn't listen on 4002"),
        (Services, "/bus/pulsar/admin_url", json!("http://pulsar:8081"), "pulsar doesn't listen on 8081"),
        (Services, "/bus/pulsar/service_url", json!("pulsar://broker:6650"), "there is no service broker"),
        (Services, "/notifications/mail_to/smtp/port", json!(25), "mail doesn't listen on 25"),
        (Router, "/server/listen", json!("0.0.0.0:4001"), "router: router doesn't listen on 4000"),
        (Router, "/subgraphs/by_name/stock/url", json!("http://stock:4004/graphql"), "stock doesn't listen on 4004"),
        (Router, "/subgraphs/by_name/stock/url", json!("http://users:4001/graphql"), "stock isn't asked where it is"),
        (Router, "/subgraphs/by_name/stock", Value::Null, "router.yaml: the subgraphs aren't"),
        (Compose, "/services/stock/command/1", json!("users"), "stock: isn't that subgraph"),
    ]
}

/// A file, a text in it, what takes its place, and what is found then.
const TEXT_BENDS: [(Text, &str, &str, &str); 8] = [
    (Text::EnvExample, "POSTGRES_PASSWORD=\n", "", "env.example names"),
    (Text::ShareKeys, "--data-dir", "--folder", "keys: keys knows no --folder"),
    (Text::ShareKeys, "cp orders.pem", "cp order.pem", "orders: nobody puts /keys/orders/orders.pem"),
    (Text::ShareKeys, "cp ./*.public.pem", "cp ./*.pem", "users: nobody puts"),
    (Text::Dockerfile, "FROM debian:12.12-slim", "FROM debian:stable-slim", "debian:stable-slim isn't pinned"),
    (Text::Dockerfile, "FROM rust:1.", "FROM rust:0.", "isn't of the toolchain"),
    (Text::Dockerfile, "RUSTUP_TOOLCHAIN=1.", "RUSTUP_TOOLCHAIN=0.", "RUSTUP_TOOLCHAIN isn't"),
    (Text::Dockerignore, "!subgraphs\n", "", "subgraphs/kit is left out"),
];

/// Puts a value at a place, or takes away what is there.
fn put(document: &mut Value, pointer: &str, value: Value) {
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    match document.pointer_mut(parent).expect(pointer) {
        Value::Array(items) => {
            let at: usize = last.parse().expect("an index");
            if value.is_null() {
                items.remove(at);
            } else {
                items[at] = value;
            }
        }
        Value::Object(members) => {
            if value.is_null() {
                members.remove(last);
            } else {
                members.insert(last.to_owned(), value);
            }
        }
        other => panic!("{pointer} is in {other}"),
    }
}
