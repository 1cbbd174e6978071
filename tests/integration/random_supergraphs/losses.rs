//! What of the true answer did not come, by response path.

use planner::plan::{Shape, Source};
use serde_json::Value;

use super::monolith::{Loss, Losses};
use super::reference_run::Came;

/// Compares what came with the true data.
pub fn losses(shape: &Shape, came: &Came, truth: &Value) -> Losses {
    let mut lost = Losses::new();
    compare(Some(shape), Some(came), truth, &mut String::new(), &mut lost);
    lost
}

fn compare(shape: Option<&Shape>, came: Option<&Came>, truth: &Value, path: &mut String, lost: &mut Losses) {
    let why = match (truth, came) {
        (_, None) => Some(Loss::Error),
        // What failed has an error, even if it would have been null.
        (_, Some(Came::Null(why, _))) => Some(*why),
        (Value::Array(items), Some(Came::List(came))) if items.len() == came.len() => {
            for (index, (item, came)) in items.iter().zip(came).enumerate() {
                at(path, &index.to_string(), |path| compare(shape, Some(came), item, path, lost));
            }
            None
        }
        (Value::Object(members), Some(Came::Object(object))) if shape.is_some() => {
            let shape = shape.map(|shape| shape.variants.as_slice()).unwrap_or_default();
            let variant = match (object.ty, shape) {
                (Some(ty), variants) => variants.iter().find(|variant| variant.types.contains(ty)),
                (None, [only]) => Some(only),
                (None, _) => None,
            };
            match variant {
                None => Some(Loss::Error),
                // Its name never null, the object is where that isn't known.
                Some(variant)
                    if object.ty.is_none()
                        && variant.types.len() > 1
                        && variant.fields.iter().any(|field| field.source == Source::Typename) =>
                {
                    Some(Loss::Error)
                }
                Some(variant) => {
                    for field in &variant.fields {
                        let Source::Data(key) = field.source else { continue };
                        let Some(truth) = members.get(&*field.response_key) else { continue };
                        let came = object.members.get(&key.0);
                        at(path, &field.response_key, |path| {
                            compare(field.selection.as_deref(), came, truth, path, lost);
                        });
                    }
                    None
                }
            }
        }
        _ => None,
    };
    if let Some(why) = why {
        lost.insert(path.clone(), why);
    }
}

fn at(path: &mut String, step: &str, below: impl FnOnce(&mut String)) {
    let before = path.len();
    path.push('/');
    path.push_str(step);
    below(path);
    path.truncate(before);
}
