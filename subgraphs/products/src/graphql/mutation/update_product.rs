//! `updateProduct`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::Result;

use super::super::errors::{InvalidProductError, ProductNotFoundError, ProductVersionConflictError};
use super::super::product::Product;
use super::create_product::AttributeInput;
use super::desk;
use crate::ProductId;
use crate::domain::{Attribute, ProductChange};
use crate::store::Written;

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
    let (desk, actor) = desk(context)?;
    let (id, expected) = (input.id, input.expected_version);
    let change = input.into_change();
    let invalid = change.check();
    if !invalid.is_empty() {
        let errors = invalid.into_iter().map(|invalid| InvalidProductError::from(invalid).into());
        return Ok(UpdateProductPayload { product: None, errors: errors.collect() });
    }
    let written = desk.change(actor, (id, expected), change).await?;
    Ok(match written {
        Written::Product(product) => UpdateProductPayload { product: Some((*product).into()), errors: Vec::new() },
        Written::VersionConflict(version) => {
            UpdateProductPayload::refused(ProductVersionConflictError::new(version).into())
        }
        Written::Missing => UpdateProductPayload::refused(ProductNotFoundError::new().into()),
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
}

impl UpdateProductInput {
    fn into_change(self) -> ProductChange {
        let attributes = |given: Vec<AttributeInput>| given.into_iter().map(Attribute::from).collect();
        ProductChange {
            name: self.name,
            description: self.description,
            category: self.category,
            attributes: self.attributes.map(attributes),
            weight_grams: self.weight,
        }
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

impl UpdateProductPayload {
    fn refused(error: UpdateProductError) -> Self {
        Self { product: None, errors: vec![error] }
    }
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
}
