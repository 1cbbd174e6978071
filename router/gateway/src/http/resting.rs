//! Connections of HTTP/2 on which nothing is asked. The protocol has them stay for ever, which would let a few clients take
//! all the connections that there may be; so they are told to go after some time, as those of HTTP/1.1 are.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// How many requests one connection has open, until their responses have ended.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenRequests(watch::Sender<usize>);

/// One open request.
pub(super) struct OpenRequest(watch::Sender<usize>);

impl OpenRequests {
    /// One more, until what is given is dropped.
    pub fn begin(&self) -> OpenRequest {
        self.0.send_modify(|count| *count = count.saturating_add(1));
        OpenRequest(self.0.clone())
    }

    /// Ends once there has been none for that long.
    pub async fn none_for(&self, time: Duration) {
        let mut count = self.0.subscribe();
        loop {
            // The sender is ours, so that neither wait ends for want of one.
            let _ = count.wait_for(|count| *count == 0).await;
            if timeout(time, count.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    const TIME: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn rest_begins_anew_with_each_request_and_not_before_its_end() {
        let (open, start) = (OpenRequests::default(), Instant::now());
        let asking = async {
            sleep(Duration::from_secs(9)).await;
            drop(open.begin());
            sleep(Duration::from_secs(9)).await;
            let (one, other) = (open.begin(), open.begin());
            sleep(Duration::from_secs(30)).await;
            drop(one);
            sleep(Duration::from_secs(30)).await;
            drop(other);
        };
        tokio::join!(open.none_for(TIME), asking);
        assert_eq!(start.elapsed().as_secs(), 9 + 9 + 60 + 10);
    }
}
