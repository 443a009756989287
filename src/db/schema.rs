//! The tables as Diesel sees them; kept by hand, one text for both engines. A test compares it with both databases.

diesel::table! {
    meta (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    incidents (id) {
        id -> BigInt,
        slug -> Text,
        name -> Text,
        zone -> Text,
        area -> Text,
        started_at -> BigInt,
        cut_off_hour -> BigInt,
        state -> Text,
        practice -> Bool,
        public_figures -> Text,
        intake -> Text,
        intake_text -> Text,
        early_matching -> Bool,
        demo -> Bool,
        closed_until -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    keys (id) {
        id -> BigInt,
        incident -> Nullable<BigInt>,
        wrapped_data -> Nullable<Binary>,
        wrapped_index -> Nullable<Binary>,
        created_at -> BigInt,
        destroyed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    regions (id) {
        id -> BigInt,
        code -> Text,
        edition -> BigInt,
        name -> Text,
        level -> Text,
        parent -> Nullable<Text>,
        path -> Text,
        full_name -> Text,
        search_name -> Text,
        valid_from -> Nullable<BigInt>,
        valid_to -> Nullable<BigInt>,
        successor -> Nullable<Text>,
    }
}

diesel::table! {
    region_groups (id) {
        id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    region_group_members (region_group, code) {
        region_group -> BigInt,
        code -> Text,
    }
}

diesel::table! {
    organisations (id) {
        id -> BigInt,
        reference -> Text,
        name -> Text,
        kind -> Text,
        state -> Text,
        credit_code -> Nullable<Text>,
        region -> Nullable<Text>,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    incident_organisations (incident, organisation) {
        incident -> BigInt,
        organisation -> BigInt,
        joined_at -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        reference -> Text,
        login_token -> Binary,
        login_sealed -> Binary,
        name_sealed -> Nullable<Binary>,
        password_hash -> Nullable<Text>,
        state -> Text,
        epoch -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    memberships (id) {
        id -> BigInt,
        reference -> Text,
        account -> BigInt,
        organisation -> BigInt,
        state -> Text,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    grants (id) {
        id -> BigInt,
        membership -> BigInt,
        incident -> BigInt,
        role -> Text,
        region -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        reference -> Text,
        account -> BigInt,
        refresh_hash -> Binary,
        generation -> BigInt,
        created_at -> BigInt,
        used_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        second_factor_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    one_time_links (id) {
        id -> BigInt,
        kind -> Text,
        account -> Nullable<BigInt>,
        token_hash -> Binary,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    idempotency (actor, route, key) {
        actor -> Text,
        route -> Text,
        key -> Text,
        fingerprint -> Binary,
        status -> BigInt,
        answer_sealed -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        subject -> Text,
        payload -> Text,
        run_at -> BigInt,
        attempts -> BigInt,
        locked_until -> Nullable<BigInt>,
        dead_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        account -> Nullable<BigInt>,
        incident -> Nullable<BigInt>,
        action -> Text,
        subject -> Text,
        reason_sealed -> Nullable<Binary>,
        request -> Text,
    }
}

diesel::table! {
    submissions (id) {
        id -> BigInt,
        incident -> BigInt,
        reference -> Text,
        source -> Text,
        link_hash -> Nullable<Binary>,
        organisation -> Nullable<BigInt>,
        submitted_at -> BigInt,
    }
}

diesel::table! {
    needs (id) {
        id -> BigInt,
        incident -> BigInt,
        submission -> BigInt,
        reference -> Text,
        organisation -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    need_texts (need) {
        need -> BigInt,
        incident -> BigInt,
        description_sealed -> Nullable<Binary>,
        address_sealed -> Nullable<Binary>,
        summary -> Nullable<Text>,
    }
}

diesel::table! {
    need_lines (need, n) {
        need -> BigInt,
        n -> BigInt,
        incident -> BigInt,
        item -> Nullable<Text>,
        unit -> Text,
        approximate -> Bool,
        needed_by -> Nullable<BigInt>,
        runs_out_at -> Nullable<BigInt>,
        window_from -> Nullable<Text>,
        window_to -> Nullable<Text>,
        medicine -> Nullable<Text>,
        payer -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    persons (id) {
        id -> BigInt,
        incident -> BigInt,
        reference -> Text,
        need -> Nullable<BigInt>,
        token -> Nullable<Binary>,
        version -> BigInt,
    }
}

diesel::table! {
    need_people (need, person) {
        incident -> BigInt,
        need -> BigInt,
        person -> BigInt,
        name_sealed -> Nullable<Binary>,
        phone_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    contacts (id) {
        id -> BigInt,
        incident -> BigInt,
        need -> BigInt,
        n -> BigInt,
        role -> Text,
        flags -> Text,
        name_sealed -> Binary,
        phone_sealed -> Binary,
        phone_token -> Binary,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        incident -> BigInt,
        reference -> Text,
        act -> Text,
        need -> Nullable<BigInt>,
        subject_kind -> Text,
        subject -> Text,
        kind -> Text,
        seq -> BigInt,
        occurred_at -> BigInt,
        recorded_at -> BigInt,
        device_at -> Nullable<BigInt>,
        actor -> Nullable<BigInt>,
        organisation -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        payload -> Text,
        voids -> Nullable<BigInt>,
    }
}

diesel::table! {
    event_texts (event, kind) {
        event -> BigInt,
        incident -> BigInt,
        need -> Nullable<BigInt>,
        kind -> Text,
        text_sealed -> Binary,
    }
}

diesel::table! {
    standing (need) {
        need -> BigInt,
        incident -> BigInt,
        root -> BigInt,
        version -> BigInt,
        phone -> Text,
        urgent -> Text,
        matching -> Text,
        delivery -> Text,
        closure -> Text,
        stage -> Text,
        open -> Bool,
        category -> Text,
        region -> Nullable<Text>,
        region_path -> Text,
        district -> Text,
        urgency_asked -> Text,
        urgency -> Text,
        urgency_rank -> BigInt,
        groups -> Text,
        people -> BigInt,
        source -> Text,
        held -> BigInt,
        submitted_at -> BigInt,
        due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    line_days (need, n, day) {
        incident -> BigInt,
        need -> BigInt,
        n -> BigInt,
        day -> BigInt,
        wanted -> BigInt,
        quantity -> BigInt,
        held -> BigInt,
        confirmed -> BigInt,
        fulfilled -> BigInt,
        delivered -> BigInt,
        short -> Bool,
    }
}

diesel::table! {
    claims (id) {
        id -> BigInt,
        incident -> BigInt,
        reference -> Text,
        need -> BigInt,
        n -> BigInt,
        on_need -> BigInt,
        on_n -> BigInt,
        organisation -> BigInt,
        offer -> Nullable<BigInt>,
        state -> Text,
        quantity -> BigInt,
        give_back -> BigInt,
        claimed_at -> BigInt,
        first_day -> BigInt,
        last_day -> BigInt,
        planned_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    responses (event, person) {
        incident -> BigInt,
        event -> BigInt,
        person -> BigInt,
        need -> BigInt,
        occurred_at -> BigInt,
        recorded_at -> BigInt,
        reached -> BigInt,
    }
}

diesel::table! {
    person_links (event, a, b) {
        incident -> BigInt,
        event -> BigInt,
        a -> BigInt,
        b -> BigInt,
        need -> BigInt,
    }
}

diesel::table! {
    marks (incident, subject_kind, subject, counter, ordinal) {
        incident -> BigInt,
        subject_kind -> Text,
        subject -> BigInt,
        counter -> Text,
        ordinal -> BigInt,
        at -> BigInt,
        amount -> BigInt,
        district -> Text,
        category -> Text,
    }
}

diesel::table! {
    cells (incident, grain, dimension, bucket) {
        incident -> BigInt,
        grain -> Text,
        dimension -> Text,
        bucket -> BigInt,
        submissions -> BigInt,
        collected -> BigInt,
        tried -> BigInt,
        phone_verified -> BigInt,
        genuine -> BigInt,
        genuine_changed -> BigInt,
        already_solved -> BigInt,
        not_genuine -> BigInt,
        by_visit -> BigInt,
        urgent_people -> BigInt,
        urgent_episodes -> BigInt,
        urgent_in_groups -> BigInt,
        resource_matched -> BigInt,
        matched_by_claim -> BigInt,
        matched_by_answer -> BigInt,
        matched_by_referral -> BigInt,
        matched_before_phone -> BigInt,
        phoned_and_matched -> BigInt,
        fully_matched -> BigInt,
        delivered -> BigInt,
    }
}

diesel::table! {
    published_breakdowns (incident, dimension, cut_off) {
        incident -> BigInt,
        dimension -> Text,
        cut_off -> BigInt,
        published -> Bool,
        known_at -> BigInt,
        payload -> Text,
    }
}

diesel::table! {
    case_notes (id) {
        id -> BigInt,
        incident -> BigInt,
        need -> BigInt,
        reference -> Text,
        organisation -> BigInt,
        author -> Nullable<BigInt>,
        at -> BigInt,
        text_sealed -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(grants, memberships, organisations, incident_organisations, users, sessions);
diesel::allow_tables_to_appear_in_same_query!(audit, users);
diesel::allow_tables_to_appear_in_same_query!(needs, standing, submissions, need_texts, claims, contacts);
diesel::allow_tables_to_appear_in_same_query!(events, event_texts);
diesel::allow_tables_to_appear_in_same_query!(persons, need_people);
diesel::allow_tables_to_appear_in_same_query!(case_notes, needs, users);
