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
        created_at -> Timestamp, expires_at -> Timestamp, revoked_at -> Nullable<Timestamp>,
    }
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
);
