//! Which keys of a configuration count from the next start on. All others take effect with a reload.
//!
//! The keys say so themselves, in the schema (`x-restart`), so that the reference page and this agree.

use serde_json::Value;

use super::Config;
use super::schema::{View, json_schema};

/// Where a key's schema says that a change takes a restart.
pub(super) const MARK: &str = "x-restart";

/// Gives `next` the running values of the keys that take a restart, and names those that would have changed.
pub fn keep_until_restart(running: &Config, next: &mut Config) -> Vec<String> {
    let (Ok(old), Ok(mut new)) = (serde_json::to_value(running), serde_json::to_value(&*next)) else {
        return Vec::new();
    };
    let mut changed = Vec::new();
    keep(&old, &mut new, View(&json_schema()), "", &mut changed);
    if !changed.is_empty()
        && let Ok(kept) = serde_json::from_value(new)
    {
        *next = kept;
    }
    changed
}

fn keep(old: &Value, new: &mut Value, schema: View<'_>, path: &str, changed: &mut Vec<String>) {
    for (name, key) in schema.properties() {
        let (Some(old), Some(new)) = (old.get(name), new.get_mut(name)) else { continue };
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if key.0.get(MARK).is_none() {
            keep(old, new, key, &path, changed);
        } else if old != new {
            new.clone_from(old);
            changed.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_stay_and_limits_change() {
        let running = Config::default();
        let mut next = Config::default();
        next.server.listen = ([127, 0, 0, 1], 9).into();
        next.server.request_timeout_ms = 7;
        next.limits.depth_max = 8;
        next.telemetry.logs.filter = "debug".into();
        assert_eq!(keep_until_restart(&running, &mut next), ["server.listen", "telemetry.logs.filter"]);
        assert_eq!(next.server.listen, running.server.listen);
        assert_eq!(next.telemetry.logs, running.telemetry.logs);
        assert_eq!((next.server.request_timeout_ms, next.limits.depth_max), (7, 8));
    }

    #[test]
    fn nothing_changed_needs_nothing() {
        let mut next = Config::default();
        assert!(keep_until_restart(&Config::default(), &mut next).is_empty());
        assert_eq!(next, Config::default());
    }
}
