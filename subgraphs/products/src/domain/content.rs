//! Content: blocks of text, images and products, which make up pages and stand beside products.

use serde::{Deserialize, Serialize};

use super::rules::{InvalidField, check_text};
use crate::ProductId;

/// Most blocks of a page or a product.
pub const BLOCKS_MAX: usize = 50;
/// Longest text of a block in characters: some printed pages.
pub const BLOCK_TEXT_LENGTH_MAX: usize = 10_000;
/// Longest address of an image in characters.
pub const ADDRESS_LENGTH_MAX: usize = 2_000;
/// Longest description of an image in characters.
pub const CAPTION_LENGTH_MAX: usize = 500;
/// Most products of one block: a shelf.
pub const SHELF_MAX: usize = 50;

/// A piece of content. Stored as JSON with its kind beside its values; a new kind is one that older programs can't show.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading over what follows.
    Heading {
        /// Its words.
        text: String,
    },
    /// A text, in Markdown without HTML; whoever shows it escapes it.
    Text {
        /// Its words.
        markdown: String,
    },
    /// An image.
    Image {
        /// Where it is: an https address.
        address: String,
        /// What it shows, for who can't see it.
        caption: String,
    },
    /// A shelf of products.
    Shelf {
        /// Which, in their order. Products that are sold no more are left out when it is shown.
        products: Vec<ProductId>,
    },
}

impl Block {
    /// Bytes that it holds outside of itself.
    pub(crate) fn heap_bytes(&self) -> usize {
        match self {
            Self::Heading { text } | Self::Text { markdown: text } => text.capacity(),
            Self::Image { address, caption } => address.capacity() + caption.capacity(),
            Self::Shelf { products } => products.capacity() * size_of::<ProductId>(),
        }
    }
}

/// Everything about these blocks that breaks a rule.
pub(super) fn check_blocks(blocks: &[Block], found: &mut Vec<InvalidField>) {
    if blocks.len() > BLOCKS_MAX {
        found.push(InvalidField::new("blocks", format!("must have at most {BLOCKS_MAX} entries")));
        return;
    }
    for block in blocks {
        match block {
            Block::Heading { text } => check_text("blocks", text, 1..=CAPTION_LENGTH_MAX, found),
            Block::Text { markdown } => check_text("blocks", markdown, 1..=BLOCK_TEXT_LENGTH_MAX, found),
            Block::Image { address, caption } => {
                check_text("blocks", caption, 1..=CAPTION_LENGTH_MAX, found);
                check_address(address, found);
            }
            Block::Shelf { products } => {
                if !(1..=SHELF_MAX).contains(&products.len()) {
                    found.push(InvalidField::new("blocks", format!("must have 1 to {SHELF_MAX} products on a shelf")));
                }
            }
        }
    }
}

/// Browsers fetch it: nothing but https, and nothing that ends an attribute of HTML.
fn check_address(address: &str, found: &mut Vec<InvalidField>) {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`');
    let is_address = address.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && address.len() <= ADDRESS_LENGTH_MAX
        && address.bytes().all(is_plain);
    if !is_address {
        found.push(InvalidField::new(
            "blocks",
            format!("must have an https address of at most {ADDRESS_LENGTH_MAX} bytes"),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_come_by_https() {
        let is_good = |address: &str| {
            let mut found = Vec::new();
            check_address(address, &mut found);
            found.is_empty()
        };
        assert!(is_good("https://images.example/pot.webp?w=800&h=600"));
        for address in [
            "",
            "http://images.example/a",
            "javascript:alert(1)",
            "https:///a",
            "https://a b",
            "https://a\"onload=",
            "//a",
        ] {
            assert!(!is_good(address), "{address}");
        }
    }

    #[test]
    fn blocks_are_stored_with_their_kind() {
        let block = Block::Text { markdown: "Hello".to_owned() };
        let json = serde_json::to_string(&block).unwrap();
        assert_eq!(json, r#"{"kind":"text","markdown":"Hello"}"#);
        assert_eq!(serde_json::from_str::<Block>(&json).unwrap(), block);
    }
}
