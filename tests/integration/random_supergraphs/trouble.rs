//! Random faults: fields and records that fail, are null or left out, subgraphs that are down, refuse or answer garbage.

use fastrand::Rng;

use super::case::{Faults, Served};
use super::contexts::{Read, contexts};
use crate::support::dataset::Switch;

/// Makes some for a supergraph.
pub fn trouble(served: &Served, seed: u64) -> Faults {
    let mut rng = Rng::with_seed(seed);
    let mut faults = Faults::default();
    let read: Vec<Read> = contexts(&served.supergraph).into_values().flatten().collect();
    let is_read = |coordinate: &str| {
        let ty = coordinate.split(['.', '/']).next().unwrap_or_default();
        read.iter().any(|read| read.may_be_of(&served.supergraph, ty))
    };
    for _ in 0..rng.usize(1..=3) {
        let Some((name, (_, dataset))) = rng.choice(served.subgraphs.iter().collect::<Vec<_>>()) else { continue };
        match rng.u8(..20) {
            0 => faults.down.push(name.clone()),
            1 => faults.garbage.push(name.clone()),
            2 => faults.refusing.push(name.clone()),
            _ => {
                let records = dataset.records.iter().flat_map(|(ty, records)| {
                    records.iter().map(move |(name, members)| (ty, format!("{ty}/{name}"), members))
                });
                let Some((ty, record, members)) = rng.choice(records.collect::<Vec<_>>()) else { continue };
                let member = rng.choice(members.keys().collect::<Vec<_>>());
                let coordinate = match (rng.u8(..6), member) {
                    (0, _) | (_, None) => record,
                    (1, Some(member)) => format!("{ty}.{member}"),
                    (2, _) => rng.choice(dataset.fields.keys()).cloned().unwrap_or(record),
                    (_, Some(member)) => format!("{record}.{member}"),
                };
                let switch = match rng.u8(..5) {
                    // The monolith reads contexts of its own data: it can't know of a null that comes instead.
                    _ if is_read(&coordinate) => Switch::Error("down".to_owned()),
                    0..2 => Switch::Null,
                    2..4 => Switch::Error("down".to_owned()),
                    _ => Switch::Absent,
                };
                faults.switches.entry(name.clone()).or_default().insert(coordinate, switch);
            }
        }
    }
    faults
}
