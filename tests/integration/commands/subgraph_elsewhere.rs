//! `supergraph dev --subgraph-url NAME=URL`: one of the shop's services from elsewhere, which tells its schema to the router
//! that it trusts and to nobody else.

use crate::support::client;
use crate::support::process::Process;
use crate::support::shop::{Shop, start_dev, token};

#[tokio::test(flavor = "multi_thread")]
async fn a_service_of_the_shop_is_taken_from_elsewhere() {
    let mut shop = Shop::start("small").await;
    let users = Process::start(shop.closed_service("users")).await;
    let refused = client::query(&users.graphql(), None, "{ _service { sdl } }").await;
    assert_eq!(refused.code(), "UNAUTHENTICATED", "{refused:?}");
    shop.dev.signal("TERM").await;
    shop.dev.wait().await;

    let mut command = shop.dev_command("none");
    command.args(["--subgraph-url", &format!("users={}", users.graphql())]);
    let dev = start_dev(command).await;
    let query = "{ me { name orders(first: 1) { edges { node { lines { product { name } } } } } } }";
    let answer = client::query(&dev.graphql(), Some(&token(&dev, "customer")), query).await;
    assert!(answer.json()["errors"].is_null() && answer.json()["data"]["me"]["name"].is_string(), "{answer:?}");
    // It is that service which answers: without it there are no users.
    drop(users);
    let answer = client::query(&dev.graphql(), Some(&token(&dev, "customer")), "{ me { name } }").await;
    assert_eq!(answer.code(), "SUBREQUEST_UNREACHABLE", "{answer:?}");
}
