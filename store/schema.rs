//! The tables as diesel sees them; `migrations/` makes them.

diesel::table! {
    organisation (id) {
        id -> Text, slug -> Text, name -> Text, name_key -> Text, kind -> Text, tier -> Nullable<Text>,
        nation -> Nullable<Text>, region -> Nullable<Text>, population -> BigInt, opened_on -> Nullable<Date>,
        closed_on -> Nullable<Date>, version -> BigInt, updated_at -> Timestamp,
    }
}
diesel::table! {
    external_id (scheme, code) { scheme -> Text, code -> Text, organisation_id -> Text, alias -> Bool }
}
diesel::table! {
    succession (predecessor_id, successor_id) { predecessor_id -> Text, successor_id -> Text, starts_on -> Date }
}
diesel::table! {
    group (id) { id -> Text, slug -> Text, name -> Text, kind -> Text }
}
diesel::table! {
    group_member (group_id, organisation_id, id) {
        group_id -> Text, organisation_id -> Text, id -> Text, from_on -> Nullable<Date>, to_on -> Nullable<Date>,
    }
}
diesel::table! {
    standard (id) {
        id -> Text, slug -> Text, title -> Text, title_key -> Text, kind -> Text, stage -> Text, summary -> Text,
        url -> Nullable<Text>, expiry_months -> Integer, supersedes_id -> Nullable<Text>, source -> Text,
        version -> BigInt, updated_at -> Timestamp,
    }
}
diesel::table! {
    standard_stage (standard_id, stage) { standard_id -> Text, stage -> Text, starts_on -> Nullable<Date> }
}
diesel::table! {
    standard_version (standard_id, label) {
        standard_id -> Text, label -> Text, released_on -> Nullable<Date>, url -> Nullable<Text>,
    }
}
diesel::table! {
    provision (standard_id, id) {
        standard_id -> Text, id -> Text, target_kind -> Nullable<Text>, target_group_id -> Nullable<Text>,
        target_organisation_id -> Nullable<Text>, reason -> Text, from_on -> Nullable<Date>, to_on -> Nullable<Date>,
        excluded -> Bool, note -> Nullable<Text>, source_key -> Text, updated_at -> Timestamp,
    }
}
diesel::table! {
    adoption_event (standard_id, organisation_id, id) {
        standard_id -> Text, organisation_id -> Text, id -> Text, state -> Text, effective_on -> Date,
        recorded_at -> Timestamp, expires_on -> Nullable<Date>, grade -> Text, standing -> Text,
        evidence_url -> Nullable<Text>, checked_on -> Nullable<Date>, source -> Text, note -> Nullable<Text>,
        version_label -> Nullable<Text>, corrects_id -> Nullable<Text>, recorded_by -> Text,
        source_key -> Nullable<Text>,
    }
}
diesel::table! {
    snapshot (standard_id, id) {
        standard_id -> Text, id -> Text, method -> Text, method_version -> Integer, as_of -> Date,
        known_at -> Timestamp, eligible -> BigInt, adopted -> BigInt, exempt -> BigInt, unknown -> BigInt, body -> Text,
    }
}
diesel::table! {
    job_run (job, slot) {
        job -> Text, slot -> Timestamp, id -> Text, as_of -> Date, state -> Text, requested_by -> Text,
        attempt -> Integer, lease_until -> Nullable<Timestamp>, started_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>, read_rows -> Nullable<BigInt>, written_rows -> Nullable<BigInt>,
        unchanged_rows -> Nullable<BigInt>, error -> Nullable<Text>,
    }
}
diesel::table! {
    token (id) {
        id -> Text, name -> Text, secret_hash -> Text, role -> Text, organisation_id -> Nullable<Text>,
        created_at -> Timestamp, expires_at -> Timestamp, revoked_at -> Nullable<Timestamp>, scopes -> Text,
        membership_id -> Nullable<Text>, used_at -> Nullable<Timestamp>, version -> BigInt,
    }
}
diesel::table! {
    person (id) {
        id -> Text, issuer -> Nullable<Text>, subject -> Nullable<Text>, email -> Nullable<Text>,
        name -> Nullable<Text>, salt -> Nullable<Text>, created_at -> Timestamp, erased_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}
diesel::table! {
    membership (id) {
        id -> Text, person_id -> Text, organisation_id -> Nullable<Text>, role -> Text, from_on -> Date,
        to_on -> Nullable<Date>, version -> BigInt,
    }
}
diesel::table! {
    invitation (id) {
        id -> Text, organisation_id -> Nullable<Text>, role -> Text, email -> Nullable<Text>, salt -> Nullable<Text>,
        secret_hash -> Text, invited_by -> Text, by_unit -> Bool, until_on -> Nullable<Date>, state -> Text,
        person_id -> Nullable<Text>, created_at -> Timestamp, expires_at -> Timestamp, version -> BigInt,
    }
}
diesel::table! {
    session (id) {
        id -> Text, person_id -> Text, secret_hash -> Text, former_hash -> Nullable<Text>, rotated_at -> Timestamp,
        created_at -> Timestamp, seen_at -> Timestamp,
    }
}
diesel::table! {
    contact (organisation_id) {
        organisation_id -> Text, name -> Nullable<Text>, email -> Nullable<Text>, phone -> Nullable<Text>,
        salt -> Text, version -> BigInt, updated_at -> Timestamp,
    }
}
diesel::table! {
    notice (id) {
        id -> Text, organisation_id -> Nullable<Text>, about_id -> Text, kind -> Text, created_at -> Timestamp,
    }
}
diesel::table! {
    refusal (id) { id -> Text, refused_at -> Timestamp, actor -> Text, action -> Text, code -> Text }
}
diesel::table! {
    idempotency (actor, idempotency_key) {
        actor -> Text, idempotency_key -> Text, input_hash -> Text, answer -> Text, created_at -> Timestamp,
    }
}
diesel::table! {
    change (id) {
        id -> Text, changed_at -> Timestamp, actor -> Text, organisation_id -> Nullable<Text>, action -> Text,
        thing_kind -> Text, thing_id -> Text, before_json -> Nullable<Text>, after_json -> Nullable<Text>,
        reason -> Nullable<Text>, hash -> Text,
    }
}
diesel::table! {
    unsealed (change_id) { change_id -> Text }
}
diesel::table! {
    sealed (sequence) { sequence -> BigInt, change_id -> Text, seal -> BigInt }
}
diesel::table! {
    seal (number) {
        number -> BigInt, first -> BigInt, last -> BigInt, root -> Text, previous -> Text, sealed_at -> Timestamp,
        hash -> Text, head -> Text,
    }
}
diesel::table! {
    seal_node (level, place) { level -> Integer, place -> BigInt, hash -> Text }
}

diesel::joinable!(external_id -> organisation (organisation_id));
diesel::allow_tables_to_appear_in_same_query!(
    organisation,
    external_id,
    group_member,
    group,
    standard,
    provision,
    adoption_event,
    succession,
    person,
    membership,
    invitation,
    session,
    token,
);
diesel::allow_tables_to_appear_in_same_query!(change, sealed, seal, unsealed);
diesel::joinable!(membership -> person (person_id));
diesel::joinable!(session -> person (person_id));
