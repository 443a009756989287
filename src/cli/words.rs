//! Errors of services as sentences for whoever typed a command: which option, what is wrong with it, how to mend it.

use anyhow::anyhow;

use crate::error::{Error, FieldCode, FieldError, RefusalCode};

/// An input field as the command line names it.
pub(super) struct Flag {
    /// The field: `/zone`.
    pub(super) pointer: &'static str,
    /// The option or argument: `--zone`.
    pub(super) name: &'static str,
    /// What it should be.
    pub(super) mend: &'static str,
}

/// The error as one sentence for each wrong option, or for the refusal.
pub(super) fn explain(error: Error, flags: &[Flag]) -> anyhow::Error {
    match error {
        Error::Invalid(fields) => anyhow!("{}", fields.iter().map(|field| sentence(field, flags)).collect::<Vec<_>>().join("\n      ")),
        Error::Refused(refusal) => anyhow!("{}", refused(refusal.code)),
        Error::NotFound => anyhow!("there is no such incident; --incident takes the slug it was created under"),
        other => other.into(),
    }
}

fn sentence(field: &FieldError, flags: &[Flag]) -> String {
    let wrong = wrong(field);
    match flags.iter().find(|flag| flag.pointer == field.pointer) {
        Some(flag) => format!("{} {wrong}: {}", flag.name, flag.mend),
        None => format!("{} {wrong}", field.pointer),
    }
}

fn wrong(field: &FieldError) -> String {
    match (field.code, field.limit) {
        (FieldCode::Empty, _) => "is empty".into(),
        (FieldCode::TooLong, Some(limit)) => format!("is longer than {limit} characters"),
        (FieldCode::TooShort, Some(limit)) => format!("is shorter than {limit} characters"),
        (FieldCode::TooLarge, Some(limit)) => format!("is more than {limit}"),
        (FieldCode::TooSmall, _) => "is too small".into(),
        (FieldCode::InTheFuture, _) => "lies too far in the future".into(),
        (FieldCode::NotAZone, _) => "is not a known zone".into(),
        (FieldCode::NotASlug, _) => "can't stand in an address".into(),
        (FieldCode::NotARegion, _) => "is not the code of a known region".into(),
        (FieldCode::NotATime, _) => "is not a time".into(),
        (FieldCode::NotACreditCode, _) => "is not a credit code".into(),
        (FieldCode::Duplicate, _) => "is taken already".into(),
        (FieldCode::ControlCharacter, _) => "holds a control character".into(),
        (FieldCode::BidiCharacter, _) => "holds a character that turns the direction of text".into(),
        (code, _) => format!("is wrong ({code})"),
    }
}

fn refused(code: RefusalCode) -> String {
    match code {
        RefusalCode::SlugTaken => "an incident of this slug exists already; nothing was changed. Choose another slug".into(),
        RefusalCode::NameTaken => {
            "an organisation of this name exists in this region already. Give another name or another --region".into()
        }
        code => format!("refused ({code})"),
    }
}
