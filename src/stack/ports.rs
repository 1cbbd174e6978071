//! The ports of the services: free ones at the first start, and the same ever after where that can be.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::path::Path;

use crate::data_folder::DataFolder;
use crate::failure::Failure;

/// The file of the data folder that keeps them.
const FILE: &str = "stack.ports.json";

/// A port by its use, such as `redis`. Services that came later are given theirs when they are first started.
pub type Ports = BTreeMap<String, u16>;

/// Where they are chosen: below what systems give to connections, any of which could have a kept port at the next start.
const RANGE: Range<u16> = 20_000..32_000;

/// The one that can't move: Pulsar's storage knows itself by it.
pub const BOOKIE: &str = "bookie";

/// Those that a data folder keeps, which may be another process's; none if no stack was ever started there.
pub fn read(data_folder: &Path) -> Result<Ports, Failure> {
    let unusable = |error: &dyn std::error::Error| {
        Failure::environment(format!("cannot read {FILE} of the data folder: {error}; remove stack/ and the file"))
    };
    match std::fs::read(data_folder.join(FILE)) {
        Ok(text) => serde_json::from_slice(&text).map_err(|error| unusable(&error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Ports::new()),
        Err(error) => Err(unusable(&error)),
    }
}

/// A port for each of the uses: the kept one unless somebody else has it by now. Nobody of an earlier run may be left.
pub fn kept_or_made(folder: &DataFolder, uses: &[&str]) -> Result<Ports, Failure> {
    let mut ports = read(folder.path())?;
    // Held together, so that no two are the same.
    let mut held = Vec::new();
    for &name in uses {
        let kept = ports.get(name).copied();
        let listener = match (kept.map(listen), name) {
            (Some(Ok(listener)), _) => listener,
            (Some(Err(error)), BOOKIE) => return Err(taken(kept.unwrap_or_default(), &error)),
            (Some(Err(_)) | None, _) => free(folder.path(), &ports)?,
        };
        let port = listener.local_addr().map_err(Failure::environment)?.port();
        ports.insert(name.to_owned(), port);
        held.push(listener);
    }
    folder.put(FILE, &serde_json::to_vec(&ports).map_err(Failure::environment)?)?;
    Ok(ports)
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// The first free one from a place that the data folder's path says, so that stacks that are started together don't meet. None that is
/// kept for another use.
fn free(data_folder: &Path, kept: &Ports) -> Result<TcpListener, Failure> {
    let mut hasher = DefaultHasher::new();
    data_folder.hash(&mut hasher);
    let from = usize::try_from(hasher.finish() % u64::try_from(RANGE.len()).unwrap_or(1)).unwrap_or_default();
    let candidates = RANGE.cycle().skip(from).take(RANGE.len());
    candidates
        .filter(|port| !kept.values().any(|other| other == port))
        .find_map(|port| listen(port).ok())
        .ok_or_else(|| Failure::environment(format!("there is no free port from {} to {}", RANGE.start, RANGE.end)))
}

fn taken(port: u16, error: &std::io::Error) -> Failure {
    Failure::environment(format!(
        "cannot use port {port}, by which Pulsar's storage knows itself: {error}; end who has it, or choose another --data-dir"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_kept_and_new_uses_get_theirs() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(Some(place.path().to_owned())).unwrap();
        let first = kept_or_made(&folder, &["postgres", "pulsar"]).unwrap();
        assert!(first.values().all(|port| RANGE.contains(port)), "{first:?}");
        let second = kept_or_made(&folder, &["postgres", "redis", "pulsar"]).unwrap();
        assert_eq!((first.get("postgres"), first.get("pulsar")), (second.get("postgres"), second.get("pulsar")));
        assert_eq!(second.len(), 3);
        assert_eq!(read(place.path()).unwrap(), second);
    }

    #[test]
    fn a_port_that_was_taken_meanwhile_is_another_one_but_the_storages_own() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(Some(place.path().to_owned())).unwrap();
        let uses = ["redis", BOOKIE];
        let ports = kept_or_made(&folder, &uses).unwrap();
        let redis = listen(ports["redis"]).unwrap();
        let moved = kept_or_made(&folder, &uses).unwrap();
        assert_ne!(moved["redis"], redis.local_addr().unwrap().port());
        assert_eq!(moved[BOOKIE], ports[BOOKIE]);
        let _bookie = listen(ports[BOOKIE]).unwrap();
        let failure = kept_or_made(&folder, &uses).unwrap_err().to_string();
        assert!(failure.contains(&ports[BOOKIE].to_string()), "{failure}");
    }
}
