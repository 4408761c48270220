//! Contributions: money and days that organisations pledge to a project, and what they gave.

use crate::{Error, Result, text_enum};

text_enum!(
    /// What is contributed.
    pub enum ContributionKind as "contribution kind" {
        /// Money, in pence.
        Money = "MONEY",
        /// Days of work.
        Days = "DAYS",
    }
);

/// The most that one contribution can be: ten thousand million pounds in pence.
pub const MOST: i64 = 1_000_000_000_000;

/// Checks an amount that is pledged or given.
///
/// # Errors
/// [`Error::Invalid`] when it is below `least` or above [`MOST`].
pub fn amount(field: &'static str, amount: i64, least: i64) -> Result<i64> {
    if (least..=MOST).contains(&amount) {
        return Ok(amount);
    }
    let told = format!("Give {least} to {MOST}; {amount} is not. Money is in pence.");
    Err(Error::invalid(field, told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_lies_within_its_bounds() {
        assert!(amount("pledged", 0, 1).is_err());
        assert!(amount("given", 0, 0).is_ok());
        assert!(amount("given", -1, 0).is_err());
        assert!(amount("pledged", MOST, 1).is_ok() && amount("pledged", MOST + 1, 1).is_err());
    }
}
