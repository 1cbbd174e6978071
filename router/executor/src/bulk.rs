//! Long computations over large answers, made where they keep no other request waiting.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Bytes of answers from which on reading, merging or writing them counts as long: some milliseconds. Handing a
/// thread's other tasks over costs some microseconds, which smaller ones are not worth.
const LONG_BYTES: usize = 1 << 20;

/// Does work on so many bytes. If that is long, the thread's other tasks go on elsewhere meanwhile.
pub fn bulk<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    let elsewhere = || Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if bytes >= LONG_BYTES && elsewhere() { tokio::task::block_in_place(work) } else { work() }
}
