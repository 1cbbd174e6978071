//! Which replies and events a saga's consumers want.

use std::marker::PhantomData;

use super::{
    super::hear::{Events, Replies},
    purchase::Purchase,
    stuck::Counter,
};
use crate::{consumer::Handler as _, testing::wanted};

#[test]
fn the_replies_to_what_it_asks_for_are_wanted() {
    let replies = [
        "supergraph.payments.authorise-payment-reply.v1",
        "supergraph.payments.capture-payment-reply.v1",
        "supergraph.payments.refund-payment-reply.v1",
        "supergraph.payments.void-payment-reply.v1",
        "supergraph.stock.commit-stock-reply.v1",
        "supergraph.stock.release-stock-reply.v1",
        "supergraph.stock.reserve-stock-reply.v1",
    ];
    assert_eq!(wanted(&Replies::<Purchase>(PhantomData)), replies);
    assert!(wanted(&Replies::<Counter>(PhantomData)).is_empty());
}

/// It may be awaited: by a saga that another build has begun, or in another version.
#[test]
fn a_reply_that_nobody_here_knows_is_wanted() {
    for text in ["supergraph.stock.count-stock-reply.v1", "supergraph.stock.reserve-stock-reply.v2", "reply"] {
        assert!(Replies::<Purchase>(PhantomData).wants(text), "{text}");
    }
}

#[test]
fn the_events_that_it_hears_are_wanted() {
    assert_eq!(wanted(&Events::<Counter>(PhantomData)), ["supergraph.users.erased.v1"]);
    assert!(Events::<Counter>(PhantomData).wants("supergraph.users.erased.v2"));
    assert!(wanted(&Events::<Purchase>(PhantomData)).is_empty());
}
