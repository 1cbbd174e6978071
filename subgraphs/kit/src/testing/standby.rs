//! A primary with a hot standby, of one test.

use std::path::PathBuf;

use uuid::Uuid;

use super::{guarded::Guarded, server};
use crate::database::connect_raw;

/// `$1` is a folder, `$2` the folder of PostgreSQL's binaries. Ports only tell the sockets apart: nothing listens on a network.
/// The standby, which is killed, keeps what it says that it has; its files outlast its processes.
const LIFE_OF_A_PAIR: &str = r#"
say() { echo "$1" >&2; exit 1; }
options="-c listen_addresses='' -c unix_socket_directories='$1' -c max_connections=100"
primary() { "$2/pg_ctl" -D "$1/primary" -w -s -l "$1/primary.log" -o "$options -c port=1 -c fsync=off" start; }
standby() { "$2/pg_ctl" -D "$1/standby" -w -s -l "$1/standby.log" -o "$options -c port=2" start; }
mkdir "$1" || exit 1
"$2/initdb" -D "$1/primary" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null || exit 1
printf 'wal_level=replica\nmax_wal_senders=4\nhot_standby=on\nwal_receiver_status_interval=1\n' >>"$1/primary/postgresql.conf"
primary "$@" || say "$(cat "$1/primary.log")"
"$2/pg_basebackup" -h "$1" -p 1 -U postgres -D "$1/standby" -R -X stream -c fast --no-sync || exit 1
standby "$@" || say "$(cat "$1/standby.log")"
echo ready
while read -r command; do
  case "$command" in
    kill-standby)
      pid="$(head -n1 "$1/standby/postmaster.pid")"
      kill -9 "$pid"
      while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done ;;
    kill-primary)
      pid="$(head -n1 "$1/primary/postmaster.pid")"
      kill -9 "$pid"
      while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done ;;
    start-standby)
      # Its last processes may still hold on to its memory.
      for attempt in $(seq 100); do standby "$@" 2>/dev/null && break; sleep 0.1; done ;;
  esac
  echo done
done
for name in standby primary; do "$2/pg_ctl" -D "$1/$name" -s -m immediate stop; done 2>/dev/null
rm -rf "$1"
"#;

/// A primary and a hot standby of it, of one test's own; gone with it.
pub struct TestStandby {
    folder: PathBuf,
    life: Guarded,
}

impl TestStandby {
    /// Starts both, from installed binaries.
    #[must_use]
    pub fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("supergraph-pair-{}", Uuid::now_v7().simple()));
        let binaries = server::binaries().expect("PostgreSQL's binaries");
        let life = Guarded::run_as_postgres(LIFE_OF_A_PAIR, &[&folder, &binaries]);
        Self { folder, life }
    }

    /// The URL of the primary's database.
    #[must_use]
    pub fn primary_url(&self) -> String {
        self.url(1)
    }

    /// The URL of the standby's.
    #[must_use]
    pub fn standby_url(&self) -> String {
        self.url(2)
    }

    /// Ends the standby at once.
    pub fn kill_standby(&mut self) {
        self.life.command("kill-standby");
    }

    /// Starts it again.
    pub fn start_standby(&mut self) {
        self.life.command("start-standby");
    }

    /// Ends the primary at once.
    pub fn kill_primary(&mut self) {
        self.life.command("kill-primary");
    }

    /// Lets the standby stay where it is. What it has been sent already it may still show.
    pub async fn pause(&self) {
        self.on_standby("SELECT pg_wal_replay_pause()").await;
    }

    /// Lets it go on.
    pub async fn resume(&self) {
        self.on_standby("SELECT pg_wal_replay_resume()").await;
    }

    async fn on_standby(&self, statement: &str) {
        let client = connect_raw(&self.standby_url()).await.expect("the standby");
        client.batch_execute(statement).await.expect(statement);
    }

    fn url(&self, port: u16) -> String {
        let host = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://postgres@{host}:{port}/postgres")
    }
}
