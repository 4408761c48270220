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
    sealed (sequence) {
        sequence -> BigInt, change_id -> Text, seal -> BigInt, organisation_id -> Nullable<Text>, thing_kind -> Text,
        thing_id -> Text, subject_id -> Text,
    }
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

diesel::table! {
    declaration (id) {
        id -> Text, number -> Integer, title -> Text, text -> Text, published_on -> Date, version -> BigInt,
    }
}
diesel::table! {
    signature (id) {
        id -> Text, declaration_id -> Text, organisation_id -> Text, signed_on -> Date, signed_by -> Text,
        withdrawn_on -> Nullable<Date>, reason -> Nullable<Text>, version -> BigInt,
    }
}
diesel::table! {
    commitment (id) {
        id -> Text, organisation_id -> Text, text -> Text, principle -> Nullable<Text>, made_on -> Date,
        due_on -> Date, project_id -> Nullable<Text>, standard_id -> Nullable<Text>, outcome -> Nullable<Text>,
        outcome_on -> Nullable<Date>, explanation -> Nullable<Text>, reminded_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}
diesel::table! {
    problem (id) {
        id -> Text, slug -> Text, organisation_id -> Nullable<Text>, state -> Text, parked_reason -> Nullable<Text>,
        merged_into_id -> Nullable<Text>, revision -> Integer, title -> Text, title_key -> Text, summary -> Text,
        why -> Text, affected -> Text, burden -> Text, service -> Nullable<Text>, tags -> Text,
        standard_id -> Nullable<Text>, backers -> BigInt, projects -> BigInt, created_at -> Timestamp,
        updated_at -> Timestamp, version -> BigInt,
    }
}
diesel::table! {
    problem_revision (problem_id, number) {
        problem_id -> Text, number -> Integer, title -> Text, summary -> Text, why -> Text, affected -> Text,
        burden -> Text, service -> Nullable<Text>, tags -> Text, standard_id -> Nullable<Text>, written_by -> Text,
        organisation_id -> Nullable<Text>, note -> Nullable<Text>, restores -> Nullable<Integer>,
        written_at -> Timestamp,
    }
}
diesel::table! {
    problem_tag (problem_id, tag) {
        problem_id -> Text, tag -> Text,
    }
}
diesel::table! {
    backing (problem_id, id) {
        problem_id -> Text, id -> Text, organisation_id -> Text, willingness -> Text, note -> Nullable<Text>,
        backed_at -> Timestamp, reply_by -> Date, answer -> Nullable<Text>, answered_at -> Nullable<Timestamp>,
        escalated_at -> Nullable<Timestamp>, withdrawn_at -> Nullable<Timestamp>, version -> BigInt,
    }
}
diesel::table! {
    problem_merge (id) {
        id -> Text, problem_id -> Text, into_id -> Text, merged_at -> Timestamp, reason -> Nullable<Text>,
        moved -> Text, undone_at -> Nullable<Timestamp>, version -> BigInt,
    }
}
diesel::table! {
    similar_judgement (problem_id, id) {
        problem_id -> Text, id -> Text, similar_id -> Text, accepted -> Bool, judged_by -> Text,
        judged_at -> Timestamp,
    }
}
diesel::table! {
    suggestion (id) {
        id -> Text, kind -> Text, problem_id -> Nullable<Text>, project_id -> Nullable<Text>, text -> Text,
        organisation_id -> Nullable<Text>, receipt_hash -> Text, state -> Text, answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamp>, created_at -> Timestamp, version -> BigInt,
    }
}
diesel::table! {
    project (id) {
        id -> Text, slug -> Text, title -> Text, title_key -> Text, search_key -> Text, summary -> Text,
        url -> Nullable<Text>, phase -> Text, phase_since -> Date, started_on -> Date, stopped_reason -> Nullable<Text>,
        cadence_days -> Integer, lead_id -> Nullable<Text>, participants -> BigInt, status_id -> Nullable<Text>,
        status_at -> Nullable<Timestamp>, source -> Nullable<Text>, source_key -> Nullable<Text>,
        created_at -> Timestamp, updated_at -> Timestamp, version -> BigInt,
    }
}
diesel::table! {
    project_problem (project_id, problem_id) {
        project_id -> Text, problem_id -> Text,
    }
}
diesel::table! {
    phase_change (project_id, id) {
        project_id -> Text, id -> Text, from_phase -> Nullable<Text>, to_phase -> Text, changed_on -> Date,
        reason -> Nullable<Text>, changed_by -> Text, recorded_at -> Timestamp,
    }
}
diesel::table! {
    gate (project_id, phase, condition) {
        project_id -> Text, phase -> Text, condition -> Text, least -> Integer, version -> BigInt,
    }
}
diesel::table! {
    participation (project_id, id) {
        project_id -> Text, id -> Text, organisation_id -> Text, role -> Text, state -> Text,
        message -> Nullable<Text>, proposed_by -> Text, proposed_at -> Timestamp, answered_by -> Nullable<Text>,
        answered_at -> Nullable<Timestamp>, from_on -> Nullable<Date>, to_on -> Nullable<Date>,
        reason -> Nullable<Text>, version -> BigInt,
    }
}
diesel::table! {
    contribution (project_id, id) {
        project_id -> Text, id -> Text, organisation_id -> Nullable<Text>, kind -> Text, pledged -> BigInt, given -> BigInt,
        pledged_on -> Date, note -> Nullable<Text>, source -> Nullable<Text>, version -> BigInt,
    }
}
diesel::table! {
    milestone (project_id, id) {
        project_id -> Text, id -> Text, title -> Text, due_on -> Date, first_due_on -> Date,
        done_on -> Nullable<Date>, version -> BigInt,
    }
}
diesel::table! {
    output (project_id, id) {
        project_id -> Text, id -> Text, title -> Text, kind -> Text, url -> Text, licence -> Text, readiness -> Text,
        ready_on -> Nullable<Date>, standard_id -> Nullable<Text>, published_at -> Timestamp, version -> BigInt,
    }
}
diesel::table! {
    status_update (project_id, id) {
        project_id -> Text, id -> Text, posted_at -> Timestamp, posted_by -> Text, organisation_id -> Nullable<Text>,
        delivery -> Text, money -> Text, people -> Text, reuse -> Text, headline -> Text, next_step -> Text,
        unchanged -> Bool, corrects_id -> Nullable<Text>, stands_at -> Timestamp,
    }
}
diesel::table! {
    ask (project_id, id) {
        project_id -> Text, id -> Text, status_id -> Text, kind -> Text, text -> Text, state -> Text,
        opened_at -> Timestamp, closed_at -> Nullable<Timestamp>, version -> BigInt,
    }
}
diesel::table! {
    ask_route (project_id, ask_id, organisation_id) {
        project_id -> Text, ask_id -> Text, organisation_id -> Text, reason -> Text, offer -> Nullable<Text>,
        offered_at -> Nullable<Timestamp>,
    }
}
diesel::table! {
    help_offer (organisation_id, kind) {
        organisation_id -> Text, kind -> Text,
    }
}
diesel::table! {
    flag (project_id, id) {
        project_id -> Text, id -> Text, kind -> Text, evidence -> Text, raised_at -> Timestamp,
        answer -> Nullable<Text>, answered_by -> Nullable<Text>, answered_at -> Nullable<Timestamp>,
        cleared_at -> Nullable<Timestamp>, version -> BigInt,
    }
}
diesel::table! {
    nudge (project_id, after_status_id, step) {
        project_id -> Text, after_status_id -> Text, step -> Text, sent_at -> Timestamp,
    }
}
diesel::table! {
    notice (id) {
        id -> Text, organisation_id -> Nullable<Text>, about_id -> Text, kind -> Text, thing_kind -> Nullable<Text>,
        thing_id -> Nullable<Text>, detail -> Nullable<Text>, created_at -> Timestamp,
    }
}
diesel::table! {
    subscription (person_id, id) {
        person_id -> Text, id -> Text, thing_kind -> Text, thing_id -> Text, created_at -> Timestamp,
    }
}
diesel::table! {
    digest (person_id) {
        person_id -> Text, every -> Text, told_to -> BigInt, looked_at -> Timestamp, claimed_from -> Nullable<BigInt>,
        claimed_until -> Nullable<Timestamp>, sent_at -> Nullable<Timestamp>, version -> BigInt,
    }
}
diesel::table! {
    unsubscribe_link (secret_hash) {
        secret_hash -> Text, person_id -> Text, created_at -> Timestamp,
    }
}
diesel::table! {
    webhook (id) {
        id -> Text, organisation_id -> Nullable<Text>, url -> Text, secret -> Text, thing_kind -> Nullable<Text>,
        thing_id -> Nullable<Text>, state -> Text, told_to -> BigInt, failures -> Integer,
        failing_since -> Nullable<Timestamp>, next_try_at -> Timestamp,
        created_at -> Timestamp, version -> BigInt,
    }
}
diesel::table! {
    delivery (webhook_id, id) {
        webhook_id -> Text, id -> Text, first -> BigInt, last -> BigInt, attempt -> Integer, tried_at -> Timestamp,
        status -> Nullable<Integer>, error -> Nullable<Text>, duration_ms -> BigInt,
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
    person,
    membership,
    invitation,
    session,
    token,
    declaration,
    signature,
    commitment,
    problem,
    problem_revision,
    problem_tag,
    backing,
    problem_merge,
    similar_judgement,
    suggestion,
    project,
    project_problem,
    phase_change,
    gate,
    participation,
    contribution,
    milestone,
    output,
    status_update,
    ask,
    ask_route,
    help_offer,
    flag,
    nudge,
    subscription,
    digest,
    notice,
);
diesel::allow_tables_to_appear_in_same_query!(change, sealed, seal, unsealed);
diesel::joinable!(membership -> person (person_id));
diesel::joinable!(session -> person (person_id));
