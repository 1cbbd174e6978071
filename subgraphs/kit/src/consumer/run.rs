//! The life of a consumer: from the bus into lanes, and acknowledgements back.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use wire::bus::{BusError, Subscription};

use super::{Consumer, handled::Handled, lanes::Lanes};
use crate::outage::Outage;

/// How long a consumer that stops waits for its last acknowledgements; what wasn't acknowledged comes again and is passed over.
const LAST_ACKNOWLEDGEMENT: Duration = Duration::from_secs(5);

impl Consumer {
    /// Runs until `stop`; then finishes the messages being handled, of which an attempt's time limit says how long that takes,
    /// and hands back the others. Failures of the bus and the database are waited out.
    pub async fn run(self, stop: CancellationToken) {
        let mut outage = Outage::none(format!("consuming {} for {}", self.topic, self.group));
        let Some(subscription) = self.subscribe(&mut outage, &stop).await else { return };
        let mut flow = Flow { subscription, lanes: Lanes::start(self, stop.clone()), handled: Handled::default() };
        while let Some(outcome) = stop.run_until_cancelled(flow.step()).await {
            match outcome {
                Ok(()) => outage.ended(),
                Err(error) => drop(stop.run_until_cancelled(tokio::time::sleep(outage.failed(&error))).await),
            }
        }
        flow.finish().await;
    }

    async fn subscribe(&self, outage: &mut Outage, stop: &CancellationToken) -> Option<Box<dyn Subscription>> {
        loop {
            match stop.run_until_cancelled(self.bus.subscribe(&self.topic, self.group.name())).await? {
                Ok(subscription) => {
                    outage.ended();
                    return Some(subscription);
                }
                Err(error) => stop.run_until_cancelled(tokio::time::sleep(outage.failed(&error))).await?,
            }
        }
    }
}

/// What flows between the bus and the lanes.
struct Flow {
    subscription: Box<dyn Subscription>,
    lanes: Lanes,
    handled: Handled,
}

impl Flow {
    /// Acknowledges what was handled, once it is time for that; until then hands on what comes. May be dropped while it waits.
    async fn step(&mut self) -> Result<(), BusError> {
        let Self { subscription, lanes, handled } = self;
        if handled.is_due() {
            subscription.acknowledge(handled.places()).await?;
            handled.clear();
            return Ok(());
        }
        let room = lanes.room();
        // One wait, whatever is handled meanwhile: a bus that is just being asked needn't be asked again.
        let mut next = subscription.next(room);
        loop {
            tokio::select! {
                deliveries = &mut next, if room > 0 => {
                    for delivery in deliveries? {
                        lanes.take(delivery).await;
                    }
                    return Ok(());
                }
                places = lanes.done() => {
                    handled.add(places);
                    if room == 0 || handled.is_due() {
                        return Ok(());
                    }
                }
                () = handled.due() => return Ok(()),
            }
        }
    }

    async fn finish(mut self) {
        self.handled.add(self.lanes.finish().await);
        let last = self.subscription.acknowledge(self.handled.places());
        if let Ok(Err(error)) = tokio::time::timeout(LAST_ACKNOWLEDGEMENT, last).await {
            tracing::debug!(error = %crate::database::describe(&error), "the last messages come again");
        }
    }
}
