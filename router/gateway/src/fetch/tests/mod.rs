//! Calls of subgraphs: how they are made, repeated, left and shared.

mod calls;
mod connections;
mod guarded;
mod protocols;
mod shared;
mod wire;
