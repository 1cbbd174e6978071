//! The life of a consumer: from the bus into lanes, and acknowledgements back.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use wire::bus::{BusError, Place, Subscription};

use super::{Consumer, lanes::Lanes};
use crate::outage::Outage;

/// How long a consumer that stops waits for its last acknowledgements; what wasn't acknowledged comes again and is passed over.
const LAST_ACKNOWLEDGEMENT: Duration = Duration::from_secs(5);

impl Consumer {
    /// Runs until `stop`; then finishes the messages being handled, of which an attempt's time limit says how long that takes,
    /// and hands back the others. Failures of the bus and the database are waited out.
    pub async fn run(self, stop: CancellationToken) {
        let mut outage = Outage::none(format!("consuming {} for {}", self.topic, self.group));
        let Some(subscription) = self.subscribe(&mut outage, &stop).await else { return };
        let mut flow = Flow { subscription, lanes: Lanes::start(self, stop.clone()), handled: Vec::new() };
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
    /// Handled, and not acknowledged yet.
    handled: Vec<Place>,
}

impl Flow {
    /// Acknowledges what was handled; else waits for more to be handled or to come. May be dropped while it waits.
    async fn step(&mut self) -> Result<(), BusError> {
        if !self.handled.is_empty() {
            self.subscription.acknowledge(&self.handled).await?;
            self.handled.clear();
            return Ok(());
        }
        let room = self.lanes.room();
        tokio::select! {
            places = self.lanes.done() => self.handled = places,
            deliveries = self.subscription.next(room), if room > 0 => {
                for delivery in deliveries? {
                    self.lanes.take(delivery).await;
                }
            }
        }
        Ok(())
    }

    async fn finish(mut self) {
        self.handled.extend(self.lanes.finish().await);
        let last = self.subscription.acknowledge(&self.handled);
        if let Ok(Err(error)) = tokio::time::timeout(LAST_ACKNOWLEDGEMENT, last).await {
            tracing::debug!(error = %crate::database::describe(&error), "the last messages come again");
        }
    }
}
