//! Plan execution: fetch, merge, null-propagate, project
