//! Pages of products by keyset: filters, four orders, from either end. Always one statement.

use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::paging::{Direction, SortTime};
use kit::{GlobalId, PageRequest};

use super::StoreError;
use super::row::ProductRow;
use super::schema::products;
use crate::domain::{Product, ProductFilter, ProductOrder, ProductPosition, fold_name};

/// What is on stock of a product that is sold out.
const NOTHING: &[uuid::Uuid] = &[];

type Query<'a> = diesel::helper_types::IntoBoxed<'a, products::table, Pg>;
type Condition = Box<dyn BoxableExpression<products::table, Pg, SqlType = Bool>>;

pub(super) async fn product_list(
    connection: &mut AsyncPgConnection,
    filter: &ProductFilter,
    order: ProductOrder,
    page: &PageRequest<ProductPosition>,
) -> Result<Vec<Product>, StoreError> {
    let mut query = filtered(filter);
    if let Some(position) = &page.after {
        query = query.filter(beyond(position, order, Direction::Forward)?);
    }
    if let Some(position) = &page.before {
        query = query.filter(beyond(position, order, Direction::Backward)?);
    }
    let rows: Vec<ProductRow> = ordered(query, order, page.direction)
        .limit(page.rows_max())
        .select(ProductRow::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Product::try_from).collect()
}

fn filtered(filter: &ProductFilter) -> Query<'_> {
    let mut query = products::table.filter(products::withdrawn_at.is_null()).into_boxed();
    if let Some(category) = &filter.category {
        query = query.filter(products::category.eq(category));
    }
    if let Some(currency) = &filter.currency {
        query = query.filter(products::currency.eq(currency.as_str()));
    }
    if let Some(minor) = filter.price_minor_min {
        query = query.filter(products::price_minor.ge(minor));
    }
    if let Some(minor) = filter.price_minor_max {
        query = query.filter(products::price_minor.le(minor));
    }
    match filter.in_stock {
        Some(true) => query = query.filter(products::in_stock_items.ne(NOTHING)),
        Some(false) => query = query.filter(products::in_stock_items.eq(NOTHING)),
        None => {}
    }
    if let Some(prefix) = &filter.name_prefix {
        query = query.filter(products::name_folded.like(starting_with(prefix)));
    }
    query
}

/// A pattern that matches `prefix` itself, whatever wildcards it holds, and anything behind it.
fn starting_with(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len() + 1);
    for character in fold_name(prefix).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn ordered(query: Query<'_>, order: ProductOrder, direction: Direction) -> Query<'_> {
    use products::{created_at, currency, id, name_folded, price_minor};
    match (order, direction) {
        (ProductOrder::Name, Direction::Forward) => query.order((name_folded.asc(), id.asc())),
        (ProductOrder::Name, Direction::Backward) => query.order((name_folded.desc(), id.desc())),
        (ProductOrder::PriceAscending, Direction::Forward) | (ProductOrder::PriceDescending, Direction::Backward) => {
            query.order((currency.asc(), price_minor.asc(), id.asc()))
        }
        (ProductOrder::PriceAscending, Direction::Backward) | (ProductOrder::PriceDescending, Direction::Forward) => {
            query.order((currency.desc(), price_minor.desc(), id.desc()))
        }
        (ProductOrder::Newest, Direction::Forward) => query.order((created_at.desc(), id.desc())),
        (ProductOrder::Newest, Direction::Backward) => query.order((created_at.asc(), id.asc())),
    }
}

/// Compares rows with a position as one value, which PostgreSQL turns into one index range.
macro_rules! stands {
    ($columns:literal, $operator:expr, $($kind:ty => $value:expr),+) => {{
        let left = if $operator == ">" {
            concat!($columns, " > (")
        } else {
            concat!($columns, " < (")
        };
        let comparison = sql::<Bool>(left);
        stands!(@bind comparison, $($kind => $value),+)
    }};
    (@bind $so_far:expr, $kind:ty => $value:expr) => {
        Box::new($so_far.bind::<$kind, _>($value).sql(")")) as Condition
    };
    (@bind $so_far:expr, $kind:ty => $value:expr, $($more:tt)+) => {{
        let so_far = $so_far.bind::<$kind, _>($value).sql(", ");
        stands!(@bind so_far, $($more)+)
    }};
}

/// What stands behind `position` under `order`, or before it.
fn beyond(position: &ProductPosition, order: ProductOrder, direction: Direction) -> Result<Condition, StoreError> {
    if !position.fits(order) {
        return Err(StoreError::Position);
    }
    let descends = matches!(order, ProductOrder::PriceDescending | ProductOrder::Newest);
    let operator = if descends == (direction == Direction::Forward) { "<" } else { ">" };
    Ok(match position {
        ProductPosition::Name(name, id) => stands!(
            "(name_folded, id)", operator, Text => name.clone(), SqlUuid => id.uuid()
        ),
        ProductPosition::Price(currency, minor, id) => stands!(
            "(currency, price_minor, id)", operator,
            Text => currency.clone(), BigInt => *minor, SqlUuid => id.uuid()
        ),
        ProductPosition::Age(SortTime(created_at), id) => stands!(
            "(created_at, id)", operator, Timestamptz => *created_at, SqlUuid => id.uuid()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::starting_with;

    #[test]
    fn takes_wildcards_literally() {
        assert_eq!(starting_with("50%_Off\\"), "50\\%\\_off\\\\%");
        assert_eq!(starting_with(""), "%");
    }
}
