use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;
use wire::identity::{Role, TrustedKey, Verifier};

use super::*;

const NOW: u64 = 1_800_000_000;

struct Fake {
    jwks: serde_json::Value,
    signing_key: Option<String>,
}

impl Sources for Fake {
    fn read_file(&self, path: &str) -> io::Result<Vec<u8>> {
        match path {
            "jwks.json" => Ok(self.jwks.to_string().into_bytes()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn environment(&self, name: &str) -> Option<String> {
        if name == "KEY" { self.signing_key.clone() } else { None }
    }

    fn unix_seconds(&self) -> u64 {
        NOW
    }
}

/// A key pair of an issuer of tokens.
struct Issuer {
    algorithm: Algorithm,
    key: EncodingKey,
    jwk: serde_json::Value,
}

fn ed25519(kid: &str) -> Issuer {
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let der = pair.to_pkcs8().unwrap();
    Issuer {
        algorithm: Algorithm::EdDSA,
        key: EncodingKey::from_ed_der(der.as_ref()),
        jwk: json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig"}),
    }
}

fn p256(kid: &str) -> Issuer {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = pair.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
    let der = pair.to_pkcs8v1().unwrap();
    Issuer {
        algorithm: Algorithm::ES256,
        key: EncodingKey::from_ec_der(der.as_ref()),
        jwk: json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "alg": "ES256"}),
    }
}

fn rsa(kid: &str) -> Issuer {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let n = URL_SAFE_NO_PAD.encode(pair.public_key().modulus().big_endian_without_leading_zero());
    let e = URL_SAFE_NO_PAD.encode(pair.public_key().exponent().big_endian_without_leading_zero());
    let der = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        base64::engine::general_purpose::STANDARD.encode(der.as_ref())
    );
    Issuer {
        algorithm: Algorithm::RS256,
        key: EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(),
        jwk: json!({"kty": "RSA", "n": n, "e": e, "kid": kid}),
    }
}

impl Issuer {
    fn token(&self, kid: Option<&str>, claims: &serde_json::Value) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = kid.map(str::to_owned);
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }
}

fn claims() -> serde_json::Value {
    json!({"sub": "VXNlcjox", "iss": "https://issuer.example", "aud": ["supergraph"], "exp": NOW + 60, "roles": ["administrator"]})
}

/// The authenticator, and what subgraphs verify with.
fn authenticator(keys: &[&Issuer]) -> (Authenticator, Verifier) {
    let signer = Ed25519KeyPair::generate().unwrap();
    let der = signer.to_pkcs8().unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        base64::engine::general_purpose::STANDARD.encode(der.as_ref())
    );
    let public = wire::identity::Signer::from_pem(pem.as_bytes()).unwrap().public_key();
    let jwks: Vec<_> = keys.iter().map(|issuer| issuer.jwk.clone()).collect();
    let mut config = config::Identity::default();
    config.jwt.jwks = vec![config::Jwks { file: Some("jwks.json".into()), url: None }];
    config.jwt.issuers = vec!["https://issuer.example".into()];
    config.jwt.audiences = vec!["supergraph".into()];
    config.signing_key.environment = Some("KEY".into());
    let fake = Fake { jwks: json!({"keys": jwks}), signing_key: Some(pem) };
    let authenticator = Authenticator::new(&config, Arc::new(fake), None).unwrap();
    (authenticator, Verifier::new(vec![TrustedKey { public_key: public, issuer: wire::identity::Issuer::Router }]))
}

fn with(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    headers
}

async fn refused(authenticator: &Authenticator, token: &str) -> String {
    let refusal = authenticator.authenticate(&with(token)).await.unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Unauthenticated);
    assert_eq!(refusal.code(), "UNAUTHENTICATED");
    refusal.errors[0].message.clone()
}

#[tokio::test]
async fn tokens_of_each_algorithm_become_signed_identities() {
    for issuer in [ed25519("k"), p256("k"), rsa("k")] {
        let (authenticator, verifier) = authenticator(&[&issuer]);
        for kid in [Some("k"), None] {
            let caller = authenticator.authenticate(&with(&issuer.token(kid, &claims()))).await.unwrap();
            let identity = verifier.verify(&caller.identity.unwrap(), NOW).unwrap();
            assert_eq!(identity.subject.as_deref(), Some("VXNlcjox"));
            assert_eq!(identity.roles, [Role::Administrator]);
        }
    }
}

