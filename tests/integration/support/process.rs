//! The program under test as a process: started with arguments, found by the address that it prints, ended when dropped, and with the
//! tests at the latest.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::group;

/// The longest that a start may take on a loaded machine: more than `dev --stack real` waits for the slowest of its services.
const START_MAX: Duration = Duration::from_secs(240);

/// How long a supervisor waits before it starts a program again that has ended.
const STARTED_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// A running `supergraph …`.
pub struct Process {
    child: Child,
    /// Its address, such as `http://127.0.0.1:41234`.
    pub url: String,
    /// All lines printed until it was ready.
    pub printed: Vec<String>,
}

/// How a run that ends by itself ended.
#[derive(Debug)]
pub struct Finished {
    /// The exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// The program with arguments, without the environment's configuration.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::from(group::command(env!("CARGO_BIN_EXE_supergraph")));
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    for (name, _) in std::env::vars() {
        if name.starts_with("SUPERGRAPH") || name.ends_with("DATABASE_URL") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the program to its end.
pub async fn run(arguments: &[&str]) -> Finished {
    finish(command(arguments)).await
}

/// The same, as it was prepared.
pub async fn finish(mut command: Command) -> Finished {
    let output = timeout(START_MAX, command.output()).await.expect("an end").expect("a start");
    Finished {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Process {
    /// Starts the program and waits until it says where it listens.
    pub async fn start(command: Command) -> Self {
        Self::start_until(command, |printed| printed.iter().find_map(|line| listening_url(line))).await
    }

    /// Starts the program again and again until it says where it listens, as a supervisor does: on a loaded machine a database may take
    /// longer to answer than a start waits for it.
    pub async fn start_supervised(command: impl Fn() -> Command) -> Self {
        let is_listening = |printed: &[String]| printed.iter().find_map(|line| listening_url(line));
        let started = Instant::now();
        loop {
            match Self::try_start(command(), is_listening).await {
                Ok(process) => return process,
                Err(printed) => assert!(started.elapsed() < START_MAX, "ends before it is ready: {printed:#?}"),
            }
            tokio::time::sleep(STARTED_AGAIN_AFTER).await;
        }
    }

    /// Starts the program and waits until what it has printed tells its URL.
    pub async fn start_until(command: Command, url: impl Fn(&[String]) -> Option<String>) -> Self {
        let started = Self::try_start(command, url).await;
        started.unwrap_or_else(|printed| panic!("ended before it was ready: {printed:#?}"))
    }

    /// What it has printed, if it ends before that.
    async fn try_start(mut command: Command, url: impl Fn(&[String]) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a start");
        let (sender, mut lines) = mpsc::unbounded_channel();
        forward(child.stdout.take().expect("stdout"), sender.clone());
        forward(child.stderr.take().expect("stderr"), sender);
        let mut printed = Vec::new();
        let url = timeout(START_MAX, async {
            while let Some(line) = lines.recv().await {
                printed.push(line);
                if let Some(url) = url(&printed) {
                    return Some(url);
                }
            }
            None
        })
        .await
        .expect("listening in time");
        let Some(url) = url else { return Err(printed) };
        // What follows is read on, so that the process never blocks on a full pipe.
        tokio::spawn(async move { while lines.recv().await.is_some() {} });
        Ok(Self { child, url, printed })
    }

    /// Its GraphQL endpoint.
    pub fn graphql(&self) -> String {
        format!("{}/graphql", self.url)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id().expect("running")
    }

    /// Asks it to end, as a service manager or Ctrl-C does.
    pub async fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().await.expect("kill");
        assert!(sent.success());
    }

    /// Whether it has ended by itself, or been ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a status").is_some()
    }

    /// Waits for its end and gives the exit code; `None` if a signal ended it.
    pub async fn wait(&mut self) -> Option<i32> {
        timeout(START_MAX, self.child.wait()).await.expect("an end").expect("a status").code()
    }
}

fn forward(pipe: impl AsyncRead + Unpin + Send + 'static, sender: mpsc::UnboundedSender<String>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
}

/// The URL in a line such as `… listening on http://127.0.0.1:41234`.
pub fn listening_url(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("listening on http://")?;
    let address: String = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
    Some(format!("http://{address}"))
}
