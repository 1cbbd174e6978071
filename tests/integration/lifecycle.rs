//! Starting and stopping: one line that says what is wrong, no process left behind, data kept.

use std::time::Duration;

use kit::testing::wait_to_see;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::support::client;
use crate::support::process::{self, Finished, Process};
use crate::support::shop::{start_dev, token};

/// How long processes may take to end that have nothing left to do.
const GONE_MAX: Duration = Duration::from_secs(20);
/// How long a reload may take to be counted.
const METRIC_MAX: Duration = Duration::from_secs(30);

fn dev(folder: &TempDir) -> Command {
    let mut command = process::command(&["dev", "--listen", "127.0.0.1:0", "--seed", "small", "--data-dir"]);
    command.arg(folder.path().join("data"));
    command
}

/// The processes that run for this folder's data: those that work in it, as PostgreSQL does whatever its command line
/// says, and those whose command line names it.
pub fn processes_of(folder: &TempDir) -> Vec<String> {
    let path = folder.path().canonicalize().expect("the folder");
    let (entries, needle) = (std::fs::read_dir("/proc").expect("/proc"), folder.path().display().to_string());
    let of_folder = |entry: std::fs::DirEntry| {
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let works_there = std::fs::read_link(entry.path().join("cwd")).is_ok_and(|folder| folder.starts_with(&path));
        (works_there || line.contains(&needle)).then_some(line)
    };
    entries.filter_map(Result::ok).filter_map(of_folder).collect()
}

pub async fn until_gone(folder: &TempDir) {
    wait_to_see(GONE_MAX, "all processes to end", async || match processes_of(folder) {
        none if none.is_empty() => Ok(()),
        left_behind => Err(left_behind),
    })
    .await;
}

