//! Responses in compressed form, for clients that accept it.

use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, NotForContentType, Predicate, SizeAbove};

/// Bytes below which compression gains nothing: such a response fits a packet.
const BYTES_MIN: u16 = 1_024;

/// What is compressed: answers of some size, but none that come in parts. A part has to be on its way at once, and an
/// encoder keeps what it has not filled a block with.
type Compressible = And<SizeAbove, NotForContentType>;

/// The layer. Speed counts more than the last bytes, since every answer is compressed anew.
pub(super) fn layer() -> CompressionLayer<Compressible> {
    let parts = NotForContentType::const_new("multipart/");
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(BYTES_MIN).and(parts))
}
