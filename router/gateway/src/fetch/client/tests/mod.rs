//! The client against servers that speak HTTP/2, TLS or both.

mod encrypted;
mod server;
mod shared;
