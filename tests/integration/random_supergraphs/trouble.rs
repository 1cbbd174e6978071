//! Random faults: fields and records that fail or are null, subgraphs that are down or answer garbage.

use fastrand::Rng;

use super::case::{Faults, Served};
use crate::support::dataset::Switch;

/// Makes some for a supergraph.
pub fn trouble(served: &Served, seed: u64) -> Faults {
    let mut rng = Rng::with_seed(seed);
    let mut faults = Faults::default();
    for _ in 0..rng.usize(1..=3) {
        let Some((name, (_, dataset))) = rng.choice(served.subgraphs.iter().collect::<Vec<_>>()) else { continue };
        match rng.u8(..20) {
            0 => faults.down.push(name.clone()),
            1 => faults.garbage.push(name.clone()),
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
                let switch = if rng.bool() { Switch::Null } else { Switch::Error("down".to_owned()) };
                faults.switches.entry(name.clone()).or_default().insert(coordinate, switch);
            }
        }
    }
    faults
}
