//! Invoices as PDF: A4, one or more pages, text that can be searched and copied.

mod font;
mod layout;
mod page;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use wire::money::Currency;

use layout::write;

/// Lines of an invoice: as many as an order has.
pub const LINES_MAX: usize = 100;
/// Characters of a text that are printed; what is longer ends in an ellipsis.
pub const TEXT_CHARACTERS_MAX: usize = 200;
/// Lines of an address.
pub const ADDRESS_LINES_MAX: usize = 6;

/// What is invoiced. Amounts are in the currency's smallest unit, and add up: nothing is calculated here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Who sells.
    pub seller: String,
    /// The invoice's number.
    pub number: String,
    /// When it was made.
    pub issued_on: NaiveDate,
    /// The order's number.
    pub order_number: String,
    /// When it was ordered.
    pub ordered_on: NaiveDate,
    /// Where the order goes, line by line; empty if nobody knows.
    pub address: Vec<String>,
    /// What was sold.
    pub lines: Vec<Line>,
    /// The sum.
    pub total_minor: i64,
    /// ISO 4217.
    pub currency: Currency,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub name: String,
    /// How many pieces.
    pub quantity: i64,
    /// What one costs.
    pub unit_price_minor: i64,
    /// What all of them cost.
    pub amount_minor: i64,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvoiceError {
    /// More lines than an invoice has.
    #[error("an invoice has at most {LINES_MAX} lines")]
    TooManyLines,
    /// The font or a page is none: this program is wrong.
    #[error("no page can be made")]
    Page,
    /// The library refused.
    #[error("the document can't be written: {0}")]
    Write(String),
}

/// The document: at most some 100 kB, since lines and texts are bounded and only those letters are in it that it needs. The same bytes for
/// the same invoice. A character that the font hasn't is printed as a question mark in a diamond.
///
/// # Errors
/// [`InvoiceError`].
pub fn render(invoice: &Invoice) -> Result<Vec<u8>, InvoiceError> {
    if invoice.lines.len() > LINES_MAX {
        return Err(InvoiceError::TooManyLines);
    }
    write(invoice)
}
