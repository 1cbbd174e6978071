//! A Redis server of one test.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use super::guarded::Guarded;

/// `$1` is the port; what follows are further arguments of the server.
const LIFE_OF_A_SERVER: &str = r#"
start() {
  redis-server --port 0 --bind 127.0.0.1 --save '' --appendonly no --daemonize no "$@" >/dev/null 2>&1 &
  pid=$!
}
start "$@"
echo ready
while read -r command; do
  case "$command" in
    start) start "$@" ;;
    kill) kill -9 "$pid"; wait "$pid" 2>/dev/null ;;
    stop) kill -STOP "$pid" ;;
    continue) kill -CONT "$pid" ;;
  esac
  echo done
done
kill -9 "$pid" 2>/dev/null
"#;

/// How long a server may take to answer.
const READY_TIMEOUT: Duration = Duration::from_secs(20);

/// A throwaway server on a free port of the loopback, without files. Ends with the test.
pub struct TestRedis {
    port: u16,
    life: Guarded,
}

impl TestRedis {
    /// Starts a server. Needs `redis-server` on the path.
    #[must_use]
    pub fn start() -> Self {
        let port = free_port();
        let redis = Self::run(port, &["--port", &port.to_string()]);
        redis.wait_until_ready();
        redis
    }

    /// Starts a server that speaks TLS alone, with a certificate and its key in PEM files.
    #[must_use]
    pub fn start_with_tls(certificate: &Path, key: &Path) -> Self {
        let port = free_port();
        let (certificate, key) = (certificate.to_string_lossy(), key.to_string_lossy());
        let arguments = ["--tls-port", &port.to_string(), "--tls-auth-clients", "no"];
        let files = ["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &certificate];
        let redis = Self::run(port, &[arguments.as_slice(), files.as_slice()].concat());
        wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_ok());
        redis
    }

    /// Its port on the loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it at once; what it kept is lost.
    pub fn kill(&mut self) {
        self.life.command("kill");
    }

    /// Starts it again after [`TestRedis::kill`], on the same port, and waits until it answers.
    pub fn restart(&mut self) {
        self.life.command("start");
        self.wait_until_ready();
    }

    /// Lets it hang: it takes connections and answers nothing.
    pub fn freeze(&mut self) {
        self.life.command("stop");
    }

    /// Lets it go on after [`TestRedis::freeze`].
    pub fn thaw(&mut self) {
        self.life.command("continue");
    }

    /// What it answers to a command without spaces in its words: the raw protocol.
    #[must_use]
    pub fn ask(&self, command: &str) -> String {
        self.try_ask(command).expect("an answer of Redis")
    }

    fn run(port: u16, arguments: &[&str]) -> Self {
        let arguments: Vec<&Path> = arguments.iter().map(Path::new).collect();
        Self { port, life: Guarded::run(LIFE_OF_A_SERVER, &arguments) }
    }

    fn wait_until_ready(&self) {
        wait_until(|| self.try_ask("PING").is_ok_and(|answer| answer.starts_with("+PONG")));
    }

    fn try_ask(&self, command: &str) -> std::io::Result<String> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.set_read_timeout(Some(Duration::from_secs(5)))?;
        connection.write_all(format!("{command}\r\nQUIT\r\n").as_bytes())?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

fn wait_until(mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + READY_TIMEOUT;
    while !condition() {
        assert!(Instant::now() < end, "Redis didn't start: is redis-server installed?");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A port that nobody listens on. Somebody else may take it before the server does; then the test fails rather than talk to a
/// stranger, since a second server on it doesn't start.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}
