//! What breaks while customers buy, and what is left then: nothing lost, nothing doubled, the ledger at zero, stock equal to its books.

mod administrators;
mod books;
mod buyers;
mod fleet;
mod hand_over;
mod kills;
mod outages;
mod reader;
mod steps;
mod told;
