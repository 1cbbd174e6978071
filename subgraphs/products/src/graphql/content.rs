//! Content as clients see it and give it.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::loaders::Loaders;
use super::product::Product;
use crate::ProductId;
use crate::domain::{Block, InvalidField};

/// A piece of content.
#[derive(Union)]
pub enum ContentBlock {
    /// A heading.
    Heading(HeadingBlock),
    /// A text.
    Text(TextBlock),
    /// An image.
    Image(ImageBlock),
    /// Products.
    Shelf(ShelfBlock),
}

/// A heading over what follows.
#[derive(SimpleObject)]
pub struct HeadingBlock {
    /// Its words.
    text: String,
}

/// A text.
#[derive(SimpleObject)]
pub struct TextBlock {
    /// Its words, in Markdown without HTML.
    markdown: String,
}

/// An image.
#[derive(SimpleObject)]
pub struct ImageBlock {
    /// Where it is: an https address.
    address: String,
    /// What it shows, for who can't see it.
    caption: String,
}

/// A shelf of products.
pub struct ShelfBlock(Vec<ProductId>);

/// A shelf of products.
#[Object]
impl ShelfBlock {
    /// The products in their order, at most 50, without those that are sold no more.
    async fn products(&self, context: &Context<'_>) -> Result<Vec<Product>> {
        kit::count_rows(context, self.0.len())?;
        let mut found = request_data::<Loaders>(context)?.by_id.load_many(self.0.clone()).await?;
        let shown = self.0.iter().filter_map(|id| found.remove(id));
        Ok(shown
            .filter(|product| product.withdrawn_at.is_none())
            .map(|product| Product(Arc::clone(&product)))
            .collect())
    }
}

impl From<&Block> for ContentBlock {
    fn from(block: &Block) -> Self {
        match block.clone() {
            Block::Heading { text } => Self::Heading(HeadingBlock { text }),
            Block::Text { markdown } => Self::Text(TextBlock { markdown }),
            Block::Image { address, caption } => Self::Image(ImageBlock { address, caption }),
            Block::Shelf { products } => Self::Shelf(ShelfBlock(products)),
        }
    }
}

/// A piece of content: exactly one of these.
#[derive(InputObject)]
pub struct ContentBlockInput {
    /// A heading of 1 to 500 characters.
    heading: Option<String>,
    /// A text of 1 to 10,000 characters, in Markdown without HTML.
    text: Option<String>,
    /// An image.
    image: Option<ImageBlockInput>,
    /// A shelf of 1 to 50 products.
    shelf: Option<Vec<ProductId>>,
}

/// An image.
#[derive(InputObject)]
pub struct ImageBlockInput {
    /// Where it is: an https address.
    address: String,
    /// What it shows, 1 to 500 characters.
    caption: String,
}

/// The blocks that were given.
///
/// # Errors
/// When one of them is none, or several at once.
pub fn blocks(given: Vec<ContentBlockInput>) -> Result<Vec<Block>, InvalidField> {
    let block = |given: ContentBlockInput| {
        let ContentBlockInput { heading, text, image, shelf } = given;
        match (heading, text, image, shelf) {
            (Some(text), None, None, None) => Ok(Block::Heading { text }),
            (None, Some(markdown), None, None) => Ok(Block::Text { markdown }),
            (None, None, Some(ImageBlockInput { address, caption }), None) => Ok(Block::Image { address, caption }),
            (None, None, None, Some(products)) => Ok(Block::Shelf { products }),
            _ => {
                let message = "must each be exactly one of heading, text, image and shelf".to_owned();
                Err(InvalidField { field: "blocks", message })
            }
        }
    };
    given.into_iter().map(block).collect()
}
