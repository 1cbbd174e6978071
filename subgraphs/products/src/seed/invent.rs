//! Product number n, made up from n alone.

use kit::{CurrencyCode, Money};

use super::words::{CARE, COLOURS, COUNTRIES, Kind, MANNERS, SHELVES};
use crate::domain::{Attribute, ProductDraft};

/// Products come into the catalogue ten minutes apart.
const SECONDS_BETWEEN_PRODUCTS: i64 = 600;

/// A product and when it came into the catalogue.
pub(super) struct Invented {
    pub draft: ProductDraft,
    pub created_unix_seconds: i64,
}

pub(super) fn invent(number: u64) -> Invented {
    let mut random = kit::seed::random("product", number);
    let shelf = pick(&mut random, SHELVES);
    let kind = pick(&mut random, shelf.kinds);
    let material = *pick(&mut random, kind.materials);
    let manner = *pick(&mut random, MANNERS);
    let colour = *pick(&mut random, COLOURS);
    let country = *pick(&mut random, COUNTRIES);
    let care = *pick(&mut random, CARE);
    let draft = ProductDraft {
        sku: format!("{}-{number:06}", shelf.sku_prefix),
        name: format!("{manner} {material} {}", kind.noun),
        description: describe(manner, material, kind, care),
        price: price(number),
        category: shelf.category.to_owned(),
        attributes: vec![attribute("Material", material), attribute("Colour", colour), attribute("Made in", country)],
        weight_grams: random.i32(kind.grams.0..=kind.grams.1),
        // Every sixteenth product is sold out. The seed of stock repeats what is drawn here and how often something is drawn before,
        // so neither must ever change.
        stock: if random.u8(..16) == 0 { 0 } else { random.i32(1..400) },
    };
    let seconds = SECONDS_BETWEEN_PRODUCTS.saturating_mul(number.cast_signed());
    Invented { draft, created_unix_seconds: kit::seed::EPOCH_UNIX_SECONDS.saturating_add(seconds) }
}

/// The price of product `number`. The seed of orders repeats this formula for what the product
/// cost then, so it must never change. Every tenth product is priced in US dollars.
fn price(number: u64) -> Money {
    let minor = kit::seed::random("price", number).i64(3..350) * 100 + 99;
    let currency = if number.is_multiple_of(10) { "USD".parse() } else { Ok(CurrencyCode::EUR) };
    Money::new(minor, currency.unwrap_or(CurrencyCode::EUR))
}

fn describe(manner: &str, material: &str, kind: &Kind, care: &str) -> String {
    let article = if manner.starts_with(['A', 'E', 'I', 'O', 'U']) { "An" } else { "A" };
    let (manner, noun) = (manner.to_lowercase(), kind.noun.to_lowercase());
    let (material, purpose) = (material.to_lowercase(), kind.purpose);
    format!("{article} {manner} {noun} in {material}, made for {purpose}. {care}")
}

fn attribute(name: &str, value: &str) -> Attribute {
    Attribute { name: name.to_owned(), value: value.to_owned() }
}

/// One of `words`, which are constants and never empty.
fn pick<T>(random: &mut fastrand::Rng, words: &'static [T]) -> &'static T {
    #[expect(clippy::indexing_slicing, reason = "the index is below the length, and no list of words is empty")]
    &words[random.usize(..words.len())]
}

#[cfg(test)]
mod tests {
    use super::invent;

    #[test]
    fn invents_the_same_valid_product_again() {
        for number in (1..=50_000).step_by(487) {
            let product = invent(number);
            assert_eq!(product.draft.check(), []);
            assert_eq!(product.draft, invent(number).draft);
        }
    }

    /// What the seed of stock has for the same numbers.
    #[test]
    fn stock_is_what_the_books_say() {
        let first: Vec<i32> = (1..=12).map(|number| invent(number).draft.stock).collect();
        assert_eq!(first, [343, 0, 94, 328, 337, 161, 188, 387, 250, 59, 125, 21]);
        let weighed: u64 =
            (1..=50_000).map(|number| u64::from(invent(number).draft.stock.unsigned_abs()) * number).sum();
        assert_eq!(weighed, 235_380_703_497);
    }
}
