//! The behaviour test passes a bus that is whole, and finds each that is broken.

mod memory;

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;

use super::super::Bus;
use super::reader::Trial;
use super::{all, check, run};
use memory::{Fault, MemoryBus};

async fn fresh(fault: Option<Fault>) -> (Arc<dyn Bus>, ()) {
    (Arc::new(MemoryBus::new(fault)), ())
}

mod each {
    crate::bus_behaviour_tests!(async || super::fresh(None).await);
}

#[tokio::test]
async fn a_bus_that_is_whole_passes() {
    assert_eq!(all(async || fresh(None).await).await, Ok(()));
}

#[tokio::test]
async fn a_broken_bus_is_found_by_the_check_that_is_about_it() {
    let found_by = [
        (Fault::LosesOrder, "keys_keep_their_order"),
        (Fault::LosesOrderOfWhatComesAgain, "what_is_not_acknowledged_comes_again"),
        (Fault::LosesOrderOfWhatComesAgain, "a_dropped_consumers_keys_go_to_the_other"),
        (Fault::LosesWhatADroppedConsumerHad, "what_is_not_acknowledged_comes_again"),
        (Fault::LosesWhatADroppedConsumerHad, "a_dropped_consumers_keys_go_to_the_other"),
        (Fault::LosesAThousandth, "a_thousand_are_published_at_once"),
        (Fault::LosesGivenUpWaits, "a_wait_can_be_given_up"),
        (Fault::Doubles, "keys_keep_their_order"),
        (Fault::ForgetsAcknowledgements, "what_is_acknowledged_does_not_come_again"),
        (Fault::AcknowledgesWhatWasBefore, "acknowledgements_come_in_any_order"),
        (Fault::CountsWhatIsAcknowledged, "the_backlog_is_what_is_not_acknowledged"),
        (Fault::LeavesOutWhatIsHandedOut, "the_backlog_is_what_is_not_acknowledged"),
        (Fault::KnowsNoBacklog, "the_backlog_is_what_is_not_acknowledged"),
        (Fault::NewGroupsBeginAtTheEnd, "a_new_group_begins_with_the_oldest"),
        (Fault::HasOneGroup, "groups_take_nothing_from_each_other"),
        (Fault::HasOneTopic, "topics_do_not_mix"),
        (Fault::HandsAKeyToBoth, "consumers_of_a_group_share_the_keys"),
        (Fault::HandsAllToOne, "consumers_of_a_group_share_the_keys"),
        (Fault::SendsWhatIsShortEnough, "what_is_too_long_is_refused_before_anything_is_sent"),
        (Fault::RefusesNothing, "what_is_too_long_is_refused_before_anything_is_sent"),
        (Fault::TakesNothingLong, "the_longest_messages_are_taken"),
        (Fault::PutsKeysTogether, "messages_come_as_they_were_sent"),
        (Fault::PutsTextsInOrder, "messages_come_as_they_were_sent"),
        (Fault::WakesNobody, "a_waiting_consumer_is_woken"),
        (Fault::HandsOutMore, "what_is_not_acknowledged_comes_again"),
        (Fault::SpreadsKeys, "places_grow_and_a_key_stays_in_its_partition"),
    ];
    // Some are found by waiting in vain: not for long, and all at once.
    let tried = found_by.map(async |(fault, name)| {
        let bus = MemoryBus::new(Some(fault));
        let result = run(name, Trial { bus: &bus, wait: Duration::from_secs(1) }).await;
        assert!(result.is_err(), "{name} doesn't find a bus that {fault:?}");
    });
    join_all(tried).await;
}

#[tokio::test]
async fn all_tells_each_check_that_failed() {
    let failures = all(async || fresh(Some(Fault::RefusesNothing)).await).await.unwrap_err();
    let names: Vec<&str> = failures.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["what_is_too_long_is_refused_before_anything_is_sent"]);
    assert!(check("no_such_check", &MemoryBus::new(None)).await.is_err());
}
