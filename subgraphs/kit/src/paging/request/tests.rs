use super::*;

const BOUND: PageBound = PageBound::new("numbers:ascending");

type Parsed = Result<PageRequest<(i32, i32)>>;

fn parse(first: Option<i32>, after: Option<&str>, last: Option<i32>, before: Option<&str>) -> Parsed {
    let owned = |cursor: Option<&str>| cursor.map(str::to_owned);
    PageRequest::parse(first, owned(after), last, owned(before), BOUND)
}

/// What a store would answer for the numbers 0..10.
fn page(request: &PageRequest<(i32, i32)>) -> Connection<i32> {
    let mut rows: Vec<i32> = (0..10)
        .filter(|n| request.after.is_none_or(|after| (*n, *n) > after))
        .filter(|n| request.before.is_none_or(|before| (*n, *n) < before))
        .collect();
    if request.direction == Direction::Backward {
        rows.reverse();
    }
    rows.truncate(usize::try_from(request.rows_max()).unwrap());
    request.connection(rows, |n| (*n, *n)).unwrap()
}

fn numbers(connection: &Connection<i32>) -> Vec<i32> {
    connection.edges.iter().map(|edge| edge.node).collect()
}

#[test]
fn walks_forward_to_the_end() {
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = page(&parse(Some(4), after.as_deref(), None, None).unwrap());
        assert_eq!(page.page_info.has_previous_page, after.is_some());
        seen.extend(numbers(&page));
        if !page.page_info.has_next_page {
            break;
        }
        after = page.page_info.end_cursor;
    }
    assert_eq!(seen, (0..10).collect::<Vec<_>>());
}

#[test]
fn walks_backward_in_the_lists_order() {
    let last = page(&parse(None, None, Some(3), None).unwrap());
    assert_eq!(numbers(&last), [7, 8, 9]);
    assert!(last.page_info.has_previous_page && !last.page_info.has_next_page);
    let start = last.page_info.start_cursor.as_deref();
    let before = page(&parse(None, None, Some(7), start).unwrap());
    assert_eq!(numbers(&before), (0..7).collect::<Vec<_>>());
    assert!(!before.page_info.has_previous_page && before.page_info.has_next_page);
}

#[test]
fn takes_the_default_and_an_empty_page() {
    assert_eq!(parse(None, None, None, None).unwrap().limit, 20);
    let empty = page(&parse(Some(0), None, None, None).unwrap());
    assert!(empty.edges.is_empty() && empty.page_info.has_next_page);
}

#[test]
fn refuses_texts_that_no_row_has() {
    let cursor = cursor::encode(BOUND.ordering, &("a\0b", 1)).unwrap();
    let parsed = PageRequest::<(String, i32)>::parse(None, Some(cursor), None, None, BOUND);
    assert_eq!(parsed.unwrap_err().code(), wire::codes::INVALID_PAGINATION);
}

#[test]
fn refuses_arguments_that_make_no_page() {
    let other = cursor::encode("numbers:descending", &(1, 1)).unwrap();
    let wrong_key = cursor::encode("numbers:ascending", &"text").unwrap();
    let long = "A".repeat(100_000);
    let refused = [
        parse(Some(1), None, Some(1), None),
        parse(Some(-1), None, None, None),
        parse(None, None, Some(101), None),
        parse(Some(i32::MIN), None, None, None),
        parse(None, Some(""), None, None),
        parse(None, Some("nonsense"), None, None),
        parse(None, Some(&other), None, None),
        parse(None, None, None, Some(&wrong_key)),
        parse(None, Some(&long), None, None),
    ];
    for parsed in refused {
        let error = parsed.unwrap_err();
        assert_eq!(error.code(), wire::codes::INVALID_PAGINATION);
    }
}

#[test]
fn what_cant_be_shown_has_its_place_all_the_same() {
    let request = parse(Some(2), None, None, None).unwrap();
    let page = request.connection_of_some(vec![((0, 0), Some(0)), ((1, 1), None), ((2, 2), Some(2))]).unwrap();
    assert_eq!((numbers(&page), page.page_info.has_next_page), (vec![0], true));
    let next = parse(Some(2), page.page_info.end_cursor.as_deref(), None, None).unwrap();
    assert_eq!(next.after, Some((1, 1)));
}
