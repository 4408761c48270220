//! Export of a person: everything that is kept of them, as JSON.

use crate::conn::internal;
use crate::invitation::Invitation;
use crate::membership::Membership;
use crate::person::{Person, by_id};
use crate::schema::{
    adoption_event, change, contact, idempotency, invitation as invited, job_run, refusal, session,
    signature, token,
};
use crate::token::Token;
use crate::{Conn, contact as contacts, digest, invitation, membership, subscription};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::id::PersonId;
use serde_json::{Value, json};

/// Everything that is kept of a person: their details, memberships, invitations, sessions, tokens and contacts with
/// their address, what they follow and how they are told of it, and what the record says that they did. Secrets, their hashes and salts are not in it.
///
/// It reads the record from end to end: give it a connection for wide reads.
///
/// # Errors
/// [`domain::Error::NotFound`] when there is no such person; [`domain::Error::Internal`] when the database fails.
pub async fn export(conn: &mut Conn, id: PersonId) -> Result<Value> {
    let person = by_id(conn, id).await?;
    let actor = format!("person:{id}");
    let memberships = membership::of_person(conn, id).await?;
    let email = person.email.as_deref();
    let answered = invitation::of_person(conn, id, email).await?;
    Ok(json!({
        "person": details(&person),
        "memberships": memberships,
        "invitations": answered.iter().map(invitation_json).collect::<Vec<_>>(),
        "invitationsMade": made(conn, &actor).await?,
        "sessions": sessions(conn, id).await?,
        "tokens": tokens(conn, &memberships).await?,
        "contacts": contact_cards(conn, email).await?,
        "changes": changes(conn, &actor, id).await?,
        "adoptionEvents": events(conn, &actor).await?,
        "jobRuns": job_runs(conn, &actor).await?,
        "refusals": refusals(conn, &actor).await?,
        "requests": requests(conn, &actor).await?,
        "subscriptions": subscription::of_person(conn, id).await?,
        "digest": told(conn, id).await?,
        "signatures": signatures(conn, &actor).await?,
    }))
}

/// How the person is told of changes, and when the links that end it were sent.
async fn told(conn: &mut Conn, id: PersonId) -> Result<Value> {
    let Some(row) = digest::of_person(conn, id).await? else {
        return Ok(Value::Null);
    };
    Ok(json!({
        "every": row.every,
        "told_to": row.told_to,
        "looked_at": row.looked_at,
        "sent_at": row.sent_at,
        "version": row.version,
        "links_made_at": digest::links(conn, id).await?,
    }))
}