#[tokio::test]
async fn without_a_token_the_caller_is_anonymous() {
    let (authenticator, verifier) = authenticator(&[&ed25519("k")]);
    let caller = authenticator.authenticate(&HeaderMap::new()).await.unwrap();
    assert_eq!(verifier.verify(&caller.identity.unwrap(), NOW).unwrap(), Identity::anonymous());
}

#[tokio::test]
async fn without_key_sets_and_signing_key_nothing_is_looked_at_and_nothing_sent() {
    let fake = Fake { jwks: json!({}), signing_key: None };
    let authenticator = Authenticator::new(&config::Identity::default(), Arc::new(fake), None).unwrap();
    assert!(authenticator.authenticate(&with("nonsense")).await.unwrap().identity.is_none());
}

#[tokio::test]
async fn claims_that_do_not_hold_are_refused() {
    let issuer = ed25519("k");
    let (authenticator, _) = authenticator(&[&issuer]);
    let table = [
        ("exp", json!(NOW - 31), "expired"),
        ("exp", json!(null), "malformed"),
        ("exp", json!("soon"), "malformed"),
        ("nbf", json!(NOW + 31), "not valid yet"),
        ("iss", json!("https://other.example"), "issuer"),
        ("aud", json!("other"), "audience"),
        ("sub", json!(7), "subject"),
    ];
    for (claim, value, says) in table {
        let mut claims = claims();
        claims[claim] = value;
        let message = refused(&authenticator, &issuer.token(Some("k"), &claims)).await;
        assert!(message.contains(says), "{claim}: {message}");
    }
    for claim in ["exp", "iss", "aud", "sub"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(claim);
        refused(&authenticator, &issuer.token(Some("k"), &claims)).await;
    }
}

#[tokio::test]
async fn the_clock_may_differ_by_the_configured_seconds() {
    let issuer = ed25519("k");
    let (authenticator, _) = authenticator(&[&issuer]);
    let mut claims = claims();
    claims["exp"] = json!(NOW - 29);
    claims["nbf"] = json!(NOW + 29);
    assert!(authenticator.authenticate(&with(&issuer.token(Some("k"), &claims))).await.is_ok());
}

#[tokio::test]
async fn no_token_is_accepted_unsigned_or_signed_by_others_or_with_a_public_key_as_secret() {
    let (issuer, other) = (rsa("k"), rsa("k"));
    let (authenticator, _) = authenticator(&[&issuer]);
    assert!(refused(&authenticator, &other.token(Some("k"), &claims())).await.contains("signature"));
    assert!(refused(&authenticator, &other.token(Some("z"), &claims())).await.contains("not known"));
    refused(&authenticator, &other.token(None, &claims())).await;
    let body = URL_SAFE_NO_PAD.encode(claims().to_string());
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"none","kid":"k"}"#, r#"{"alg":"None"}"#] {
        refused(&authenticator, &format!("{}.{body}.", URL_SAFE_NO_PAD.encode(header))).await;
    }
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("k".into());
    let secret = EncodingKey::from_secret(issuer.jwk["n"].as_str().unwrap().as_bytes());
    refused(&authenticator, &jsonwebtoken::encode(&header, &claims(), &secret).unwrap()).await;
}

#[tokio::test]
async fn a_tampered_token_is_refused() {
    let issuer = ed25519("k");
    let (authenticator, _) = authenticator(&[&issuer]);
    let token = issuer.token(Some("k"), &claims());
    let parts: Vec<_> = token.split('.').collect();
    let mut forged = claims();
    forged["sub"] = json!("VXNlcjoy");
    let body = URL_SAFE_NO_PAD.encode(forged.to_string());
    refused(&authenticator, &format!("{}.{body}.{}", parts[0], parts[2])).await;
    for malformed in ["", "a", "a.b.c", "....", &"x".repeat(20_000)] {
        refused(&authenticator, malformed).await;
    }
}

