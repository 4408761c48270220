//! One error for the whole sector: what a caller can act on, and everything else as `Internal`.

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the caller's words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller asked for something that does not exist.
    #[error("There is no {kind} `{key}`.")]
    NotFound {
        /// The kind of thing, such as `standard`.
        kind: &'static str,
        /// The slug, code or id that was asked for.
        key: String,
    },
    /// The caller sent something that a rule forbids. `reason` says what to do instead.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field at fault, as the caller names it.
        field: &'static str,
        /// A full sentence that says what to do.
        reason: String,
    },
    /// Another thing already has this value.
    #[error("{field}: `{value}` is already in use.")]
    Taken {
        /// The field that has to be unique.
        field: &'static str,
        /// The value that is taken.
        value: String,
    },
    /// It does not go together with what stands, such as an idempotency key that came with another input.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else changed it since the caller read it.
    #[error(
        "It was changed meanwhile and is at version {current} now; read it again and decide anew."
    )]
    Stale {
        /// The version it is at now.
        current: i64,
    },
    /// The action needs a viewer that said who it is.
    #[error("Say who you are: send `Authorization: Bearer TOKEN` with a valid token.")]
    Unauthenticated,
    /// The viewer may not do this.
    #[error("You may not {action}. {hint}")]
    Forbidden {
        /// The action in words, such as `record an adoption for this organisation`.
        action: &'static str,
        /// Who may, in a sentence.
        hint: &'static str,
    },
    /// Our fault. The cause is for the log, never for the caller.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The stable code for machines, as in the API's `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Invalid { .. } | Self::Taken { .. } => "BAD_INPUT",
            Self::Conflict(_) | Self::Stale { .. } => "CONFLICT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden { .. } => "FORBIDDEN",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// An [`Error::Invalid`] for `field`.
    pub fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            reason: reason.into(),
        }
    }

    /// An [`Error::NotFound`] for a thing of `kind`.
    pub fn not_found(kind: &'static str, key: impl Into<String>) -> Self {
        Self::NotFound {
            kind,
            key: key.into(),
        }
    }

    /// Hides `cause` from the caller and keeps it for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// The whole chain of causes on one line, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }
}
