//! What domains ask of each other. Each file holds the commands of one domain, by whom they are handled, with one enum of all
//! that this domain can be asked; a command that several handle stands in [`users`], where it comes from.

pub mod notifications;
pub mod orders;
pub mod payments;
pub mod stock;
pub mod users;

use crate::schema::Type;

/// Every command with its reply.
pub(crate) const TYPES: &[[Type; 2]] = &[
    Type::of_command::<stock::ReserveStock>(),
    Type::of_command::<stock::ReleaseStock>(),
    Type::of_command::<stock::CommitStock>(),
    Type::of_command::<payments::AuthorisePayment>(),
    Type::of_command::<payments::CapturePayment>(),
    Type::of_command::<payments::VoidPayment>(),
    Type::of_command::<payments::RefundPayment>(),
    Type::of_command::<orders::CancelOrder>(),
    Type::of_command::<users::EraseUser>(),
    Type::of_command::<users::BlockUser>(),
];
