//! Being woken by a database's notifications, for as long as it takes.

use std::sync::Arc;

use tokio::sync::Notify;

use super::Database;
use crate::outage::Outage;

/// Wakes whoever waits for `woken` with each notification on `channel`, on a connection of its own that is made again when it is
/// lost. Also wakes when it was made: something may have been said before.
///
/// Never returns; ends when dropped.
pub(crate) async fn wake_on(database: &Database, channel: &'static str, woken: &Arc<Notify>) {
    let mut outage = Outage::none(format!("listening to {channel}"));
    loop {
        let notify = Arc::clone(woken);
        match database.listen(channel, move |_| notify.notify_one()).await {
            Ok(mut listening) => {
                outage.ended();
                woken.notify_one();
                listening.ended().await;
            }
            Err(error) => tokio::time::sleep(outage.failed(&error)).await,
        }
    }
}
