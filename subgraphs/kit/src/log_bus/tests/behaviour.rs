//! What every bus is held to.

use std::sync::Arc;

use wire::bus::Bus;

use super::open;
use crate::testing::TestDatabase;

wire::bus_behaviour_tests!(async || {
    let test = TestDatabase::bus().await;
    let bus: Arc<dyn Bus> = Arc::new(open(&test).await);
    (bus, test)
});
