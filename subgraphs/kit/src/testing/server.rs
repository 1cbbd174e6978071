//! The PostgreSQL server of a test process.
//!
//! Without `TEST_DATABASE_URL` a throwaway server is started from installed
//! binaries, on a Unix socket in a temporary folder. A shell holds the other
//! end of a pipe and stops the server when this process ends in any way.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use uuid::Uuid;

/// `$1` is the data folder, `$2` the folder of PostgreSQL's binaries.
const LIFE_OF_A_SERVER: &str = r#"
"$2/initdb" -D "$1" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null || exit 1
"$2/pg_ctl" -D "$1" -w -s -l "$1/log" -o "-c listen_addresses='' -c unix_socket_directories='$1' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200" start || { cat "$1/log" >&2; exit 1; }
echo ready
read -r _
"$2/pg_ctl" -D "$1" -s -m immediate stop
rm -rf "$1"
"#;

static SERVER: OnceLock<(String, Child)> = OnceLock::new();

/// The server that `TEST_DATABASE_URL` names.
pub(super) fn shared_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// The URL of a database that may create others.
pub(super) fn admin_url() -> String {
    shared_url().unwrap_or_else(|| SERVER.get_or_init(start).0.clone())
}

fn start() -> (String, Child) {
    let folder = std::env::temp_dir().join(format!("supergraph-test-{}", Uuid::now_v7().simple()));
    let binaries = binaries().expect("PostgreSQL's binaries, or TEST_DATABASE_URL");
    let mut child = shell()
        .args(["-c", LIFE_OF_A_SERVER, "sh"])
        .arg(&folder)
        .arg(&binaries)
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("the shell's output");
    BufReader::new(stdout).read_line(&mut line).expect("the shell's answer");
    assert_eq!(line.trim(), "ready", "PostgreSQL didn't start");
    let host = folder.to_string_lossy().replace('/', "%2F");
    (format!("postgres://postgres@{host}/postgres"), child)
}

/// The newest installed server's binaries.
pub(super) fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop()
}

/// A shell of a user who may run PostgreSQL.
pub(super) fn shell() -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    }
}

/// PostgreSQL refuses to run as root.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}
