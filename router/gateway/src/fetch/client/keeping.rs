//! Connections that are kept for the next calls, and closed when none came for too long.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::runtime::Handle;
use tokio::time::sleep;

use super::Client;
use super::http1::Link;
use super::http2;

impl Client {
    /// Lets a connection rest, if it may be used again.
    pub(super) fn release(self: &Arc<Self>, mut link: Box<Link>) {
        if link.rests() || link.is_ready() {
            self.resting.put(link);
            self.see_to_sweeping();
        }
    }

    /// Keeps a connection for other calls.
    pub(super) fn keep(self: &Arc<Self>, sender: http2::Sender) -> http2::Sender {
        if self.rules.resting_max == 0 {
            return sender;
        }
        let sender = self.shared.keep(sender);
        self.see_to_sweeping();
        sender
    }

    /// Sees to it that what rests now doesn't rest too long.
    fn see_to_sweeping(self: &Arc<Self>) {
        if self.swept.load(Ordering::Acquire) || self.swept.swap(true, Ordering::AcqRel) {
            return;
        }
        // Where there is no runtime any more, connections don't outlive it.
        let Ok(runtime) = Handle::try_current() else { return };
        let (client, time) = (Arc::downgrade(self), self.rules.rest_time_max);
        runtime.spawn(async move {
            loop {
                sleep(time).await;
                let Some(client) = client.upgrade() else { return };
                if !client.sweep() {
                    return;
                }
            }
        });
    }

    /// Closes what rested too long; whether to go on.
    fn sweep(&self) -> bool {
        // Before looking: who adds something afterwards has to see that nobody sweeps.
        self.swept.store(false, Ordering::Release);
        let others = [self.resting.sweep(), self.shared.sweep()].contains(&true);
        others && !self.swept.swap(true, Ordering::AcqRel)
    }
}
