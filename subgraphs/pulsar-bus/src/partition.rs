//! A member's consumer of one partition: a task that hands on what comes, sends acknowledgements off, and opens the consumer again when
//! it has ended.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use pulsar::{
    Consumer, ConsumerOptions, Pulsar, SubType, TokioExecutor,
    consumer::{self, InitialPosition},
    proto::MessageIdData,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::sleep,
};
use wire::bus::{Delivery, Message, Place};

use crate::{PulsarError, subscription::Failing};

/// How long to wait before a consumer is opened again that couldn't be, beside what the client waits.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

/// What a consumer of a partition is opened with.
pub struct Partition {
    pub client: Pulsar<TokioExecutor>,
    pub number: u16,
    /// The partition's topic.
    pub name: String,
    pub group: String,
    /// The member's name, the same on all partitions: the broker counts partitions through the members in the order of their names.
    pub member: String,
    pub prefetched_max: u32,
}

/// What is done with until the partition's task has sent it off.
pub type Acknowledged = mpsc::Receiver<Vec<Place>>;

type Messages = Consumer<Vec<u8>, TokioExecutor>;

/// Why a consumer was left.
enum Left {
    /// The subscription is gone.
    Done,
    /// The consumer has ended.
    Ended,
}

impl Partition {
    /// Consumes until the subscription is gone, which is when `acknowledged` ends: what is in there is sent off before.
    /// Tells on `opened` how the first opening went; if it failed, that was all.
    pub async fn run(
        self,
        (handed_out, failing): (mpsc::Sender<Delivery>, watch::Sender<Failing>),
        mut acknowledged: Acknowledged,
        opened: oneshot::Sender<Result<(), PulsarError>>,
    ) {
        // An opening is never given up midway, which would hang the client.
        let mut messages = match self.open().await {
            Ok(messages) => messages,
            Err(error) => return drop(opened.send(Err(error))),
        };
        if opened.send(Ok(())).is_err() {
            return;
        }
        while let Left::Ended = self.hand_on(messages, &handed_out, &mut acknowledged).await {
            tracing::warn!(partition = self.name, "a consumer has ended and is opened again");
            messages = loop {
                if acknowledged.is_closed() {
                    return;
                }
                match self.open().await {
                    Ok(opened) => break opened,
                    Err(error) => failing.send_modify(|failing| drop(failing.insert(self.number, Arc::new(error)))),
                }
                sleep(REOPEN_AFTER).await;
            };
            failing.send_if_modified(|failing| failing.remove(&self.number).is_some());
        }
    }

    /// Hands on what a consumer receives, until it ends. It is closed when this returns, so that there are never two of a member.
    async fn hand_on(
        &self,
        mut messages: Messages,
        handed_out: &mpsc::Sender<Delivery>,
        acknowledged: &mut Acknowledged,
    ) -> Left {
        let mut held = None;
        loop {
            let is_held = held.is_some();
            tokio::select! {
                biased;
                places = acknowledged.recv() => match places {
                    Some(places) => self.acknowledge(&mut messages, places).await,
                    None => return Left::Done,
                },
                // Without an error there is somebody who takes. Else what is acknowledged is still sent off.
                room = handed_out.reserve(), if is_held => {
                    if let (Ok(room), Some(delivery)) = (room, held.take()) {
                        room.send(delivery);
                    }
                }
                next = messages.next(), if !is_held => match next {
                    Some(Ok(message)) => held = Some(self.delivery(&message)),
                    Some(Err(error)) => {
                        tracing::warn!(partition = self.name, %error, "a consumer has failed");
                        return Left::Ended;
                    }
                    None => return Left::Ended,
                },
            }
        }
    }

    /// A failure means that the consumer has ended, which is seen next; the messages come again.
    async fn acknowledge(&self, messages: &mut Messages, places: Vec<Place>) {
        for Place { position: (ledger_id, entry_id), .. } in places {
            let id = MessageIdData { ledger_id, entry_id, ..Default::default() };
            if let Err(error) = messages.ack_with_id(&self.name, id).await {
                tracing::debug!(partition = self.name, %error, "an acknowledgement was not sent");
            }
        }
    }

    /// Text that isn't UTF-8 can only be somebody else's: it is handed out as it can be read, for its consumer to give up.
    fn delivery(&self, message: &consumer::Message<Vec<u8>>) -> Delivery {
        let id = message.message_id();
        Delivery {
            place: Place { partition: self.number, position: (id.ledger_id, id.entry_id) },
            message: Message {
                key: Arc::from(message.key().unwrap_or_default()),
                text: Arc::from(String::from_utf8_lossy(&message.payload.data)),
            },
        }
    }

    async fn open(&self) -> Result<Messages, PulsarError> {
        // A group begins with the oldest message; what it has acknowledged is kept by the broker.
        let options = ConsumerOptions {
            initial_position: InitialPosition::Earliest,
            durable: Some(true),
            receiver_queue_size: Some(self.prefetched_max),
            ..Default::default()
        };
        let builder = self.client.consumer().with_topic(&self.name).with_subscription(&self.group);
        let builder = builder.with_subscription_type(SubType::Failover).with_consumer_name(&self.member);
        Ok(builder.with_batch_size(self.prefetched_max).with_options(options).build().await?)
    }
}
