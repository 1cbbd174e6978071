//! What people see of results: tables while it runs, and a page with plots.

mod columns;
mod page;
mod plot;
mod studies;
mod summary;
mod table;

pub use page::publish;
pub use studies::{forms, latency, overload, soak, start, sweep};
pub use table::table;
