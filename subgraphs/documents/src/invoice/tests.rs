//! Documents, read by another's reader.

use lopdf::Document;

use super::*;

fn invoice(lines: Vec<Line>) -> Invoice {
    let total_minor = lines.iter().map(|line| line.amount_minor).sum();
    Invoice {
        seller: "Supergraph".to_owned(),
        number: "INV-00000007".to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        order_number: "SG-00000042".to_owned(),
        ordered_on: NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(),
        address: vec!["Zoë Ångström".to_owned(), "Łódzka 1".to_owned(), "10115 Berlin".to_owned(), "DE".to_owned()],
        lines,
        total_minor,
        currency: Currency::EUR,
    }
}

fn line(name: &str, quantity: i64, unit_price_minor: i64) -> Line {
    Line { name: name.to_owned(), quantity, unit_price_minor, amount_minor: quantity * unit_price_minor }
}

/// The text of each page.
fn read(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    document.get_pages().into_keys().map(|page| document.extract_text(&[page]).unwrap()).collect()
}

/// Whether a page says so, whatever lies between words.
fn says(page: &str, text: &str) -> bool {
    let without = |text: &str| text.split_whitespace().collect::<String>();
    without(page).contains(&without(text))
}

#[test]
fn it_says_who_buys_what_for_how_much() {
    let pdf =
        render(&invoice(vec![line("Café-Tasse „Größe“", 3, 1_999), line("Žižek’s Δοκίμιο", 1_000, 123_456)])).unwrap();
    let pages = read(&pdf);
    assert_eq!(pages.len(), 1);
    for text in [
        "Invoice",
        "INV-00000007",
        "2026-11-22",
        "SG-00000042",
        "2026-11-21",
        "Zoë Ångström",
        "Łódzka 1",
        "Café-Tasse „Größe“",
        "19.99 EUR",
        "59.97 EUR",
        "Žižek’s Δοκίμιο",
        "1,234.56 EUR",
        "1,234,560.00 EUR",
        "Total",
        "1,234,619.97 EUR",
        "Page 1 of 1",
    ] {
        assert!(says(&pages[0], text), "{text:?} isn't in {:?}", pages[0]);
    }
}

#[test]
fn many_lines_take_several_pages_each_with_its_head_and_none_is_lost() {
    let name = |number| format!("Article {number:03} {}", "with a rather long name that has to be wrapped ".repeat(3));
    let lines = (0..100).map(|number| line(&name(number), 1, 100 + number)).collect();
    let pdf = render(&invoice(lines)).unwrap();
    let pages = read(&pdf);
    assert!((4..=12).contains(&pages.len()), "{} pages", pages.len());
    let last = format!("Page {0} of {0}", pages.len());
    assert!(says(pages.last().unwrap(), &last) && says(pages.last().unwrap(), "Total"));
    for page in &pages {
        assert!(says(page, "Article") && says(page, "Unit price") && says(page, "Invoice INV-00000007"));
    }
    for number in 0..100 {
        let on = pages.iter().filter(|page| says(page, &format!("Article {number:03} with"))).count();
        assert_eq!(on, 1, "article {number}");
    }
    assert!(pdf.len() < 150_000, "{} bytes", pdf.len());
}

#[test]
fn whatever_it_is_told_it_stays_bounded() {
    let strange =
        ["\u{202e}evil", "a\u{0}b\r\nc", "漢字", "🙂🙂", "", &"W".repeat(10_000), &"word ".repeat(10_000), "(\\)<<>>"];
    let lines = strange.iter().map(|name| line(name, i64::MAX, 1)).collect();
    let mut invoice = Invoice { total_minor: i64::MAX, ..super::tests::invoice(Vec::new()) };
    invoice.lines = lines;
    invoice.address = vec!["W".repeat(10_000); 1_000];
    let pdf = render(&invoice).unwrap();
    assert!(pdf.len() < 150_000, "{} bytes", pdf.len());
    let pages = read(&pdf);
    assert!(pages.len() <= 3);
    assert!(pages.iter().any(|page| says(page, "(\\)<<>>") && says(page, "92,233,720,368,547,758.07 EUR")));
    invoice.lines = vec![line("a", 1, 1); LINES_MAX + 1];
    assert!(matches!(render(&invoice), Err(InvoiceError::TooManyLines)));
}

#[test]
fn the_same_invoice_is_the_same_document() {
    let invoice = invoice(vec![line("a", 1, 1)]);
    assert_eq!(render(&invoice).unwrap(), render(&invoice).unwrap());
}
