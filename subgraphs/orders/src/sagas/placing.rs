//! From placed to paid, or back: [`crate::domain::saga::place`].

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::saga::{Context, Effects, Input, Nothing, Saga, SagaError, Step};
use kit::{GlobalId as _, HandlerError};
use serde::{Deserialize, Serialize};
use wire::Domain;
use wire::events::orders::CancellationReason;

use super::replies::Replies;
use super::step::{Told, next};
use crate::OrderId;
use crate::domain::saga::place::PlaceOrder;
use crate::domain::saga::{self, Effect};
use crate::store::{Actor, apply_effect};

/// The saga that begins with an order and ends when that is shipped, or undone.
pub struct Placing;

/// What orders tell it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum PlacingTold {
    /// Buy this.
    Begin(PlaceOrder),
    /// Cancel it, which its order allows, and undo what was done.
    Cancel(CancellationReason),
    /// It is on its way.
    Shipped,
}

impl Saga for Placing {
    const KIND: &'static str = "place-order";
    const DOMAIN: Domain = Domain::Orders;
    type State = PlaceOrder;
    type Local = PlacingTold;
    type Events = Nothing;
    type Replies = Replies;
    type Effect = Effect;

    fn on(state: Option<PlaceOrder>, input: Input<Self>, context: &Context) -> Result<Step<Self>, SagaError> {
        let told = |told: PlacingTold| match told {
            PlacingTold::Begin(order) => Told::Begin(order.begin(context.now)),
            PlacingTold::Cancel(reason) => Told::News(saga::Input::Cancel(reason)),
            PlacingTold::Shipped => Told::News(saga::Input::OrderShipped),
        };
        next(state, input, context, told, PlaceOrder::on)
    }
}

impl Effects for Placing {
    fn apply<'a>(
        connection: &'a mut AsyncPgConnection,
        effect: Effect,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        apply(connection, effect, context)
    }
}

/// Does to the order whose id the saga has.
pub(super) fn apply<'a>(
    connection: &'a mut AsyncPgConnection,
    effect: Effect,
    context: &'a Context,
) -> BoxFuture<'a, Result<(), HandlerError>> {
    Box::pin(async move {
        let actor = Actor(context.metadata.clone());
        Ok(apply_effect(connection, OrderId::from_uuid(context.id), effect, &actor).await?)
    })
}
