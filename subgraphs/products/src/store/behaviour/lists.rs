//! Lists of products: four orders, both ways, and filters.

use kit::paging::Direction;
use kit::{GlobalId, PageBound, PageRequest};

use super::samples::{added, at, euro, product, told_of};
use super::{Failure, Outcome, Stage, same};
use crate::domain::{Product, ProductFilter, ProductOrder, ProductPosition};
use crate::store::Saved;

const BOUND: PageBound = PageBound::new("products:checked");
/// Rows of a page: a few pages make the list.
const PAGE: i32 = 4;

/// Thirteen products in two currencies, with names and prices that are often the same.
async fn shelf(stage: &dyn Stage) -> Result<Vec<Product>, Failure> {
    let mut all = Vec::new();
    for number in 0..13 {
        let mut decided = product(number);
        let name = match number % 4 {
            0 => "pan",
            1 => "Pan",
            2 => "äpfel",
            _ => "50% off (really)",
        };
        name.clone_into(&mut decided.state.name);
        decided.state.price = euro(i64::from(number % 3));
        if number % 5 == 0 {
            decided.state.price.currency = "USD".parse().unwrap_or(kit::CurrencyCode::EUR);
        }
        if number % 2 == 0 {
            decided.state.category = "Pans".to_owned();
        }
        decided.state.created_at = at(i64::from(number / 2));
        all.push(added(stage, decided).await?);
    }
    Ok(all)
}

async fn page(
    stage: &dyn Stage,
    order: ProductOrder,
    direction: Direction,
    position: Option<ProductPosition>,
) -> Result<Vec<Product>, Failure> {
    let of = |first, last| PageRequest::<ProductPosition>::parse(first, None, last, None, BOUND);
    let mut request = if direction == Direction::Forward { of(Some(PAGE), None)? } else { of(None, Some(PAGE))? };
    match direction {
        Direction::Forward => request.after = position,
        Direction::Backward => request.before = position,
    }
    let mut rows = stage.store().product_list(&ProductFilter::default(), order, &request).await?;
    rows.truncate(usize::try_from(PAGE).unwrap_or(0));
    Ok(rows)
}

async fn walk(stage: &dyn Stage, order: ProductOrder, direction: Direction) -> Result<Vec<Product>, Failure> {
    let mut all: Vec<Product> = Vec::new();
    loop {
        let position = all.last().map(|last| ProductPosition::of(last, order));
        let rows = page(stage, order, direction, position).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        all.extend(rows);
    }
}

pub(super) async fn every_order_walks_both_ways(stage: &dyn Stage) -> Outcome {
    let shelf = shelf(stage).await?;
    let key = |product: &Product, order: ProductOrder| {
        let id = product.id.uuid();
        let text = match order {
            ProductOrder::Name => crate::domain::fold_name(&product.name),
            ProductOrder::Newest => product.created_at.to_rfc3339(),
            ProductOrder::PriceAscending | ProductOrder::PriceDescending => product.price.currency.to_string(),
        };
        let minor =
            if order == ProductOrder::Name || order == ProductOrder::Newest { 0 } else { product.price.amount_minor.0 };
        (text, minor, id)
    };
    for order in [ProductOrder::Name, ProductOrder::PriceAscending, ProductOrder::PriceDescending, ProductOrder::Newest]
    {
        let mut expected = shelf.clone();
        expected.sort_by_key(|product| key(product, order));
        if matches!(order, ProductOrder::PriceDescending | ProductOrder::Newest) {
            expected.reverse();
        }
        same("forward", walk(stage, order, Direction::Forward).await?, expected.clone())?;
        expected.reverse();
        same("backward", walk(stage, order, Direction::Backward).await?, expected)?;
    }
    Ok(())
}

pub(super) async fn listed(stage: &dyn Stage, filter: &ProductFilter) -> Result<Vec<Product>, Failure> {
    let request = PageRequest::parse(Some(100), None, None, None, BOUND)?;
    Ok(stage.store().product_list(filter, ProductOrder::Newest, &request).await?)
}

pub(super) async fn filters_narrow(stage: &dyn Stage) -> Outcome {
    let shelf = shelf(stage).await?;
    let all = ProductFilter::default();
    let prefix = |text: &str| ProductFilter { name_prefix: Some(text.to_owned()), ..all.clone() };
    let euros = ProductFilter { currency: Some(kit::CurrencyCode::EUR), ..all.clone() };
    type Keep = fn(&Product) -> bool;
    let cases: [(ProductFilter, Keep); 8] = [
        (all.clone(), |_| true),
        (ProductFilter { category: Some("Pans".to_owned()), ..all.clone() }, |product| product.category == "Pans"),
        (euros.clone(), |product| product.price.currency == kit::CurrencyCode::EUR),
        (ProductFilter { price_minor_min: Some(1), price_minor_max: Some(1), ..euros }, |product| {
            product.price == euro(1)
        }),
        (prefix("PA"), |product| product.name.to_lowercase() == "pan"),
        (prefix("50% OFF (r"), |product| product.name.starts_with("50%")),
        (prefix(".*"), |_| false),
        (prefix("Ä"), |product| product.name == "äpfel"),
    ];
    for (filter, keep) in cases {
        let mut found: Vec<_> = listed(stage, &filter).await?.iter().map(|product| product.id).collect();
        let mut expected: Vec<_> = shelf.iter().filter(|product| keep(product)).map(|product| product.id).collect();
        found.sort();
        expected.sort();
        same(&format!("{filter:?}"), found, expected)?;
    }
    Ok(())
}

pub(super) async fn what_is_withdrawn_is_listed_no_more(stage: &dyn Stage) -> Outcome {
    let (kept, gone) = (added(stage, product(1)).await?, added(stage, product(2)).await?);
    let withdrawn = gone.withdraw(at(5));
    let saved = stage.store().product_save(&withdrawn.state, &told_of(&withdrawn)?).await?;
    same("withdrawn", saved, Saved::Done)?;
    same("the list", listed(stage, &ProductFilter::default()).await?, vec![kept])?;
    same("by id", stage.store().product_list_by_id(&[gone.id]).await?, vec![withdrawn.state])
}
