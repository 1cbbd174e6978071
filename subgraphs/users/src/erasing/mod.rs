//! The deletion of an account: [`crate::domain::erasure`] decides, here it is carried out, each step in one transaction.

mod begin;
mod saga;
mod tell;

pub use begin::begin;
pub use saga::ErasureSaga;
