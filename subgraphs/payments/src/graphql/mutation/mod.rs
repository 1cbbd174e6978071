//! `type Mutation`: paying and giving back. One file a mutation.

mod create_payment;
mod refund_payment;

use async_graphql::MergedObject;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(create_payment::CreatePayment, refund_payment::RefundPayment);
