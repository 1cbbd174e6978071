//! What there is to measure, by name: workloads, which are measured in rounds, and studies.

use crate::failure::{Failure, Result};
use crate::workloads::{self, Workload};

/// One thing to measure.
pub enum Wanted {
    /// In rounds.
    Rounds(Box<Workload>),
    /// In its own way.
    Study(Study),
}

/// What is measured in a way of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Study {
    /// Latency at seventy percent of the peak.
    Latency,
    /// Three times the peak.
    Overload,
    /// From the start to the first answer.
    Start,
    /// Answers of growing size.
    Sizes,
    /// More and more fetches.
    Fetches,
    /// One process or several.
    Forms,
    /// Memory over a long time; only if it is named.
    Soak,
}

const STUDIES: [(&str, Study); 7] = [
    ("latency", Study::Latency),
    ("overload", Study::Overload),
    ("start", Study::Start),
    ("sizes", Study::Sizes),
    ("fetches", Study::Fetches),
    ("forms", Study::Forms),
    ("soak", Study::Soak),
];

/// Those with the names, in the order of the report; for no names all of them but the soak.
pub fn wanted(names: &[String]) -> Result<Vec<Wanted>> {
    let workloads = workloads::all();
    let known: Vec<&str> =
        workloads.iter().map(|workload| workload.name).chain(STUDIES.iter().map(|(name, _)| *name)).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Failure::Usage(format!("nothing is called {unknown}; there are {}", known.join(", "))));
    }
    let asked = |name: &str| (names.is_empty() && name != "soak") || names.iter().any(|each| each == name);
    let rounds = workloads.into_iter().filter(|workload| asked(workload.name));
    let studies = STUDIES.iter().filter(|(name, _)| asked(name));
    Ok(rounds
        .map(|workload| Wanted::Rounds(Box::new(workload)))
        .chain(studies.map(|(_, study)| Wanted::Study(*study)))
        .collect())
}

/// The names of all workloads, in the order of the report.
pub fn rounds_in_order() -> Vec<&'static str> {
    workloads::all().iter().map(|workload| workload.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_or_those_that_are_named() {
        let all = wanted(&[]).unwrap();
        assert!(all.len() > 15);
        let some = wanted(&["overload".into(), "bench".into()]).unwrap();
        assert!(matches!(some.as_slice(), [Wanted::Rounds(_), Wanted::Study(Study::Overload)]));
        assert!(wanted(&["benhc".into()]).is_err());
    }
}
