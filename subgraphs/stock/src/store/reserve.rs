//! Keeping pieces for an order: all or none.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Bool, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;
use uuid::Uuid;
use wire::command::Reply;
use wire::commands::stock::{ReserveStock, ReserveStockDone, ReserveStockRefusal};
use wire::events::stock::StockReserved;

use super::book::{Booking, book};
use super::tell::tell;
use super::{Cause, StoreError, items, reservation};
use crate::domain::{Item, Kind, Line, Lines, Status};
use crate::{OrderId, ReservationId};

/// For how many days pieces are kept at most, whoever asks for longer: nobody pays later than that.
pub const RESERVED_DAYS_MAX: u32 = 7;

/// By the database's clock, which is the one that reservations expire by.
const INSERT: &str = "INSERT INTO reservation (id, order_id, status, expires_at) \
    VALUES ($1, $2, 'open', least($3, date_trunc('milliseconds', now()) + make_interval(days => $4))) \
    ON CONFLICT DO NOTHING RETURNING expires_at, expires_at <= now() AS is_late";
const INSERT_LINES: &str = "INSERT INTO reservation_line (reservation_id, item_id, product_id, variant_id, quantity) \
    SELECT $1, item_id, product_id, variant_id, quantity \
    FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::integer[]) AS line (item_id, product_id, variant_id, quantity)";

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    is_late: bool,
}

/// Keeps the pieces, or says why not; the same reservation again is answered the same again.
///
/// # Errors
/// [`StoreError`]; then nothing may be committed.
pub async fn reserve(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    command: &ReserveStock,
) -> Result<Reply<ReserveStock>, StoreError> {
    let lines = match Lines::parse(&command.lines) {
        Ok(lines) => lines,
        Err(invalid) => {
            let text = format!("{}: {invalid}", command.reservation_id);
            return Ok(Reply::Refused { code: ReserveStockRefusal::InvalidLines, text });
        }
    };
    let id = ReservationId::from_uuid(command.reservation_id.uuid());
    let order_id = OrderId::from_uuid(command.order_id.uuid());
    let Some(Inserted { expires_at, is_late }) = insert(connection, id, order_id, command.expires_at).await? else {
        let known = reservation::lock(connection, id).await?.ok_or(StoreError::Corrupt("reservation"))?;
        return Ok(known.asked_again(order_id, &lines));
    };
    insert_lines(connection, id, &lines).await?;
    if is_late {
        let text = format!("{id} was to be over at {expires_at}");
        return refuse(connection, id, ReserveStockRefusal::ReservationClosed, text).await;
    }
    let found = items::lock(connection, &lines.item_ids()).await?;
    if let Some(line) = unsold(&lines, &found) {
        let (code, text) = why_unsold(connection, line).await?;
        return refuse(connection, id, code, text).await;
    }
    if let Some(text) = shortage(&lines, &found) {
        return refuse(connection, id, ReserveStockRefusal::OutOfStock, text).await;
    }
    let booking = Booking {
        kind: Kind::Reserved,
        cause: format!("reservation:{}", id.uuid()),
        reservation_id: Some(id.uuid()),
        order_id: Some(order_id.uuid()),
        reason: None,
        pieces: lines.iter().map(|line| (line.item.id(), line.quantity)).collect(),
    };
    let levels = book(connection, cause, booking).await?;
    let ReserveStock { reservation_id, order_id, lines, .. } = command.clone();
    let reserved = cause.event(&StockReserved { reservation_id, order_id, lines, expires_at })?;
    tell(connection, cause, vec![reserved], &levels).await?;
    Ok(Reply::Done(ReserveStockDone { expires_at }))
}

/// `None` if there is one already.
async fn insert(
    connection: &mut AsyncPgConnection,
    id: ReservationId,
    order_id: OrderId,
    expires_at: DateTime<Utc>,
) -> Result<Option<Inserted>, StoreError> {
    let insert = sql_query(INSERT)
        .bind::<SqlUuid, _>(id.uuid())
        .bind::<SqlUuid, _>(order_id.uuid())
        .bind::<Timestamptz, _>(expires_at)
        .bind::<Integer, _>(RESERVED_DAYS_MAX.cast_signed());
    Ok(cached(insert).get_result(connection).await.optional()?)
}

async fn insert_lines(connection: &mut AsyncPgConnection, id: ReservationId, lines: &Lines) -> Result<(), StoreError> {
    let products: Vec<Uuid> = lines.iter().map(|line| line.item.product_id.uuid()).collect();
    let variants: Vec<Option<Uuid>> = lines.iter().map(|line| line.item.variant_id.map(|id| id.uuid())).collect();
    let quantities: Vec<i32> = lines.iter().map(|line| line.quantity).collect();
    let insert = sql_query(INSERT_LINES)
        .bind::<SqlUuid, _>(id.uuid())
        .bind::<Array<SqlUuid>, _>(lines.item_ids())
        .bind::<Array<SqlUuid>, _>(products)
        .bind::<Array<Nullable<SqlUuid>>, _>(variants)
        .bind::<Array<Integer>, _>(quantities);
    cached(insert).execute(connection).await?;
    Ok(())
}

/// A line of what isn't sold, if there is one. A variant of another product is none of this one.
fn unsold<'a>(lines: &'a Lines, found: &[Item]) -> Option<&'a Line> {
    let found = by_id(found);
    lines.iter().find(|line| found.get(&line.item.id()).is_none_or(|item| item.is_withdrawn || item.key != line.item))
}

async fn why_unsold(
    connection: &mut AsyncPgConnection,
    line: &Line,
) -> Result<(ReserveStockRefusal, String), StoreError> {
    let item = line.item;
    if item.variant_id.is_none() && items::has_variants(connection, item.product_id).await? {
        let text = format!("{:?} is sold by its variants alone", item.product_id);
        return Ok((ReserveStockRefusal::VariantRequired, text));
    }
    Ok((ReserveStockRefusal::UnknownProduct, format!("there is no {item:?}")))
}

/// Of what there is too little, if there is of anything.
fn shortage(lines: &Lines, found: &[Item]) -> Option<String> {
    let found = by_id(found);
    lines.iter().find_map(|line| {
        let available = found.get(&line.item.id())?.available();
        let text = || format!("of {:?} there are {available}, not {}", line.item, line.quantity);
        (line.quantity > available).then(text)
    })
}

fn by_id(found: &[Item]) -> BTreeMap<Uuid, &Item> {
    found.iter().map(|item| (item.key.id(), item)).collect()
}

/// Remembers the refusal: pieces that come in later mustn't turn the answer round for who asks again.
async fn refuse(
    connection: &mut AsyncPgConnection,
    id: ReservationId,
    code: ReserveStockRefusal,
    text: String,
) -> Result<Reply<ReserveStock>, StoreError> {
    let status = Status::Refused(code, text);
    reservation::end(connection, id, &status).await?;
    let Status::Refused(code, text) = status else { return Err(StoreError::Corrupt("refusal")) };
    Ok(Reply::Refused { code, text })
}
