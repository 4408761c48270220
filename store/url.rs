//! Which database: a SQLite path or a PostgreSQL address, told apart by scheme and never guessed.

use domain::{Error, Result};
use std::{fmt, path::PathBuf, str::FromStr};

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    /// An embedded database in this file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as a `postgres://` URL.
    Postgres(String),
}

impl FromStr for Url {
    type Err = Error;

    /// Reads `postgres://…`, `postgresql://…`, `sqlite:PATH`, `sqlite://PATH` or a plain path.
    ///
    /// # Errors
    /// [`Error::Invalid`] for any other scheme: a mistyped address must not become a new empty file.
    fn from_str(raw: &str) -> Result<Self> {
        let raw = raw.trim();
        let scheme = raw
            .split_once(':')
            .map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
        let path = match &scheme {
            Some((scheme, _)) if scheme == "postgres" || scheme == "postgresql" => {
                if !raw.contains("://") {
                    return Err(unknown(raw));
                }
                return Ok(Self::Postgres(raw.to_owned()));
            }
            Some((scheme, rest)) if scheme == "sqlite" => rest.strip_prefix("//").unwrap_or(rest),
            Some(_) => return Err(unknown(raw)),
            None => raw,
        };
        if path.is_empty() || path.contains('?') {
            return Err(unknown(raw));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

fn unknown(raw: &str) -> Error {
    // Only the part before the address: it may hold a password.
    let shown = raw.split(':').next().unwrap_or_default();
    Error::invalid(
        "database",
        format!(
            "`{shown}…` is no database address; give a SQLite path such as manyhands.db (or sqlite:PATH), \
             or postgres://USER:PASSWORD@HOST/NAME."
        ),
    )
}

impl fmt::Display for Url {
    /// The address without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let place = url.split_once("://").map_or("", |(_, rest)| rest);
                let place = place.rsplit_once('@').map_or(place, |(_, host)| host);
                write!(
                    f,
                    "postgres://{}",
                    place.split('?').next().unwrap_or_default()
                )
            }
        }
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_choose_the_engine_and_typing_mistakes_are_refused() {
        let sqlite = |path: &str| Url::Sqlite(PathBuf::from(path));
        assert_eq!(
            "manyhands.db".parse::<Url>().unwrap(),
            sqlite("manyhands.db")
        );
        assert_eq!("sqlite:a/b.db".parse::<Url>().unwrap(), sqlite("a/b.db"));
        assert_eq!(
            "sqlite:///a/b.db".parse::<Url>().unwrap(),
            sqlite("/a/b.db")
        );
        assert!(matches!(
            "postgres://h/db".parse::<Url>().unwrap(),
            Url::Postgres(_)
        ));
        for bad in [
            "",
            "postgress://h/db",
            "postgres:/h",
            "mysql://h/db",
            "sqlite:",
            "x.db?mode=ro",
        ] {
            assert!(bad.parse::<Url>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: Url = "postgres://me:secret@host:5432/db?sslmode=require"
            .parse()
            .unwrap();
        assert_eq!(url.to_string(), "postgres://host:5432/db");
        assert_eq!(format!("{url:?}"), "postgres://host:5432/db");
        let error = "postgress://me:secret@host/db".parse::<Url>().unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }
}
