//! The test provider does what every provider does. So does Stripe's adapter, which its own tests say.

use super::Till;
use crate::provider::test::TestProvider;

async fn open() -> (Till, TestProvider) {
    let till = Till::open().await;
    let provider = till.provider.clone();
    (till, provider)
}

crate::provider::behaviour::provider_behaviour_tests!(open);
