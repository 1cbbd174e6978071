//! One service that is started.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::ready::Ready;
use crate::failure::Failure;
use crate::guarded::{Guarded, Stage};

/// What to start, and how to see that it has.
pub struct Service {
    /// Its name, and its start file's and its data's folder's.
    pub name: &'static str,
    /// What its start file takes: the port, then what the data folder follows.
    pub arguments: Vec<String>,
    /// When it can be used.
    pub ready: Ready,
}

impl Service {
    /// Starts it; it isn't ready then.
    pub fn start(&self, scripts: &Path, place: &Path) -> Result<Guarded, Failure> {
        let data = place.join(self.name);
        let log_path = place.join(format!("{}.log", self.name));
        let failed = |error: std::io::Error| Failure::path("start what writes", &log_path, &error, "see --data-dir");
        let log = File::create(&log_path).map_err(failed)?;
        let mut arguments = vec![
            // Its data outlives the machine's end, as a database's should.
            "DURABLE=1".to_owned(),
            scripts.join(self.name).join("run").display().to_string(),
        ];
        let (port, more) = self.arguments.split_first().map_or(("0", &[][..]), |(port, more)| (port.as_str(), more));
        arguments.extend([port.to_owned(), data.display().to_string()]);
        arguments.extend(more.iter().cloned());
        let stage = Stage::new(None, place, PathBuf::from("/usr/bin/env"), arguments);
        Guarded::start(&stage, log).map_err(failed)
    }
}
