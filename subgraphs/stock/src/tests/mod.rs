//! The books as their callers meet them, on a real PostgreSQL.

mod catalogue;
mod crowd;
mod delivering;
mod expiring;
mod graphql;
mod killed;
mod ledger;
mod messages;
mod migrating;
mod random;
mod reserving;
mod seeding;
mod warehouse;

use warehouse::{Warehouse, line, order, product, reservation, variant};
