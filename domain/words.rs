//! Texts that people write: without the blanks around them, and no longer than is sensible.

use crate::{Error, Result};

/// A text that has to be given, as it is kept.
///
/// # Errors
/// [`Error::Invalid`] of `field` when there is nothing in it, or more than `most` characters.
pub fn needed(field: &'static str, raw: &str, most: usize) -> Result<String> {
    given(field, Some(raw), most)?.ok_or_else(|| Error::invalid(field, "Write something here."))
}

/// A text that may be left out, as it is kept: `None` when there is nothing in it.
///
/// # Errors
/// [`Error::Invalid`] of `field` when it has more than `most` characters.
pub fn given(field: &'static str, raw: Option<&str>, most: usize) -> Result<Option<String>> {
    let text = raw.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > most || text.contains('\0')) {
        let told = format!("Write at most {most} characters.");
        return Err(Error::invalid(field, told));
    }
    Ok(text.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_without_blanks_and_within_bounds() {
        assert_eq!(needed("text", " a b \n", 3).unwrap(), "a b");
        assert_eq!(given("text", Some(" "), 3).unwrap(), None);
        assert_eq!(given("text", None, 3).unwrap(), None);
        // Characters, not bytes.
        assert!(needed("text", "äöü", 3).is_ok());
        for bad in ["", " ", "abcd", "a\0"] {
            assert!(needed("text", bad, 3).is_err(), "{bad:?}");
        }
    }
}