#[tokio::test]
async fn a_token_that_needs_an_extension_is_refused() {
    let issuer = ed25519("k");
    let (authenticator, _) = authenticator(&[&issuer]);
    let mut header = Header::new(Algorithm::EdDSA);
    header.crit = Some(vec!["b64".into()]);
    let token = jsonwebtoken::encode(&header, &claims(), &issuer.key).unwrap();
    assert!(refused(&authenticator, &token).await.contains("extension"));
}

#[tokio::test]
async fn other_schemes_and_two_headers_are_refused_when_tokens_are_verified() {
    let (authenticator, _) = authenticator(&[&ed25519("k")]);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, "Basic YTpi".parse().unwrap());
    assert!(authenticator.authenticate(&headers).await.is_err());
    let mut headers = with("x");
    headers.append(AUTHORIZATION, "Bearer y".parse().unwrap());
    assert!(authenticator.authenticate(&headers).await.is_err());
}

#[tokio::test]
async fn a_users_token_never_makes_a_service() {
    let issuer = ed25519("k");
    let (authenticator, verifier) = authenticator(&[&issuer]);
    let mut claims = claims();
    claims["roles"] = json!(["service", "editor"]);
    let caller = authenticator.authenticate(&with(&issuer.token(Some("k"), &claims))).await.unwrap();
    let identity = verifier.verify(&caller.identity.unwrap(), NOW).unwrap();
    assert_eq!(identity.roles, [Role::Other("editor".into())]);
}

/// With a key set that a server of its own gives.
async fn over_url(key_set: axum::routing::MethodRouter) -> Authenticator {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/jwks.json", key_set);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut config = config::Identity::default();
    config.jwt.jwks = vec![config::Jwks { file: None, url: Some(url) }];
    Authenticator::new(&config, Arc::new(Fake { jwks: json!({}), signing_key: None }), None).unwrap()
}

#[tokio::test]
async fn key_sets_from_a_url_are_fetched_and_unknown_keys_make_bounded_traffic() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let issuer = ed25519("remote");
    let document = json!({"keys": [issuer.jwk, {"kty": "unknown"}]}).to_string();
    let answer = move || {
        CALLS.fetch_add(1, Ordering::SeqCst);
        std::future::ready(document.clone())
    };
    let authenticator = over_url(axum::routing::get(answer)).await;
    assert!(!authenticator.is_ready());
    let token = issuer.token(Some("remote"), &claims());
    assert!(authenticator.authenticate(&with(&token)).await.is_ok());
    assert!(authenticator.is_ready());
    for _ in 0..5 {
        refused(&authenticator, &issuer.token(Some("made-up"), &claims())).await;
    }
    assert_eq!(CALLS.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_that_was_accepted_is_not_once_its_key_is_gone_or_its_time_over() {
    let issuer = ed25519("k");
    let (keys, none) = (json!({"keys": [issuer.jwk]}).to_string(), json!({"keys": []}).to_string());
    let documents = Arc::new(std::sync::Mutex::new(vec![none, keys.clone(), keys]));
    let answer = move || std::future::ready(documents.lock().unwrap().pop().unwrap());
    let authenticator = over_url(axum::routing::get(answer)).await;
    let tokens = authenticator.tokens.as_ref().unwrap();
    let token = issuer.token(Some("k"), &claims());
    let known = || tokens.keys.verify(&token);
    let first = known().await.unwrap();
    assert!(Arc::ptr_eq(&first, &known().await.unwrap()), "not checked twice");
    assert!(tokens.rules.identity(&first, NOW).is_ok());
    assert!(tokens.rules.identity(&first, NOW + 3_600).is_err());
    tokens.keys.load_missing().await.unwrap();
    assert!(!Arc::ptr_eq(&first, &known().await.unwrap()), "the keys were fetched again, be they the same");
    tokens.keys.load_missing().await.unwrap();
    assert!(known().await.is_err());
}

#[tokio::test]
async fn callers_that_give_up_make_no_further_fetches() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let never = || {
        CALLS.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<&'static str>()
    };
    let authenticator = over_url(axum::routing::get(never)).await;
    let headers = with(&ed25519("k").token(Some("k"), &claims()));
    let fetched = async {
        while CALLS.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = authenticator.authenticate(&headers) => panic!("there is no answer to go by"),
        () = fetched => {}
    }
    assert!(authenticator.authenticate(&headers).await.is_err());
    assert_eq!(CALLS.load(Ordering::SeqCst), 1);
}
