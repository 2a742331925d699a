//! Ids that may stand in a path. They are checked by their letters and then percent-encoded too.

use crate::error::PortoneError;

/// An imp_uid as PortOne makes them: `imp_` or `imps_` and digits, 32 characters at most; letters are allowed for.
///
/// Source: PortOne V1 `PaymentAnnotation.imp_uid`.
pub(crate) fn imp_uid(id: &str) -> Result<&str, PortoneError> {
    let rest = id.strip_prefix("imp_").or_else(|| id.strip_prefix("imps_"));
    let fits = rest.is_some_and(|rest| {
        !rest.is_empty()
            && id.len() <= 32
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    if fits { Ok(id) } else { Err(PortoneError::BadId) }
}

/// A merchant_uid of ours: PortOne takes 40 characters.
///
/// Source: PortOne V1 `PaymentAnnotation.merchant_uid`.
pub(crate) fn merchant_uid(id: &str) -> Result<&str, PortoneError> {
    let fits = (1..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if fits { Ok(id) } else { Err(PortoneError::BadId) }
}
