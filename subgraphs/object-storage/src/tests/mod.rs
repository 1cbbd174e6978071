//! One behaviour, on a real S3 gateway and on a folder.

mod behaviour;
mod folder;
mod gateway;
