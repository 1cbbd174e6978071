//! What there is to measure, by name: workloads, which are measured in rounds, and studies.

use crate::failure::{Failure, Result};
use crate::workloads::{self, VARIANTS, Workload};

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

/// Those with the names, in their order; for no names all of them but the soak. A workload's name may be followed by other
/// conditions, each behind a plus.
pub fn wanted(names: &[String]) -> Result<Vec<Wanted>> {
    if names.is_empty() {
        let rounds = workloads::all().into_iter().map(|workload| Wanted::Rounds(Box::new(workload)));
        let studies = STUDIES.iter().map(|(_, study)| *study).filter(|study| *study != Study::Soak);
        return Ok(rounds.chain(studies.map(Wanted::Study)).collect());
    }
    names.iter().map(|name| one(name).ok_or_else(|| Failure::Usage(unknown(name)))).collect()
}

/// The names of all workloads, in the order of the report.
pub fn rounds_in_order() -> Vec<String> {
    workloads::all().into_iter().map(|workload| workload.name).collect()
}

fn one(name: &str) -> Option<Wanted> {
    if let Some((_, study)) = STUDIES.iter().find(|(study, _)| *study == name) {
        return Some(Wanted::Study(*study));
    }
    let mut parts = name.split('+');
    let base = parts.next()?;
    let workload = workloads::all().into_iter().find(|workload| workload.name == base)?;
    parts.try_fold(workload, Workload::varied).map(|workload| Wanted::Rounds(Box::new(workload)))
}

fn unknown(name: &str) -> String {
    let studies: Vec<_> = STUDIES.iter().map(|(study, _)| *study).collect();
    format!(
        "nothing is called {name}; there are the workloads {}, each also with {}, and the studies {}",
        rounds_in_order().join(", "),
        VARIANTS.map(|variant| format!("+{variant}")).join(", "),
        studies.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_or_those_that_are_named() {
        let all = wanted(&[]).unwrap();
        assert!(all.len() > 15);
        let some = wanted(&["overload".into(), "bench".into()]).unwrap();
        assert!(matches!(some.as_slice(), [Wanted::Study(Study::Overload), Wanted::Rounds(_)]));
        assert!(wanted(&["benhc".into()]).is_err());
    }

    #[test]
    fn any_workload_is_varied() {
        for variant in VARIANTS {
            let found = wanted(&[format!("small+{variant}")]).unwrap();
            assert!(matches!(found.as_slice(), [Wanted::Rounds(workload)] if workload.name.ends_with(variant)));
        }
        assert!(wanted(&["small+nothing".into()]).is_err());
        assert!(wanted(&["overload+gzip".into()]).is_err());
    }
}
