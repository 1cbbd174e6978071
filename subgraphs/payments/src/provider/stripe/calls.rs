//! What is asked of Stripe, one function a question.

use wire::events::payments::DeclineReason;
use wire::id::{PaymentId, RefundId};
use wire::money::Money;

use super::answer::{Read, rejected};
use super::client::Client;
use super::objects::{Dispute, List, PaymentIntent, Refund as RefundObject};
use crate::domain::outcome::Disputed;
use crate::provider::{
    Authorisation, Authorise, Capture, ProviderError, Refund, Refunding, Standing, StandingState, Void,
};

/// The longest page of a list.
const PAGE: &str = "100";
/// What a charge cost stands in an object of its own.
const WITH_FEE: &str = "latest_charge.balance_transaction";

pub(super) async fn authorise(client: &Client, key: &str, asked: &Authorise) -> Result<Authorisation, ProviderError> {
    let form = [
        ("amount", asked.amount.amount_minor.to_string()),
        ("currency", asked.amount.currency.as_str().to_ascii_lowercase()),
        ("payment_method", asked.method_token.clone()),
        ("payment_method_types[]", "card".to_owned()),
        ("capture_method", "manual".to_owned()),
        ("confirm", "true".to_owned()),
        // The payer isn't there to log in at the bank.
        ("error_on_requires_action", "true".to_owned()),
        ("metadata[payment_id]", asked.payment_id.to_string()),
        ("metadata[order_id]", asked.order_id.to_string()),
        ("expand[]", "latest_charge".to_owned()),
    ];
    match client.post(&["payment_intents"], key, &form).await?.read::<PaymentIntent>()? {
        Read::Object(intent) => intent.authorisation(),
        Read::Declined(error) => Ok(Authorisation::Declined(error.reason())),
        // No such means of payment.
        Read::Missing => Ok(Authorisation::Declined(DeclineReason::InvalidMethod)),
        Read::Invalid(error) => {
            tracing::warn!(payment = %asked.payment_id, error = %rejected(&error), "a payment was asked for as none can be");
            Ok(Authorisation::Declined(DeclineReason::Unspecified))
        }
        Read::UnexpectedState => Err(ProviderError::Unreadable("a new payment in an unexpected state".to_owned())),
    }
}

pub(super) async fn capture(
    client: &Client,
    key: &str,
    reference: &str,
    amount: Money,
) -> Result<Capture, ProviderError> {
    let form = [("amount_to_capture", amount.amount_minor.to_string()), ("expand[]", WITH_FEE.to_owned())];
    let path = ["payment_intents", reference, "capture"];
    match client.post(&path, key, &form).await?.read::<PaymentIntent>()? {
        Read::Object(intent) => {
            let (amount, fee) = intent.received()?;
            Ok(Capture::Captured { amount, fee })
        }
        Read::Declined(_) | Read::Missing | Read::Invalid(_) => Ok(Capture::Refused),
        // Captured by an earlier call, perhaps, whose key is forgotten.
        Read::UnexpectedState => match standing(client, reference).await? {
            StandingState::Captured { amount, fee } => Ok(Capture::Captured { amount, fee }),
            StandingState::Gone => Ok(Capture::Gone),
            StandingState::Open => Err(ProviderError::Unfinished),
            StandingState::Kept => Ok(Capture::Refused),
        },
    }
}

pub(super) async fn void(client: &Client, key: &str, reference: &str) -> Result<Void, ProviderError> {
    let form = [("cancellation_reason", "abandoned".to_owned())];
    match client.post(&["payment_intents", reference, "cancel"], key, &form).await?.read::<PaymentIntent>()? {
        Read::Object(_) => Ok(Void::Voided),
        Read::UnexpectedState => match standing(client, reference).await? {
            StandingState::Captured { amount, fee } => Ok(Void::Captured { amount, fee }),
            StandingState::Gone => Ok(Void::Voided),
            StandingState::Open | StandingState::Kept => Err(ProviderError::Unfinished),
        },
        Read::Declined(error) | Read::Invalid(error) => Err(rejected(&error)),
        Read::Missing => Err(ProviderError::Unreadable("the payment is unknown to the provider".to_owned())),
    }
}