/// The signatures that the person gave for organisations.
async fn signatures(conn: &mut Conn, actor: &str) -> Result<Vec<Value>> {
    let rows: Vec<(String, String, chrono::NaiveDate)> = on!(conn, c => signature::table
        .filter(signature::signed_by.eq(actor))
        .select((signature::id, signature::organisation_id, signature::signed_on))
        .order(signature::id.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    let named = |(id, organisation, on): &(String, String, chrono::NaiveDate)| json!({ "id": id, "organisation_id": organisation, "signed_on": on });
    Ok(rows.iter().map(named).collect())
}

fn details(person: &Person) -> Value {
    json!({
        "id": person.id,
        "issuer": person.issuer,
        "subject": person.subject,
        "email": person.email,
        "name": person.name,
        "created_at": person.created_at,
        "erased_at": person.erased_at,
        "version": person.version,
    })
}

fn invitation_json(row: &Invitation) -> Value {
    json!({
        "id": row.id,
        "organisation_id": row.organisation_id,
        "role": row.role,
        "email": row.email,
        "invited_by": row.invited_by,
        "by_unit": row.by_unit,
        "until_on": row.until_on,
        "state": row.state,
        "person_id": row.person_id,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "version": row.version,
    })
}

/// The invitations a person made, without the addresses of others.
async fn made(conn: &mut Conn, actor: &str) -> Result<Vec<Value>> {
    let rows: Vec<Invitation> = on!(conn, c => invited::table
        .filter(invited::invited_by.eq(actor))
        .select(Invitation::as_select())
        .order(invited::id.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    let of_others = |row: &Invitation| {
        json!({
            "id": row.id,
            "organisation_id": row.organisation_id,
            "role": row.role,
            "state": row.state,
            "created_at": row.created_at,
        })
    };
    Ok(rows.iter().map(of_others).collect())
}

async fn sessions(conn: &mut Conn, id: PersonId) -> Result<Vec<Value>> {
    let rows: Vec<(NaiveDateTime, NaiveDateTime)> = on!(conn, c => session::table
        .filter(session::person_id.eq(id))
        .select((session::created_at, session::seen_at))
        .order(session::id.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .iter()
        .map(|(created, seen)| json!({ "created_at": created, "seen_at": seen }))
        .collect())
}

async fn tokens(conn: &mut Conn, memberships: &[Membership]) -> Result<Vec<Value>> {
    let ids: Vec<_> = memberships.iter().map(|one| one.id).collect();
    let rows: Vec<Token> = on!(conn, c => token::table
        .filter(token::membership_id.eq_any(&ids))
        .select(Token::as_select())
        .order(token::id.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    rows.iter()
        .map(|row| {
            let mut value = serde_json::to_value(row).map_err(domain::Error::internal)?;
            value["used_at"] = json!(row.used_at);
            Ok(value)
        })
        .collect()
}

async fn contact_cards(conn: &mut Conn, email: Option<&str>) -> Result<Vec<Value>> {
    let Some(email) = email else {
        return Ok(Vec::new());
    };
    let rows: Vec<contacts::Contact> = on!(conn, c => contact::table
        .filter(contact::email.eq(email))
        .select(contacts::Contact::as_select())
        .load(c)
        .await)
    .map_err(internal)?;
    let card = |row: &contacts::Contact| {
        json!({
            "organisation_id": row.organisation_id,
            "name": row.name,
            "email": row.email,
            "phone": row.phone,
            "updated_at": row.updated_at,
        })
    };
    Ok(rows.iter().map(card).collect())
}

/// What the person did, and what was done to the person, as the record names it.
async fn changes(conn: &mut Conn, actor: &str, id: PersonId) -> Result<Vec<Value>> {
    let thing = id.to_string();
    let rows: Vec<(String, NaiveDateTime, String, String, String, String)> = on!(conn, c => change::table
        .filter(change::actor.eq(actor).or(change::thing_kind.eq("person").and(change::thing_id.eq(&thing))))
        .select((
            change::id,
            change::changed_at,
            change::actor,
            change::action,
            change::thing_kind,
            change::thing_id,
        ))
        .order(change::id.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    let named = |(id, at, actor, action, kind, thing): &(
        String,
        NaiveDateTime,
        String,
        String,
        String,
        String,
    )| {
        json!({ "id": id, "at": at, "actor": actor, "action": action, "thing_kind": kind, "thing_id": thing })
    };
    Ok(rows.iter().map(named).collect())
}

async fn events(conn: &mut Conn, actor: &str) -> Result<Vec<Value>> {
    let rows: Vec<(String, String, String, NaiveDateTime)> = on!(conn, c => adoption_event::table
        .filter(adoption_event::recorded_by.eq(actor))
        .select((
            adoption_event::standard_id,
            adoption_event::organisation_id,
            adoption_event::id,
            adoption_event::recorded_at,
        ))
        .order(adoption_event::id.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    let named = |(standard, organisation, id, at): &(String, String, String, NaiveDateTime)| json!({ "standard_id": standard, "organisation_id": organisation, "id": id, "recorded_at": at });
    Ok(rows.iter().map(named).collect())
}

async fn job_runs(conn: &mut Conn, actor: &str) -> Result<Vec<Value>> {
    let rows: Vec<(String, NaiveDateTime)> = on!(conn, c => job_run::table
        .filter(job_run::requested_by.eq(actor))
        .select((job_run::job, job_run::slot))
        .order(job_run::slot.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .iter()
        .map(|(job, slot)| json!({ "job": job, "slot": slot }))
        .collect())
}

async fn refusals(conn: &mut Conn, actor: &str) -> Result<Vec<Value>> {
    let rows: Vec<(NaiveDateTime, String, String)> = on!(conn, c => refusal::table
        .filter(refusal::actor.eq(actor))
        .select((refusal::refused_at, refusal::action, refusal::code))
        .order(refusal::id.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .iter()
        .map(|(at, action, code)| json!({ "at": at, "action": action, "code": code }))
        .collect())
}

/// The answers kept for requests that come again.
async fn requests(conn: &mut Conn, actor: &str) -> Result<Vec<Value>> {
    let rows: Vec<(String, NaiveDateTime)> = on!(conn, c => idempotency::table
        .filter(idempotency::actor.eq(actor))
        .select((idempotency::idempotency_key, idempotency::created_at))
        .order(idempotency::idempotency_key.asc())
        .load(c)
        .await)
    .map_err(internal)?;
    Ok(rows
        .iter()
        .map(|(key, at)| json!({ "key": key, "at": at }))
        .collect())
}
