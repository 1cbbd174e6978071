//! How a client asks: the same over a connection and within the process, again where that does no harm, and not for ever.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{
    bank::{Account, Bank, Deposit},
    proxy::{Harm, Proxy},
};
use crate::{
    internal::{CallError, ClientConfig, InternalClient},
    testing::wait_for,
};

/// Waits that a test doesn't notice, and a circuit that stays shut.
fn quick() -> ClientConfig {
    ClientConfig {
        deadline_ms: 30_000,
        attempt_timeout_ms: 15_000,
        retry_first_ms: 5,
        retry_longest_ms: 20,
        breaker_attempts: 1_000,
        ..ClientConfig::default()
    }
}

fn over_tcp(bank: &Bank, address: SocketAddr, config: ClientConfig) -> InternalClient {
    let origin = format!("http://{address}").parse().unwrap();
    InternalClient::over_http(origin, "orders", Arc::clone(&bank.orders), config).unwrap()
}

fn in_process(bank: &Bank, config: ClientConfig) -> InternalClient {
    InternalClient::in_process(bank.api.router.clone(), "orders", Arc::clone(&bank.orders), config)
}

async fn deposit(client: &InternalClient, key: &str, amount: i64) -> Result<Account, CallError> {
    client.post(&["accounts", "a", "deposits"]).key(key).json(&Deposit { amount }).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_alike_over_a_connection_and_within_the_process() {
    let bank = Bank::open().await;
    let listening = bank.listen().await;
    for client in [over_tcp(&bank, listening.address, quick()), in_process(&bank, quick())] {
        let account: Account = client.get(&["accounts", "a/b"]).send().await.unwrap();
        assert_eq!((account.id.as_str(), account.balance, account.asked_by.as_str()), ("a/b", 200, "orders"));
        assert!(account.is_waited_for);
        let missing = client.get(&["accounts", "z"]).send::<Account>().await.unwrap_err();
        assert_eq!((missing.code(), missing.is_transient()), (Some("NOT_FOUND"), false), "{missing:?}");
        let nowhere = client.get(&["accounts", ".."]).send::<Account>().await;
        assert!(matches!(nowhere, Err(CallError::Request(_))), "{nowhere:?}");
        let other = client.get(&["accounts", "a"]).send::<Deposit>().await;
        assert!(matches!(other, Err(CallError::Malformed(_))), "{other:?}");
    }
    let (first, second) = (over_tcp(&bank, listening.address, quick()), in_process(&bank, quick()));
    assert_eq!(deposit(&first, "k", 5).await.unwrap(), deposit(&second, "k", 5).await.unwrap());
    assert_eq!(bank.balance().await, 105);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_bounded() {
    let bank = Bank::open().await;
    let listening = bank.listen().await;
    let config = ClientConfig { answer_bytes_max: 10, ..quick() };
    for client in [over_tcp(&bank, listening.address, config), in_process(&bank, config)] {
        let long = client.get(&["accounts", "a"]).send::<Account>().await;
        assert!(matches!(long, Err(CallError::TooLong(10))), "{long:?}");
    }
}

/// Also one that may not be repeated: it surely did nothing.
#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_listen_is_asked_again() {
    let bank = Bank::open().await;
    let listening = bank.listen().await;
    let address = listening.address;
    drop(listening);
    let client = over_tcp(&bank, address, quick());
    let began = Instant::now();
    let refused = client.post(&["accounts", "a", "deposits"]).json(&Deposit { amount: 1 }).send::<Account>().await;
    assert!(matches!(refused, Err(CallError::Unreachable { may_have_arrived: false, .. })), "{refused:?}");
    assert!(began.elapsed() >= Duration::from_millis(5 / 2 + 10 / 2), "it was tried three times");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_connection_is_survived_where_that_does_no_harm() {
    let bank = Bank::open().await;
    let listening = bank.listen().await;
    for harm in [Harm::ResetBeforeRequest, Harm::BadGateway] {
        let before = bank.balance().await;
        let proxy = Proxy::start(listening.address, harm, 2).await;
        let client = over_tcp(&bank, proxy.address, quick());
        client.get(&["accounts", "a"]).send::<Account>().await.unwrap();
        assert_eq!(proxy.harmed(), 2);
        let proxy = Proxy::start(listening.address, harm, 2).await;
        deposit(&over_tcp(&bank, proxy.address, quick()), &format!("{harm:?}"), 1).await.unwrap();
        assert_eq!(proxy.harmed(), 2);
        // Without a key nobody knows what became of it.
        let proxy = Proxy::start(listening.address, harm, 1).await;
        let client = over_tcp(&bank, proxy.address, quick());
        let once = client.post(&["accounts", "a", "deposits"]).json(&Deposit { amount: 1 }).send::<Account>().await;
        assert!(once.unwrap_err().is_transient());
        // No more than it may.
        let proxy = Proxy::start(listening.address, harm, 10).await;
        let client = over_tcp(&bank, proxy.address, quick());
        assert!(client.get(&["accounts", "a"]).send::<Account>().await.unwrap_err().is_transient());
        assert_eq!(proxy.harmed(), 3);
        assert_eq!(bank.balance().await, before + 1);
    }
}

/// It was done, and whoever asked wasn't told: asked again it is told, and nothing is done.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_given_again() {
    let bank = Bank::open().await;
    let listening = bank.listen().await;
    let proxy = Proxy::start(listening.address, Harm::LoseAnswer, 2).await;
    let account = deposit(&over_tcp(&bank, proxy.address, quick()), "k", 7).await.unwrap();
    assert_eq!((account.balance, bank.balance().await), (107, 107));
    assert_eq!((proxy.harmed(), bank.books.calls()), (2, 3));
    let reused = deposit(&over_tcp(&bank, listening.address, quick()), "k", 8).await.unwrap_err();
    assert_eq!((reused.code(), reused.is_transient()), (Some("IDEMPOTENCY_KEY_REUSED"), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_bounds_all_attempts_together() {
    let bank = Bank::open().await;
    let listening = bank.listen().await;
    bank.books.takes_ms.store(3_600_000, Ordering::SeqCst);
    let config = ClientConfig { attempt_timeout_ms: 150, attempts_max: 1_000, ..quick() };
    for client in [over_tcp(&bank, listening.address, config), in_process(&bank, config)] {
        let (began, calls) = (Instant::now(), bank.books.calls());
        let late = client.get(&["accounts", "a"]).within(Duration::from_millis(500)).send::<Account>().await;
        let late = late.unwrap_err();
        assert!(matches!(late, CallError::Late) || late.code() == Some("DEADLINE_EXCEEDED"), "{late:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        assert!(bank.books.calls() > calls + 1, "an attempt that hangs isn't all");
    }
}

/// A service that fails is left alone, asked once in a while, and asked as ever when it answers again.
#[tokio::test(flavor = "multi_thread")]
async fn the_circuit_opens_and_closes() {
    let bank = Bank::open().await;
    let listening = bank.listen().await;
    let config = ClientConfig { attempts_max: 1, breaker_attempts: 4, breaker_open_ms: 200, ..quick() };
    let client = over_tcp(&bank, listening.address, config);
    let ask = async || client.get(&["accounts", "a"]).send::<Account>().await;
    // Refusals are no failures.
    for _ in 0..20 {
        let missing = client.get(&["accounts", "z"]).send::<Account>().await.unwrap_err();
        assert!(missing.is_not_found() && !missing.is_of_another(), "{missing:?}");
    }
    bank.books.fails.store(u32::MAX, Ordering::SeqCst);
    wait_for("the circuit to open", async || {
        ask().await.is_err_and(|e| matches!(e, CallError::CircuitOpen)).then_some(())
    })
    .await;
    let calls = bank.books.calls();
    assert!(calls <= 20 + 10, "{calls}");
    let open = ask().await.unwrap_err();
    assert!(matches!(open, CallError::CircuitOpen) && open.is_transient(), "{open:?}");
    wait_for("it to be asked again", async || {
        drop(ask().await);
        (bank.books.calls() > calls).then_some(())
    })
    .await;
    bank.books.fails.store(0, Ordering::SeqCst);
    wait_for("the circuit to close", async || ask().await.ok()).await;
    for _ in 0..20 {
        ask().await.unwrap();
    }
}
