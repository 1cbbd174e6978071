//! Services that ask each other, over real connections: what is believed, repeated, given up, and never done twice.

mod bank;
mod client;
mod proxy;
mod server;
