//! What services write for people and for their programs: invoices as PDF ([`invoice`]), tables as CSV and Parquet ([`table`]).
//!
//! Bytes from values, and nothing else: no I/O, no clock, no store; it knows no domain, money alone. Nothing else names the libraries.

pub mod invoice;
pub mod table;
