//! Pages of products by keyset: filters, four orders, from either end. Always one query.

use ::products::domain::{ProductFilter, ProductOrder, ProductPosition, fold_name};
use ::products::store::StoreError;
use kit::GlobalId;
use kit::PageRequest;
use kit::paging::{Direction, SortTime};
use mongodb::bson::{Bson, Document, doc};

use crate::documents::stored_time;

/// Which products are on a page.
pub fn filter(
    filter: &ProductFilter,
    order: ProductOrder,
    page: &PageRequest<ProductPosition>,
) -> Result<Document, StoreError> {
    let mut all = vec![doc! { "withdrawn_at": null }];
    if let Some(category) = &filter.category {
        all.push(doc! { "category": category });
    }
    if let Some(currency) = &filter.currency {
        all.push(doc! { "price.currency": currency.as_str() });
    }
    if let Some(minor) = filter.price_minor_min {
        all.push(doc! { "price.minor": { "$gte": minor } });
    }
    if let Some(minor) = filter.price_minor_max {
        all.push(doc! { "price.minor": { "$lte": minor } });
    }
    if let Some(is_in_stock) = filter.in_stock {
        all.push(doc! { "in_stock.0": { "$exists": is_in_stock } });
    }
    if let Some(prefix) = &filter.name_prefix {
        all.push(doc! { "name_folded": { "$regex": starting_with(prefix) } });
    }
    for (position, direction) in [(&page.after, Direction::Forward), (&page.before, Direction::Backward)] {
        if let Some(position) = position {
            all.push(beyond(position, order, direction)?);
        }
    }
    Ok(doc! { "$and": all })
}

/// An expression that matches `prefix` itself, whatever it holds, and anything behind it.
fn starting_with(prefix: &str) -> String {
    let mut expression = String::from("^");
    for character in fold_name(prefix).chars() {
        if character.is_ascii() && !character.is_ascii_alphanumeric() {
            expression.push('\\');
        }
        expression.push(character);
    }
    expression
}

/// How the rows are sorted in the direction of the page.
pub fn sort(order: ProductOrder, direction: Direction) -> Document {
    let descends = matches!(order, ProductOrder::PriceDescending | ProductOrder::Newest);
    let turn = if descends == (direction == Direction::Forward) { -1 } else { 1 };
    match order {
        ProductOrder::Name => doc! { "name_folded": turn, "_id": turn },
        ProductOrder::PriceAscending | ProductOrder::PriceDescending => {
            doc! { "price.currency": turn, "price.minor": turn, "_id": turn }
        }
        ProductOrder::Newest => doc! { "created_at": turn, "_id": turn },
    }
}

/// What stands behind `position` under `order`, or before it.
fn beyond(position: &ProductPosition, order: ProductOrder, direction: Direction) -> Result<Document, StoreError> {
    if !position.fits(order) {
        return Err(StoreError::Position);
    }
    let descends = matches!(order, ProductOrder::PriceDescending | ProductOrder::Newest);
    let operator = if descends == (direction == Direction::Forward) { "$lt" } else { "$gt" };
    let keys: Vec<(&str, Bson)> = match position {
        ProductPosition::Name(name, id) => vec![("name_folded", name.into()), ("_id", id.uuid().to_string().into())],
        ProductPosition::Price(currency, minor, id) => vec![
            ("price.currency", currency.into()),
            ("price.minor", (*minor).into()),
            ("_id", id.uuid().to_string().into()),
        ],
        ProductPosition::Age(SortTime(created_at), id) => {
            vec![("created_at", stored_time(*created_at).into()), ("_id", id.uuid().to_string().into())]
        }
    };
    Ok(doc! { "$or": after_keys(&keys, operator) })
}

/// Compares keys as one value: equal in the first ones, and beyond in the next.
fn after_keys(keys: &[(&str, Bson)], operator: &str) -> Vec<Document> {
    let alternative = |(count, (name, value)): (usize, &(&str, Bson))| {
        let mut alternative = Document::new();
        for (name, value) in keys.iter().take(count) {
            alternative.insert(*name, value.clone());
        }
        alternative.insert(*name, doc! { operator: value.clone() });
        alternative
    };
    keys.iter().enumerate().map(alternative).collect()
}

#[cfg(test)]
mod tests {
    use super::starting_with;

    #[test]
    fn takes_expressions_literally() {
        assert_eq!(starting_with("50%_Off.*"), r"^50\%\_off\.\*");
        assert_eq!(starting_with(""), "^");
    }
}
