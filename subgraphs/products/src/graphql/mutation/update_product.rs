//! `updateProduct`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::Result;

use super::super::content::{ContentBlockInput, blocks};
use super::super::errors::{
    InvalidProductError, ProductError, ProductNotFoundError, ProductVersionConflictError, ProductWithdrawnError,
};
use super::super::product::Product;
use super::create_product::AttributeInput;
use super::desk;
use crate::ProductId;
use crate::desk::Written;
use crate::domain::{Attribute, InvalidField, ProductChange};

/// The mutation.
#[derive(Default)]
pub struct UpdateProduct;

/// The mutation.
#[Object]
impl UpdateProduct {
    /// Changes what a product says about itself. For administrators.
    async fn update_product(
        &self,
        context: &Context<'_>,
        input: UpdateProductInput,
    ) -> Result<Option<UpdateProductPayload>> {
        update_product(context, input).await.map(Some)
    }
}

async fn update_product(context: &Context<'_>, input: UpdateProductInput) -> Result<UpdateProductPayload> {
    let desk = desk(context)?;
    let read = (input.id, input.expected_version);
    let written = match input.into_change() {
        Ok(change) => desk.change(read, change).await?,
        Err(invalid) => Written::Invalid(vec![invalid]),
    };
    Ok(match written {
        Written::Product(product) => UpdateProductPayload { product: Some((*product).into()), errors: Vec::new() },
        refused => {
            let errors = ProductError::of(refused).into_iter().filter_map(UpdateProductError::of).collect();
            UpdateProductPayload { product: None, errors }
        }
    })
}

/// New values for a product; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateProductInput {
    /// Which product.
    id: ProductId,
    /// The version that the caller has read.
    expected_version: i32,
    /// Its name, 1 to 200 characters.
    name: Option<String>,
    /// A text of at most 5,000 characters.
    description: Option<String>,
    /// The shelf it stands on, 1 to 80 characters.
    category: Option<String>,
    /// Free-form properties, at most 50: the whole list anew.
    attributes: Option<Vec<AttributeInput>>,
    /// Weight of one piece in grams.
    weight: Option<i32>,
    /// What is told about it beside its description, at most 50 pieces: the whole list anew.
    blocks: Option<Vec<ContentBlockInput>>,
}

impl UpdateProductInput {
    fn into_change(self) -> std::result::Result<ProductChange, InvalidField> {
        let attributes = |given: Vec<AttributeInput>| given.into_iter().map(Attribute::from).collect();
        Ok(ProductChange {
            name: self.name,
            description: self.description,
            category: self.category,
            attributes: self.attributes.map(attributes),
            weight_grams: self.weight,
            blocks: self.blocks.map(blocks).transpose()?,
        })
    }
}

/// What `updateProduct` did.
#[derive(SimpleObject)]
pub struct UpdateProductPayload {
    /// The product as it is now; null when the change was refused.
    product: Option<Product>,
    /// Why it was refused.
    errors: Vec<UpdateProductError>,
}

/// Why a product was not changed.
#[derive(Union)]
pub enum UpdateProductError {
    /// A value breaks a rule.
    Invalid(InvalidProductError),
    /// There is no such product.
    NotFound(ProductNotFoundError),
    /// Somebody changed it in between.
    VersionConflict(ProductVersionConflictError),
    /// It is sold no more.
    Withdrawn(ProductWithdrawnError),
}

impl UpdateProductError {
    /// `None` of what a change never is.
    fn of(error: ProductError) -> Option<Self> {
        match error {
            ProductError::Invalid(error) => Some(Self::Invalid(error)),
            ProductError::NotFound(error) => Some(Self::NotFound(error)),
            ProductError::VersionConflict(error) => Some(Self::VersionConflict(error)),
            ProductError::Withdrawn(error) => Some(Self::Withdrawn(error)),
            ProductError::SkuTaken(_) | ProductError::VariantNotFound(_) => None,
        }
    }
}
