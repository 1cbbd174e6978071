//! `addVariant`, `removeVariant` and `withdrawProduct`.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use kit::{MoneyInput, Result};

use super::super::errors::ProductError;
use super::super::product::Product;
use super::create_product::AttributeInput;
use super::desk;
use crate::desk::Written;
use crate::domain::{Attribute, VariantDraft};
use crate::{ProductId, VariantId};

/// The mutations.
#[derive(Default)]
pub struct WriteVariants;

/// The mutations.
#[Object]
impl WriteVariants {
    /// Adds a variant to a product. For administrators.
    async fn add_variant(&self, context: &Context<'_>, input: AddVariantInput) -> Result<Option<ProductPayload>> {
        let AddVariantInput { product_id, expected_version, sku, price, attributes } = input;
        let attributes = attributes.into_iter().map(Attribute::from).collect();
        let draft = VariantDraft { sku, price: price.map(Into::into), attributes };
        Ok(Some(desk(context)?.add_variant((product_id, expected_version), draft).await?.into()))
    }

    /// Removes a variant of a product; orders of it stand. For administrators.
    async fn remove_variant(&self, context: &Context<'_>, input: RemoveVariantInput) -> Result<Option<ProductPayload>> {
        let RemoveVariantInput { product_id, expected_version, variant_id } = input;
        Ok(Some(desk(context)?.remove_variant((product_id, expected_version), variant_id).await?.into()))
    }

    /// Sells a product no more, for good; orders of it stand. For administrators.
    async fn withdraw_product(
        &self,
        context: &Context<'_>,
        input: WithdrawProductInput,
    ) -> Result<Option<ProductPayload>> {
        Ok(Some(desk(context)?.withdraw((input.id, input.expected_version)).await?.into()))
    }
}

/// A variant to be added.
#[derive(InputObject)]
pub struct AddVariantInput {
    /// To which product.
    product_id: ProductId,
    /// The version of the product that the caller has read.
    expected_version: i32,
    /// The stock keeping unit: 3 to 32 upper-case letters, digits and hyphens. It never changes.
    sku: String,
    /// What one piece costs, if not what the product does; in the product's currency.
    price: Option<MoneyInput>,
    /// What tells it from the other variants, at most 50.
    attributes: Vec<AttributeInput>,
}

/// A variant to be removed.
#[derive(InputObject)]
pub struct RemoveVariantInput {
    /// Of which product.
    product_id: ProductId,
    /// The version of the product that the caller has read.
    expected_version: i32,
    /// Which variant.
    variant_id: VariantId,
}

/// A product that is to be sold no more.
#[derive(InputObject)]
pub struct WithdrawProductInput {
    /// Which product.
    id: ProductId,
    /// The version that the caller has read.
    expected_version: i32,
}

/// What writing a product did.
#[derive(SimpleObject)]
pub struct ProductPayload {
    /// The product as it is now; null when the change was refused.
    product: Option<Product>,
    /// Why it was refused.
    errors: Vec<ProductError>,
}

impl From<Written> for ProductPayload {
    fn from(written: Written) -> Self {
        match written {
            Written::Product(product) => Self { product: Some((*product).into()), errors: Vec::new() },
            refused => Self { product: None, errors: ProductError::of(refused) },
        }
    }
}
