//! The embedded server that another process runs for a data folder: for commands that look into a running `dev`.

use std::path::Path;

use super::PostgresError;
use super::cluster::{Layout, ROLE};
use super::password;

/// The line of `postmaster.pid` with the port, and the one with the state, counted from 0.
const PORT_LINE: usize = 3;
const STATE_LINE: usize = 7;

/// The URL of a data folder's server, password included, if one runs and takes connections. Who may read the password may use it.
pub fn url(data_folder: &Path) -> Result<Option<String>, PostgresError> {
    let layout = Layout { folder: data_folder.join("postgres") };
    let Some(port) = std::fs::read_to_string(layout.cluster().join("postmaster.pid")).ok().and_then(|text| port(&text))
    else {
        return Ok(None);
    };
    let password = password::read(&layout.password())?;
    Ok(Some(format!("postgres://{ROLE}:{}@127.0.0.1:{port}/postgres", password.reveal())))
}

/// The port of a server that is ready, from its pid file. A file that a killed server left behind names a port that nobody listens on,
/// or somebody to whom the password says nothing.
fn port(pid_file: &str) -> Option<u16> {
    let mut lines = pid_file.lines();
    let port = lines.nth(PORT_LINE)?.trim().parse().ok()?;
    (lines.nth(STATE_LINE - PORT_LINE - 1)?.trim() == "ready").then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_that_of_a_server_that_is_ready() {
        let file = "4711\n/data\n1700000000\n54321\n\n127.0.0.1\n  1 2\nready   \n";
        assert_eq!(port(file), Some(54321));
        assert_eq!(port(&file.replace("ready", "starting")), None);
        assert_eq!(port("4711\n"), None);
    }
}
