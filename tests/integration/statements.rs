//! No statement a row: the number of SQL statements of an operation doesn't grow with what it returns.

use crate::support::client;
use crate::support::shop::Shop;

fn page(users: usize) -> String {
    format!(
        "{{ users(first: {users}) {{ edges {{ node {{ name orders(first: 5) {{ edges {{ node {{ number lines {{ quantity \
         product {{ name price {{ amountMinor currency }} }} }} }} }} }} }} }} }} }}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_over_three_services_takes_at_most_ten_statements() {
    let shop = Shop::start("small").await;
    let mut counts = Vec::new();
    // Who reads lists that are still being made waits for them, and asks how far they are. And what is kept of the larger page is
    // kept of the smaller one.
    client::query(&shop.dev.graphql(), Some(&shop.administrator), &page(20)).await;
    for users in [2, 20] {
        let before = shop.statements().await;
        let answer = client::query(&shop.dev.graphql(), Some(&shop.administrator), &page(users)).await;
        let nodes = answer.json()["data"]["users"]["edges"].as_array().expect("users").len();
        assert_eq!(nodes, users, "{answer:?}");
        assert!(answer.text.contains("\"price\"") && !answer.text.contains("\"errors\""), "{answer:?}");
        counts.push(shop.statements().await - before);
    }
    assert!(counts.iter().all(|&count| count > 0 && count <= 10), "{counts:?}");
    assert_eq!(counts[0], counts[1], "statements grow with the page");
}
