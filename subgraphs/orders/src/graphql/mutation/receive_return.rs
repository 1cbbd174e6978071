//! `receiveReturn`.

use async_graphql::{Context, InputObject, Object};
use kit::{Caller, Result};

use super::change::{change, payload};
use super::request_return::ReturnLineInput;
use crate::OrderId;
use crate::domain::RequestedLine;
use crate::domain::order::Command;

/// The mutation.
#[derive(Default)]
pub struct ReceiveReturn;

/// The mutation.
#[Object]
impl ReceiveReturn {
    /// Says what came back of an order, which is then paid back. For administrators.
    async fn receive_return(
        &self,
        context: &Context<'_>,
        input: ReceiveReturnInput,
    ) -> Result<Option<ReceiveReturnPayload>> {
        Caller::from_context(context)?.require_administrator()?;
        let lines = input.lines.unwrap_or_default().into_iter().map(RequestedLine::from).collect();
        let command = Command::ReceiveReturn(lines);
        let changed = change(context, input.id, Some(input.expected_version), command).await;
        ReceiveReturnPayload::of(changed).map(Some)
    }
}

/// What came back.
#[derive(InputObject)]
pub struct ReceiveReturnInput {
    /// Of which order.
    id: OrderId,
    /// The version that was read: a later one is not changed.
    expected_version: i32,
    /// Which pieces, at most those that were announced; all of them when left out or empty.
    lines: Option<Vec<ReturnLineInput>>,
}

payload! {
    /// What `receiveReturn` did.
    ReceiveReturnPayload
}
