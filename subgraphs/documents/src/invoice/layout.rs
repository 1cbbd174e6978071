//! Where everything of an invoice stands. First all of it is put on pages, then the pages are written: each says how many there are.

use krilla::metadata::Metadata;
use krilla::{Document, SerializeSettings};
use wire::money::{Currency, Money};

use Weight::{Bold, Regular};

use super::font::Face;
use super::page::{At, BOTTOM, LEFT, RIGHT, TOP, begin, rule, text};
use super::{ADDRESS_LINES_MAX, Invoice, InvoiceError, Line};

/// Sizes of letters, in points.
const TITLE: f32 = 18.0;
const NORMAL: f32 = 9.0;
const SMALL: f32 = 7.5;
/// From one base line to the next.
const LINE: f32 = 13.0;
/// Between what doesn't belong together.
const GAP: f32 = 10.0;
/// Where the columns end: pieces, price, amount. What was sold stands before them.
const COLUMNS: [f32; 3] = [RIGHT - 190.0, RIGHT - 100.0, RIGHT];
/// How wide what was sold may be.
const NAME_WIDTH: f32 = COLUMNS[0] - LEFT - 50.0;

/// How a text looks.
#[derive(Clone, Copy)]
enum Weight {
    Regular,
    Bold,
}

/// A text at its place.
struct Placed {
    weight: Weight,
    size: f32,
    at: (At, f32),
    text: String,
}

/// What is on a page.
#[derive(Default)]
struct Sheet {
    texts: Vec<Placed>,
    rules: Vec<f32>,
}

/// The pages so far, and where the last one goes on.
struct Sheets {
    done: Vec<Sheet>,
    sheet: Sheet,
    y: f32,
    regular: Face,
    bold: Face,
}

/// The document.
pub(super) fn write(invoice: &Invoice) -> Result<Vec<u8>, InvoiceError> {
    let (regular, bold) = (Face::regular()?, Face::bold()?);
    let mut sheets = Sheets { done: Vec::new(), sheet: Sheet::default(), y: TOP, regular, bold };
    sheets.head(invoice);
    sheets.columns();
    for line in &invoice.lines {
        sheets.line(line, invoice.currency);
    }
    sheets.total(invoice);
    sheets.write(invoice)
}

impl Sheets {
    fn head(&mut self, invoice: &Invoice) {
        self.put(Bold, NORMAL, At::Right(RIGHT), &invoice.seller);
        self.put(Bold, TITLE, At::Left(LEFT), "Invoice");
        self.y += LINE + GAP;
        let below = self.y;
        for line in invoice.address.iter().take(ADDRESS_LINES_MAX) {
            self.put(Regular, NORMAL, At::Left(LEFT), line);
            self.y += LINE;
        }
        let after_address = std::mem::replace(&mut self.y, below);
        let facts = [
            ("Invoice number", invoice.number.clone()),
            ("Date of invoice", invoice.issued_on.to_string()),
            ("Order", invoice.order_number.clone()),
            ("Ordered on", invoice.ordered_on.to_string()),
        ];
        for (name, fact) in facts {
            self.put(Regular, NORMAL, At::Left(RIGHT - 200.0), name);
            self.put(Regular, NORMAL, At::Right(RIGHT), &fact);
            self.y += LINE;
        }
        self.y = self.y.max(after_address) + 2.0 * GAP;
    }

    /// The head of the list: on each page.
    fn columns(&mut self) {
        self.put(Bold, NORMAL, At::Left(LEFT), "Article");
        for (name, end) in ["Quantity", "Unit price", "Amount"].into_iter().zip(COLUMNS) {
            self.put(Bold, NORMAL, At::Right(end), name);
        }
        self.sheet.rules.push(self.y + 4.0);
        self.y += LINE + GAP / 2.0;
    }

    fn line(&mut self, line: &Line, currency: Currency) {
        let name = self.regular.wrapped(&self.regular.printable(&line.name), NORMAL, NAME_WIDTH);
        self.room(name.len());
        let shown = |amount_minor| Money::new(amount_minor, currency).to_string();
        let numbers = [line.quantity.to_string(), shown(line.unit_price_minor), shown(line.amount_minor)];
        for (number, end) in numbers.iter().zip(COLUMNS) {
            self.put(Regular, NORMAL, At::Right(end), number);
        }
        for part in name {
            self.put(Regular, NORMAL, At::Left(LEFT), &part);
            self.y += LINE;
        }
        self.y += GAP / 4.0;
    }

    fn total(&mut self, invoice: &Invoice) {
        self.room(2);
        self.sheet.rules.push(self.y - LINE + 3.0);
        self.y += GAP / 2.0;
        self.put(Bold, NORMAL, At::Right(COLUMNS[1]), "Total");
        self.put(Bold, NORMAL, At::Right(RIGHT), &Money::new(invoice.total_minor, invoice.currency).to_string());
        self.y += LINE;
    }

    /// Goes on on another page if there is no room for so many lines.
    fn room(&mut self, lines: usize) {
        let needed = f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * LINE;
        if self.y + needed > BOTTOM {
            self.done.push(std::mem::take(&mut self.sheet));
            self.y = TOP;
            self.columns();
        }
    }

    fn put(&mut self, weight: Weight, size: f32, at: At, text: &str) {
        let text = self.face(weight).printable(text);
        self.sheet.texts.push(Placed { weight, size, at: (at, self.y), text });
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Regular => &self.regular,
            Bold => &self.bold,
        }
    }

    fn write(mut self, invoice: &Invoice) -> Result<Vec<u8>, InvoiceError> {
        self.done.push(std::mem::take(&mut self.sheet));
        let settings = SerializeSettings { xmp_metadata: false, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        let title = format!("Invoice {}", invoice.number);
        document.set_metadata(Metadata::new().title(title.clone()).language("en".to_owned()));
        let pages = self.done.len();
        for (number, sheet) in (1..).zip(&self.done) {
            let mut page = begin(&mut document)?;
            let mut surface = page.surface();
            for placed in &sheet.texts {
                text(&mut surface, self.face(placed.weight), placed.size, placed.at, &placed.text);
            }
            for y in &sheet.rules {
                rule(&mut surface, *y);
            }
            let foot = (BOTTOM + 2.0 * LINE) + GAP;
            text(&mut surface, &self.regular, SMALL, (At::Left(LEFT), foot), &self.regular.printable(&title));
            let of = format!("Page {number} of {pages}");
            text(&mut surface, &self.regular, SMALL, (At::Right(RIGHT), foot), &of);
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| InvoiceError::Write(format!("{error:?}")))
    }
}
