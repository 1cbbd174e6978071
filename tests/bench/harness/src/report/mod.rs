//! What people see of results.

mod table;

pub use table::table;
