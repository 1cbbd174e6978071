//! Result coercion of leaves: the subgraph's own text is written, once it is known to be of the type.

use federation::supergraph::{ScalarKind, Type, TypeKind};
use graphql::json::{Kind, is_int32, to_integer_text, unescaped_eq};

/// Digits of an ID given as a number; beyond is no key.
const ID_DIGITS_MAX: usize = 400;

/// Writes a value that isn't null. `false`, with nothing written, if it is none of the type's.
pub fn write_leaf(ty: &Type, kind: Kind, text: &[u8], out: &mut Vec<u8>) -> bool {
    match ty.kind {
        TypeKind::Scalar(scalar) => write_scalar(scalar, kind, text, out),
        TypeKind::Enum => {
            let known = kind == Kind::String && ty.enum_values.iter().any(|name| unescaped_eq(text, name));
            if known {
                out.extend_from_slice(text);
            }
            known
        }
        TypeKind::Object | TypeKind::Interface | TypeKind::Union | TypeKind::InputObject => false,
    }
}

fn write_scalar(scalar: ScalarKind, kind: Kind, text: &[u8], out: &mut Vec<u8>) -> bool {
    match (scalar, kind) {
        (ScalarKind::Int, Kind::Number) => return write_int(text, out),
        (ScalarKind::Id, Kind::Number) => return write_id(text, out),
        (ScalarKind::Float, Kind::Number) if is_finite(text) => {}
        (ScalarKind::String | ScalarKind::Id, Kind::String) => {}
        (ScalarKind::Boolean, Kind::True | Kind::False) => {}
        (ScalarKind::Custom, _) => {}
        _ => return false,
    }
    out.extend_from_slice(text);
    true
}

fn write_int(text: &[u8], out: &mut Vec<u8>) -> bool {
    // Nine digits always fit 32 bits.
    if text.len() <= 9 && text.iter().all(u8::is_ascii_digit) {
        out.extend_from_slice(text);
        return true;
    }
    let integer = std::str::from_utf8(text).ok().and_then(|text| to_integer_text(text, 10));
    match integer {
        Some(integer) if is_int32(&integer) => {
            out.extend_from_slice(integer.as_bytes());
            true
        }
        _ => false,
    }
}

fn write_id(text: &[u8], out: &mut Vec<u8>) -> bool {
    let Some(integer) = std::str::from_utf8(text).ok().and_then(|text| to_integer_text(text, ID_DIGITS_MAX)) else {
        return false;
    };
    out.push(b'"');
    out.extend_from_slice(integer.as_bytes());
    out.push(b'"');
    true
}

fn is_finite(text: &[u8]) -> bool {
    // Short and without an exponent: no number of up to 300 digits overflows.
    if text.len() < 300 && !text.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        return true;
    }
    let float = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    float.is_some_and(f64::is_finite)
}
