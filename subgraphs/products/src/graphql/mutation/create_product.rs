//! `createProduct`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{MoneyInput, Result};

use super::super::errors::{InvalidProductError, SkuTakenError};
use super::super::product::Product;
use super::desk;
use crate::desk::Written;
use crate::domain::{Attribute, ProductDraft};

/// The mutation.
#[derive(Default)]
pub struct CreateProduct;

/// The mutation.
#[Object]
impl CreateProduct {
    /// Adds a product to the catalogue. For administrators.
    async fn create_product(
        &self,
        context: &Context<'_>,
        input: CreateProductInput,
    ) -> Result<Option<CreateProductPayload>> {
        create_product(context, input).await.map(Some)
    }
}

async fn create_product(context: &Context<'_>, input: CreateProductInput) -> Result<CreateProductPayload> {
    Ok(match desk(context)?.add(input.into_draft()).await? {
        Written::Product(product) => CreateProductPayload { product: Some((*product).into()), errors: Vec::new() },
        Written::SkuTaken(sku) => CreateProductPayload { product: None, errors: vec![SkuTakenError::new(sku).into()] },
        Written::Invalid(invalid) => {
            let errors = invalid.into_iter().map(|invalid| InvalidProductError::from(invalid).into());
            CreateProductPayload { product: None, errors: errors.collect() }
        }
        // None of what is new.
        Written::Missing | Written::VersionConflict(_) | Written::Withdrawn | Written::VariantMissing => {
            return Err(kit::Error::internal("a product that is added can't be refused for what it was"));
        }
    })
}

/// A product to be added.
#[derive(InputObject)]
pub struct CreateProductInput {
    /// The stock keeping unit: 3 to 32 upper-case letters, digits and hyphens. It never changes.
    sku: String,
    /// Its name, 1 to 200 characters.
    name: String,
    /// A text of at most 5,000 characters.
    #[graphql(default)]
    description: String,
    /// What one piece costs; not negative.
    price: MoneyInput,
    /// The shelf it stands on, 1 to 80 characters.
    category: String,
    /// Free-form properties, at most 50.
    #[graphql(default)]
    attributes: Vec<AttributeInput>,
    /// Weight of one piece in grams.
    weight: i32,
    /// Pieces that there are of it from the start. They are on stock once the stock service has heard of the product.
    #[graphql(default)]
    stock: i32,
}

impl CreateProductInput {
    fn into_draft(self) -> ProductDraft {
        ProductDraft {
            sku: self.sku,
            name: self.name,
            description: self.description,
            price: self.price.into(),
            category: self.category,
            attributes: self.attributes.into_iter().map(Attribute::from).collect(),
            weight_grams: self.weight,
            stock: self.stock,
        }
    }
}

/// A free-form property of a product.
#[derive(InputObject)]
pub struct AttributeInput {
    /// What is described, 1 to 80 characters.
    name: String,
    /// Its value, at most 500 characters.
    value: String,
}

impl From<AttributeInput> for Attribute {
    fn from(input: AttributeInput) -> Self {
        Self { name: input.name, value: input.value }
    }
}

/// What `createProduct` did.
#[derive(SimpleObject)]
pub struct CreateProductPayload {
    /// The new product; null when it was refused.
    product: Option<Product>,
    /// Why it was refused.
    errors: Vec<CreateProductError>,
}

/// Why a product was not added.
#[derive(Union)]
pub enum CreateProductError {
    /// A value breaks a rule.
    Invalid(InvalidProductError),
    /// The SKU is taken.
    SkuTaken(SkuTakenError),
}