pub(super) async fn refund(
    client: &Client,
    key: &str,
    reference: &str,
    asked: &Refund,
) -> Result<Refunding, ProviderError> {
    let form = [
        ("payment_intent", reference.to_owned()),
        ("amount", asked.amount.amount_minor.to_string()),
        ("metadata[refund_id]", asked.refund_id.to_string()),
    ];
    match client.post(&["refunds"], key, &form).await?.read::<RefundObject>()? {
        Read::Object(refund) if is_open(&refund) => {
            // Under its key Stripe says again what it said first: how it stands now is asked without one.
            let refund: RefundObject = client.get(&["refunds", &refund.id], &[]).await?.object()?;
            refunding(&refund)
        }
        Read::Object(refund) => refunding(&refund),
        // Refunded by hand, or taken back by the bank.
        Read::Declined(error) | Read::Invalid(error) if error.ends_refund() => Ok(Refunding::Refused),
        // Too little money with Stripe, say: nothing was done, and it may be later.
        Read::Declined(error) | Read::Invalid(error) => Err(ProviderError::Unavailable(rejected(&error).to_string())),
        Read::UnexpectedState => match standing(client, reference).await? {
            StandingState::Captured { .. } | StandingState::Open => Err(ProviderError::Unfinished),
            StandingState::Kept | StandingState::Gone => Ok(Refunding::Refused),
        },
        Read::Missing => Err(ProviderError::Unreadable("the payment is unknown to the provider".to_owned())),
    }
}

pub(super) async fn find_payment(
    client: &Client,
    payment_id: PaymentId,
) -> Result<Option<Authorisation>, ProviderError> {
    // Global ids are base64url: nothing in them ends the quotes.
    let query = format!("metadata['payment_id']:'{payment_id}'");
    let query = [("query", query.as_str()), ("limit", "1"), ("expand[]", "data.latest_charge")];
    let found: List<PaymentIntent> = client.get(&["payment_intents", "search"], &query).await?.object()?;
    found.data.into_iter().next().map(PaymentIntent::authorisation).transpose()
}

pub(super) async fn find_refund(
    client: &Client,
    reference: &str,
    refund_id: RefundId,
) -> Result<Option<Refunding>, ProviderError> {
    let (refund_id, mut after) = (refund_id.to_string(), None::<String>);
    // We ask for a hundred refunds of a payment at most; people may add some by hand.
    for _page in 0..5 {
        let mut query = vec![("payment_intent", reference), ("limit", PAGE)];
        query.extend(after.as_deref().map(|after| ("starting_after", after)));
        let found: List<RefundObject> = client.get(&["refunds"], &query).await?.object()?;
        if let Some(refund) = found.data.iter().find(|refund| refund.metadata.get("refund_id") == Some(&refund_id)) {
            return refunding(refund).map(Some);
        }
        after = match found.data.last() {
            Some(last) if found.has_more => Some(last.id.clone()),
            _ => return Ok(None),
        };
    }
    Err(ProviderError::Unreadable("more refunds than a payment can have".to_owned()))
}

pub(super) async fn payment(client: &Client, reference: &str) -> Result<Option<Standing>, ProviderError> {
    let answer = client.get(&["payment_intents", reference], &[("expand[]", WITH_FEE)]).await?;
    match answer.read::<PaymentIntent>()? {
        Read::Object(intent) => intent.standing(),
        Read::Missing => Ok(None),
        Read::Declined(_) | Read::UnexpectedState | Read::Invalid(_) => {
            Err(ProviderError::Unreadable("no payment".to_owned()))
        }
    }
}

pub(super) async fn dispute(client: &Client, reference: &str) -> Result<Option<(PaymentId, Disputed)>, ProviderError> {
    let dispute = match client.get(&["disputes", reference], &[]).await?.read::<Dispute>()? {
        Read::Object(dispute) => dispute,
        Read::Missing => return Ok(None),
        Read::Declined(_) | Read::UnexpectedState | Read::Invalid(_) => {
            return Err(ProviderError::Unreadable("no dispute".to_owned()));
        }
    };
    let Some(intent) = &dispute.payment_intent else { return Ok(None) };
    let Some(Standing { payment_id, .. }) = payment(client, intent).await? else { return Ok(None) };
    Ok(dispute.disputed()?.map(|disputed| (payment_id, disputed)))
}

/// How one of ours stands.
async fn standing(client: &Client, reference: &str) -> Result<StandingState, ProviderError> {
    let missing = || ProviderError::Unreadable("the payment is unknown to the provider".to_owned());
    payment(client, reference).await?.map(|standing| standing.state).ok_or_else(missing)
}

fn refunding(refund: &RefundObject) -> Result<Refunding, ProviderError> {
    match refund.status.as_str() {
        "succeeded" => Ok(Refunding::Refunded),
        "failed" | "canceled" => Ok(Refunding::Refused),
        _ => Err(ProviderError::Unfinished),
    }
}

fn is_open(refund: &RefundObject) -> bool {
    !matches!(refund.status.as_str(), "succeeded" | "failed" | "canceled")
}