async fn name_of_customer(dev: &Process) -> String {
    let answer = client::query(&dev.graphql(), Some(&token(dev, "customer")), "{ me { name } }").await;
    answer.json()["data"]["me"]["name"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn dev_keeps_its_data_and_leaves_no_process() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = start_dev(dev(&folder)).await;
    let running = processes_of(&folder);
    assert!(running.iter().any(|line| line.contains("postgres")), "PostgreSQL isn't seen: {running:?}");
    let customer = token(&first, "customer");
    let rename = "mutation { updateProfile(input: { name: \"Renamed\" }) { errors { __typename } } }";
    client::query(&first.graphql(), Some(&customer), rename).await;
    first.signal("TERM").await;
    assert_eq!(first.wait().await, Some(0));
    until_gone(&folder).await;

    let mut second = start_dev(dev(&folder)).await;
    assert_eq!(name_of_customer(&second).await, "Renamed");
    let answer = client::query(&second.graphql(), Some(&customer), "{ me { name } }").await;
    assert!(answer.text.contains("Renamed"), "the first run's token: {answer:?}");
    second.signal("INT").await;
    assert_eq!(second.wait().await, Some(0));
    until_gone(&folder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dev_that_is_killed_leaves_no_process_and_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = start_dev(dev(&folder)).await;
    first.signal("KILL").await;
    assert_eq!(first.wait().await, None);
    until_gone(&folder).await;
    let again = start_dev(dev(&folder)).await;
    assert!(!name_of_customer(&again).await.is_empty());
}

/// Exit code 2 and one line that names what is wrong.
fn one_line(finished: &Finished, says: &str) {
    assert_eq!(finished.code, 2, "{finished:?}");
    assert_eq!(finished.stderr.trim().lines().count(), 1, "{finished:?}");
    assert!(finished.stderr.contains(says), "{says}: {finished:?}");
    assert!(finished.stdout.is_empty(), "{finished:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_at_fault_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let missing = folder.path().join("missing.graphql").display().to_string();
    let bad_yaml = folder.path().join("bad.yaml").display().to_string();
    std::fs::write(&bad_yaml, "subgraphs: [unclosed").unwrap();
    let file = folder.path().join("file").display().to_string();
    std::fs::write(&file, "").unwrap();
    let nowhere = format!("{file}/data");

    one_line(&process::run(&["router", "--supergraph", &missing]).await, "missing.graphql");
    one_line(&process::run(&["compose", "--config", &missing]).await, "missing.graphql");
    one_line(&process::run(&["compose", "--config", &bad_yaml]).await, "bad.yaml");
    one_line(&process::run(&["dev", "--listen", &address, "--data-dir", &nowhere]).await, &address);
    one_line(&process::run(&["dev", "--listen", "127.0.0.1:0", "--data-dir", &nowhere]).await, "data");
    let no_service = "nope=http://127.0.0.1:1/";
    let refused =
        process::run(&["dev", "--listen", "127.0.0.1:0", "--data-dir", &nowhere, "--subgraph-url", no_service]).await;
    one_line(&refused, "--subgraph-url names nope");
    let unreachable = "postgres://nobody:secret@127.0.0.1:1";
    let refused = process::run(&[
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        &file.replace("file", "ok"),
        "--database-url",
        unreachable,
    ])
    .await;
    one_line(&refused, "127.0.0.1:1");
    assert!(!refused.stderr.contains("secret"), "a password is told: {refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_that_do_not_compose_are_told_with_code_and_place_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("a.graphql"), "type Query { a: Int }\n").unwrap();
    let head = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\"])\n";
    std::fs::write(
        path("b.graphql"),
        format!("{head}type Query {{ b: T }}\ntype T @key(fields: \"nope\") {{ id: ID! }}\n"),
    )
    .unwrap();
    let manifest = "subgraphs:\n  a: { routing_url: http://a, schema: { file: a.graphql } }\n  b: { routing_url: http://b, schema: { file: b.graphql } }\n";
    std::fs::write(path("supergraph.yaml"), manifest).unwrap();

    let finished =
        process::run(&["compose", "--config", &path("supergraph.yaml"), "--output", &path("out.graphql")]).await;

    assert_eq!(finished.code, 1, "{finished:?}");
    for part in ["KEY_INVALID_FIELDS", "b:3:8"] {
        assert!(finished.stderr.contains(part), "{part}: {}", finished.stderr);
    }
    assert!(!folder.path().join("out.graphql").exists());
}

/// A line of the router's metrics comes, within a bound.
async fn until_metric(router: &Process, line: &str) {
    let url = format!("{}/metrics", router.url);
    wait_to_see(METRIC_MAX, line, async || {
        let text = reqwest::get(&url).await.unwrap().text().await.unwrap();
        if text.contains(line) { Ok(()) } else { Err(text) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reload_is_made_up_for_once_what_it_lacked_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let good = include_str!("../../schema/supergraph.graphql");
    std::fs::write(path("supergraph.graphql"), good).unwrap();
    std::fs::write(path("router.yaml"), "limits: { depth_max: 40 }\n").unwrap();
    let mut command = process::command(&["router", "--listen", "127.0.0.1:0"]);
    command.arg("--supergraph").arg(path("supergraph.graphql")).arg("--config").arg(path("router.yaml"));
    let router = Process::start(command).await;
    // As soon as anybody may ask for it.
    router.signal("HUP").await;
    until_metric(&router, "supergraph_reloads_total{result=\"applied\"} 1").await;

    let names_keys = format!("identity: {{ jwt: {{ jwks: [{{ file: \"{}\" }}] }} }}\n", path("keys.json").display());
    std::fs::write(path("router.yaml"), names_keys).unwrap();
    until_metric(&router, "supergraph_reloads_total{result=\"refused\"} 1").await;
    std::fs::write(path("keys.json"), "{\"keys\":[]}").unwrap();
    until_metric(&router, "supergraph_reloads_total{result=\"applied\"} 2").await;

    std::fs::remove_file(path("supergraph.graphql")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(path("supergraph.graphql")).status().unwrap();
    assert!(made.success());
    until_metric(&router, "supergraph_reloads_total{result=\"refused\"} 2").await;
    std::fs::remove_file(path("supergraph.graphql")).unwrap();
    std::fs::write(path("supergraph.graphql"), format!("{good}\n# another\n")).unwrap();
    until_metric(&router, "supergraph_reloads_total{result=\"applied\"} 3").await;
}
