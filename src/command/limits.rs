//! The flags of a server that say how much anybody may ask, and from where.

use crate::http::{LimitsSetup, Network, PublicUrl};
use clap::Args;

/// How much anybody may ask, and from where.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits")]
pub(super) struct Limits {
    /// What the public may ask from one address, in cost a second; 20 seconds' worth at once. 0: no limit.
    #[arg(
        long,
        env = "MANYHANDS_BUDGET_ANONYMOUS",
        default_value_t = LimitsSetup::default().anonymous,
        value_name = "COST_PER_SECOND"
    )]
    budget_anonymous: u32,
    /// What one token or one person may ask, in cost a second; 20 seconds' worth at once. 0: no limit.
    #[arg(
        long,
        env = "MANYHANDS_BUDGET_KEY",
        default_value_t = LimitsSetup::default().key,
        value_name = "COST_PER_SECOND"
    )]
    budget_key: u32,
    /// How many wrong tokens and links a minute from one address are answered at once. 0: all of them.
    #[arg(
        long,
        env = "MANYHANDS_FAILURES_PER_MINUTE",
        default_value_t = LimitsSetup::default().failures,
        value_name = "NUMBER"
    )]
    failures_per_minute: u32,
    /// A proxy to believe when it says for whom it asks, by `Forwarded` or `X-Forwarded-For`; may be given again.
    #[arg(long, value_name = "ADDRESS|CIDR")]
    trusted_proxy: Vec<Network>,
    /// A site whose scripts may ask the API, such as https://council.example; may be given again.
    #[arg(long, value_name = "ORIGIN")]
    pub(super) cors_origin: Vec<PublicUrl>,
}

impl Default for Limits {
    fn default() -> Self {
        let LimitsSetup {
            anonymous,
            key,
            failures,
            trusted_proxies,
        } = LimitsSetup::default();
        Self {
            budget_anonymous: anonymous,
            budget_key: key,
            failures_per_minute: failures,
            trusted_proxy: trusted_proxies,
            cors_origin: Vec::new(),
        }
    }
}

impl Limits {
    /// As the server takes them.
    pub(super) fn setup(&self) -> LimitsSetup {
        LimitsSetup {
            anonymous: self.budget_anonymous,
            key: self.budget_key,
            failures: self.failures_per_minute,
            trusted_proxies: self.trusted_proxy.clone(),
        }
    }
}
