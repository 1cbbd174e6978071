use super::*;
use crate::identity::Signer;

const NOW: u64 = 1_700_000_000;

fn verifier(signer: &Signer, issuer: Issuer) -> Verifier {
    Verifier::new(vec![TrustedKey { public_key: signer.public_key(), issuer }])
}

fn signed(identity: &Identity, issuer: Issuer) -> Result<Identity, IdentityError> {
    let signer = Signer::generate().unwrap();
    let token = signer.sign(identity, NOW).unwrap();
    verifier(&signer, issuer).verify(&token, NOW + 1)
}

#[test]
fn returns_the_identity_that_was_signed() {
    let mut identity = Identity::administrator("VXNlcjox");
    identity.roles.push(Role::Other("auditor".to_owned()));
    identity.scopes.push("orders:read".to_owned());
    assert_eq!(signed(&identity, Issuer::Router), Ok(identity));
}

#[test]
fn nothing_is_signed_that_no_verifier_reads() {
    let signer = Signer::generate().unwrap();
    let of = |length| Identity { scopes: vec!["s".repeat(length)], ..Identity::anonymous() };
    let longest = (0..TOKEN_BYTES_MAX).rev().find(|length| signer.sign(&of(*length), NOW).is_ok()).unwrap();
    assert!(verifier(&signer, Issuer::Router).verify(&signer.sign(&of(longest), NOW).unwrap(), NOW).is_ok());
    assert_eq!(signer.sign(&of(longest + 1), NOW), Err(IdentityError::Claims));
}

#[test]
fn refuses_after_the_end_and_before_the_start() {
    let signer = Signer::generate().unwrap();
    let verifier = verifier(&signer, Issuer::Router);
    let token = signer.sign(&Identity::anonymous(), NOW).unwrap();
    let end = NOW + LIFETIME_MAX_SECONDS + LEEWAY_SECONDS;
    assert!(verifier.verify(&token, end - 1).is_ok());
    assert_eq!(verifier.verify(&token, end), Err(IdentityError::Expired));
    assert!(verifier.verify(&token, NOW - LEEWAY_SECONDS).is_ok());
    assert_eq!(verifier.verify(&token, NOW - LEEWAY_SECONDS - 1), Err(IdentityError::Times));
}

#[test]
fn refuses_a_key_that_is_not_trusted() {
    let token = Signer::generate().unwrap().sign(&Identity::anonymous(), NOW).unwrap();
    let other = verifier(&Signer::generate().unwrap(), Issuer::Router);
    assert_eq!(other.verify(&token, NOW), Err(IdentityError::UnknownKey));
}

#[test]
fn what_was_believed_once_is_neither_forged_nor_old() {
    let signer = Signer::generate().unwrap();
    let verifier = verifier(&signer, Issuer::Router);
    let token = signer.sign(&Identity::user("a"), NOW).unwrap();
    for now in [NOW, NOW + 1, NOW + LIFETIME_MAX_SECONDS] {
        assert_eq!(verifier.verify(&token, now), Ok(Identity::user("a")));
    }
    assert_eq!(verifier.verify(&token, NOW + 1_000), Err(IdentityError::Expired));
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let forged = format!("{rest}.{}", signature.chars().rev().collect::<String>());
    assert!(verifier.verify(&forged, NOW).is_err());
    assert_eq!(verifier.clone().verify(&token, NOW), Ok(Identity::user("a")));
    assert_eq!(verifier.believed.len(), 1);
}

#[test]
fn refuses_a_changed_payload() {
    let signer = Signer::generate().unwrap();
    let verifier = verifier(&signer, Issuer::Router);
    let user = signer.sign(&Identity::user("a"), NOW).unwrap();
    let administrator = signer.sign(&Identity::administrator("a"), NOW).unwrap();
    let payload = administrator.split('.').nth(1).unwrap();
    let parts: Vec<&str> = user.split('.').collect();
    let forged = format!("{}.{payload}.{}", parts[0], parts[2]);
    assert_eq!(verifier.verify(&forged, NOW), Err(IdentityError::Signature));
}

#[test]
fn service_keys_speak_only_for_themselves() {
    let orders = || Issuer::Service("orders".to_owned());
    let service = Identity::service("orders");
    assert_eq!(signed(&service, orders()), Ok(service));
    for claimed in [
        Identity { issuer: orders(), ..Identity::administrator("a") },
        Identity { issuer: orders(), ..Identity::user("a") },
        Identity::service("products"),
        Identity::administrator("a"),
    ] {
        assert_eq!(signed(&claimed, orders()), Err(IdentityError::Claims));
    }
}

#[test]
fn the_router_never_speaks_as_a_service() {
    let mut identity = Identity::user("a");
    identity.roles.push(Role::Service);
    assert_eq!(signed(&identity, Issuer::Router), Err(IdentityError::Claims));
}

#[test]
fn refuses_other_algorithms_types_and_garbage() {
    let verifier = verifier(&Signer::generate().unwrap(), Issuer::Router);
    // {"alg":"none"} and {"alg":"HS256","typ":"JWT"}
    for token in [
        "",
        ".",
        "..",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.AAAA",
        &"x".repeat(TOKEN_BYTES_MAX + 1),
    ] {
        assert!(matches!(verifier.verify(token, NOW), Err(IdentityError::Malformed | IdentityError::WrongKind)));
    }
}

#[test]
fn reads_keys_in_the_forms_that_openssl_writes() {
    let private = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    let public = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
    let signer = Signer::from_pem(private).unwrap();
    // The key pair of RFC 8037, appendix A, whose thumbprint it also gives.
    let key = PublicKey::from_pem(public).unwrap();
    assert_eq!(signer.public_key(), key);
    assert_eq!(key.key_id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn debug_shows_no_secret() {
    let private = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    let text = format!("{:?}", Signer::from_pem(private).unwrap());
    assert!(text.starts_with("Signer { key_id: ") && text.len() < 100);
}
