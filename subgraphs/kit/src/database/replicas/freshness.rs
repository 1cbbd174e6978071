//! How fresh a read has to be.

pub use wire::read_after::Lsn;

/// How fresh a read has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// As fresh as any replica within the limit on lag.
    #[default]
    Recent,
    /// With everything up to a position in the primary's log: what the caller has written.
    AtLeast(Lsn),
    /// The primary's own state.
    Latest,
}
