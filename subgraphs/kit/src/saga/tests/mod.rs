//! Sagas between services with databases of their own, on one bus: each matter comes to its end, once, whatever is lost, doubled
//! or killed on the way.

mod deadlines;
mod faults;
mod first_step;
mod payments;
mod purchase;
mod purchases;
mod pure;
mod stock;
mod stuck;
mod things;
mod wanted;
mod world;

use uuid::Uuid;

fn order(number: u128) -> Uuid {
    Uuid::from_u128(number)
}
