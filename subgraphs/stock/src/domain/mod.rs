//! What stock is: items, lines, movements, reservations, and their bounds. No I/O, no GraphQL.
//!
//! It must never know how stock is kept or served.

mod item;
mod lines;
mod movement;
mod reservation;
mod rules;

pub use item::{Item, ItemKey};
pub use lines::{InvalidLines, LINES_MAX, Line, Lines};
pub use movement::{Change, Kind, Movement};
pub use reservation::{Reservation, Status};
pub use rules::{InvalidField, KEY_LENGTH_MAX, STOCK_MAX, check_change, check_key, check_quantity};
