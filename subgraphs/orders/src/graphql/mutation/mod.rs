//! `type Mutation`: carts, placing and cancelling orders, returns, and what the staff does. One file a mutation, and one of
//! carts.

mod cancel_order;
mod cart;
mod change;
mod deliver_order;
mod export_orders;
mod make_invoice;
mod pack_order;
mod place_order;
mod receive_return;
mod refund_order;
mod request_return;
mod ship_order;

use async_graphql::MergedObject;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(
    cart::ChangeCart,
    place_order::PlaceOrder,
    cancel_order::CancelOrder,
    pack_order::PackOrder,
    ship_order::ShipOrder,
    deliver_order::DeliverOrder,
    request_return::RequestReturn,
    receive_return::ReceiveReturn,
    refund_order::RefundOrder,
    make_invoice::MakeInvoice,
    export_orders::ExportOrders,
);
