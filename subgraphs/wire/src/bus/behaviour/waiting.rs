//! A consumer that waits is woken, and one that stops waiting has lost nothing.

use std::time::Duration;

use tokio::time::timeout;

use super::compare::{Failure, compare, ensure, message, messages, sent};
use super::reader::Trial;

pub(super) async fn a_waiting_consumer_is_woken(trial: Trial<'_>) -> Result<(), Failure> {
    let mut reader = trial.open("group").await?;
    for number in 0..3 {
        // The wait is begun before anything is published.
        let published = [message("key", number)];
        let (deliveries, ()) = futures::try_join!(reader.next(), trial.publish(&published))?;
        compare(&sent(&deliveries), &published)?;
        reader.acknowledge(&deliveries).await?;
    }
    Ok(())
}

pub(super) async fn a_wait_can_be_given_up(trial: Trial<'_>) -> Result<(), Failure> {
    let mut reader = trial.open("group").await?;
    let published = messages(4, 10);
    let (mut taken, mut patience) = (Vec::new(), Duration::from_millis(1));
    for batch in published.chunks(7) {
        // While nothing is there, and while something comes.
        ensure(timeout(patience, reader.wait(3)).await.is_err(), || "a message came that wasn't sent".to_owned())?;
        trial.publish(batch).await?;
        let wanted = taken.len() + batch.len();
        while taken.len() < wanted {
            match timeout(patience, reader.wait(3)).await {
                Ok(deliveries) => taken.extend(sent(&deliveries?)),
                // A bus that is slow to answer gets ever more time.
                Err(_) if patience < trial.wait => patience *= 2,
                Err(_) => return Err(Failure::new(format!("waited {patience:?} for a message"))),
            }
        }
        patience = Duration::from_millis(1);
    }
    compare(&taken, &published)
}
