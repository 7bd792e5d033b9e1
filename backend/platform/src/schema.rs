// Written by `cargo xtask gen` from the database's catalogue. Do not edit.

diesel::table! {
    account_no_index (account_no) {
        account_no -> Text,
        cardholder_id -> Uuid,
        account_id -> Uuid,
    }
}

diesel::table! {
    account_parties (cardholder_id, account_id, party_cardholder_id) {
        cardholder_id -> Uuid,
        account_id -> Uuid,
        party_cardholder_id -> Uuid,
        role -> Text,
        since_on -> Date,
        until_on -> Nullable<Date>,
    }
}

diesel::table! {
    accounts (cardholder_id, account_id) {
        cardholder_id -> Uuid,
        account_id -> Uuid,
        account_no -> Text,
        kind -> Text,
        product_code -> Text,
        currency -> Text,
        status -> Text,
        opened_on -> Date,
        closed_on -> Nullable<Date>,
        balance_minor -> BigInt,
        credit_limit_minor -> Nullable<BigInt>,
        available_minor -> BigInt,
        statement_frequency -> Nullable<Text>,
        cycle_day -> Nullable<SmallInt>,
        branch_id -> Uuid,
        source -> Text,
        source_ref -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    approval_decisions (approval_id, checker_id) {
        approval_id -> Uuid,
        checker_id -> Uuid,
        maker_id -> Uuid,
        decision -> Text,
        comment -> Nullable<Text>,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    approval_policies (policy_id) {
        policy_id -> Uuid,
        operation -> Text,
        min_amount_minor -> Nullable<BigInt>,
        min_amount_currency -> Nullable<Text>,
        min_rows -> Nullable<BigInt>,
        field -> Nullable<Text>,
        maker_permission -> Text,
        checker_permission -> Text,
        approvals_needed -> SmallInt,
        expires_hours -> Integer,
        authority_scope -> Text,
    }
}

diesel::table! {
    approvals (approval_id) {
        approval_id -> Uuid,
        operation -> Text,
        status -> Text,
        object_kind -> Text,
        object_id -> Uuid,
        cardholder_id -> Nullable<Uuid>,
        branch_id -> Uuid,
        authority_branch_id -> Uuid,
        maker_id -> Uuid,
        checker_permission -> Text,
        approvals_needed -> SmallInt,
        evidence_note -> Nullable<Text>,
        diff -> Jsonb,
        impact -> Jsonb,
        base_version -> BigInt,
        payload_bytes -> Binary,
        payload_digest -> Binary,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_anomalies (anomaly_id) {
        anomaly_id -> Uuid,
        kind -> Text,
        staff_id -> Uuid,
        branch_id -> Uuid,
        cardholder_id -> Nullable<Uuid>,
        happened_on -> Date,
        first_at -> Timestamptz,
        last_at -> Timestamptz,
        params -> Jsonb,
        found_at -> Timestamptz,
        verdict -> Nullable<Text>,
        reviewed_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        review_note -> Nullable<Text>,
    }
}

diesel::table! {
    audit_entries (occurred_at, audit_id) {
        occurred_at -> Timestamptz,
        audit_id -> Uuid,
        action -> Text,
        outcome -> Text,
        actor_kind -> Text,
        staff_id -> Nullable<Uuid>,
        staff_no -> Nullable<Text>,
        role -> Nullable<Text>,
        branch_id -> Nullable<Uuid>,
        ip -> Nullable<Text>,
        trace_id -> Nullable<Text>,
        object_kind -> Nullable<Text>,
        object_id -> Nullable<Uuid>,
        cardholder_id -> Nullable<Uuid>,
        purpose -> Nullable<Text>,
        changes -> Nullable<Jsonb>,
        written_in -> BigInt,
    }
}

diesel::table! {
    audit_lookups (staff_id, looked_on) {
        staff_id -> Uuid,
        looked_on -> Date,
        cardholders -> Integer,
        busiest_hour -> Integer,
    }
}

diesel::table! {
    audit_seals (batch_no) {
        batch_no -> BigInt,
        kind -> Text,
        sealed_at -> Timestamptz,
        from_written -> BigInt,
        to_written -> BigInt,
        first_at -> Nullable<Timestamptz>,
        last_at -> Nullable<Timestamptz>,
        row_count -> BigInt,
        dropped_until -> Nullable<Timestamptz>,
        entries -> Binary,
        root -> Binary,
        previous -> Binary,
        seal -> Binary,
    }
}

diesel::table! {
    branches (branch_id) {
        branch_id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        parent_id -> Nullable<Uuid>,
        city -> Nullable<Text>,
        is_open -> Bool,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    break_glass_grants (grant_id) {
        grant_id -> Uuid,
        staff_id -> Uuid,
        staff_branch_id -> Uuid,
        cardholder_id -> Uuid,
        branch_id -> Uuid,
        reason -> Text,
        note -> Text,
        granted_at -> Timestamptz,
        ends_at -> Timestamptz,
        verdict -> Nullable<Text>,
        reviewed_by -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        review_note -> Nullable<Text>,
    }
}

diesel::table! {
    business_days (is_current) {
        is_current -> Bool,
        business_on -> Date,
        opened_at -> Timestamptz,
    }
}

diesel::table! {
    card_tail_index (last_four, cardholder_id, card_id) {
        last_four -> Text,
        cardholder_id -> Uuid,
        card_id -> Uuid,
    }
}

diesel::table! {
    card_token_index (token) {
        token -> Text,
        cardholder_id -> Uuid,
        card_id -> Uuid,
    }
}

diesel::table! {
    cardholder_addresses (cardholder_id, address_id) {
        cardholder_id -> Uuid,
        address_id -> Uuid,
        kind -> Text,
        is_primary -> Bool,
        country -> Text,
        province -> Nullable<Text>,
        city -> Nullable<Text>,
        district -> Nullable<Text>,
        street_sealed -> Nullable<Binary>,
        street_masked -> Nullable<Text>,
        postcode -> Nullable<Text>,
        verified_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        street_blind -> Nullable<Binary>,
    }
}

diesel::table! {
    cardholder_changes (cardholder_id, changed_at, change_id) {
        cardholder_id -> Uuid,
        changed_at -> Timestamptz,
        change_id -> Uuid,
        field -> Text,
        before_value -> Nullable<Text>,
        after_value -> Nullable<Text>,
        reason -> Nullable<Text>,
        staff_id -> Nullable<Uuid>,
        staff_name -> Nullable<Text>,
    }
}

diesel::table! {
    cardholder_emails (cardholder_id, email_id) {
        cardholder_id -> Uuid,
        email_id -> Uuid,
        kind -> Text,
        is_primary -> Bool,
        address_sealed -> Binary,
        address_blind -> Binary,
        address_masked -> Text,
        verified_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    cardholder_keys (cardholder_id) {
        cardholder_id -> Uuid,
        wrapped_key -> Binary,
        master_key_id -> Text,
        created_at -> Timestamptz,
        rotated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    cardholder_links (link_id) {
        link_id -> Uuid,
        merge_id -> Uuid,
        survivor_id -> Uuid,
        absorbed_id -> Uuid,
        merged_at -> Timestamptz,
        from_at -> Timestamptz,
        until_at -> Nullable<Timestamptz>,
        previous_link_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    cardholder_phones (cardholder_id, phone_id) {
        cardholder_id -> Uuid,
        phone_id -> Uuid,
        kind -> Text,
        is_primary -> Bool,
        number_sealed -> Binary,
        number_blind -> Binary,
        tail_blind -> Binary,
        number_masked -> Text,
        verified_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    cardholders (cardholder_id) {
        cardholder_id -> Uuid,
        customer_no -> Text,
        name -> Nullable<Text>,
        name_pinyin -> Nullable<Text>,
        name_initials -> Nullable<Text>,
        gender -> Nullable<Text>,
        birth_on -> Nullable<Date>,
        stated_age_years -> Nullable<SmallInt>,
        stated_age_on -> Nullable<Date>,
        id_kind -> Nullable<Text>,
        national_id_sealed -> Nullable<Binary>,
        national_id_blind -> Nullable<Binary>,
        national_id_masked -> Nullable<Text>,
        nationality -> Nullable<Text>,
        occupation -> Nullable<Text>,
        employer -> Nullable<Text>,
        education -> Nullable<Text>,
        marital_status -> Nullable<Text>,
        yearly_income_minor -> Nullable<BigInt>,
        yearly_income_currency -> Nullable<Text>,
        branch_id -> Uuid,
        manager_id -> Nullable<Uuid>,
        lifecycle -> Text,
        lifecycle_reason -> Nullable<Text>,
        opened_on -> Date,
        source -> Text,
        source_ref -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    cards (cardholder_id, card_id) {
        cardholder_id -> Uuid,
        card_id -> Uuid,
        account_id -> Uuid,
        holder_cardholder_id -> Uuid,
        product_code -> Text,
        network -> Nullable<Text>,
        bin -> Nullable<Text>,
        last_four -> Nullable<Text>,
        token -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        issued_on -> Date,
        expires_on -> Nullable<Date>,
        source -> Text,
        source_ref -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    consent_texts (text_id) {
        text_id -> Uuid,
        purpose -> Text,
        version -> Integer,
        body_zh -> Text,
        body_en -> Text,
        published_by -> Nullable<Uuid>,
        published_at -> Timestamptz,
    }
}

diesel::table! {
    consents (cardholder_id, consent_id) {
        cardholder_id -> Uuid,
        consent_id -> Uuid,
        purpose -> Text,
        channel -> Text,
        decision -> Text,
        text_id -> Nullable<Uuid>,
        evidence -> Text,
        evidence_note -> Nullable<Text>,
        staff_id -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    contact_preferences (cardholder_id) {
        cardholder_id -> Uuid,
        is_do_not_contact -> Bool,
        is_personalisation_refused -> Bool,
        quiet_from_minute -> Nullable<SmallInt>,
        quiet_to_minute -> Nullable<SmallInt>,
        utc_offset_minutes -> Nullable<SmallInt>,
        version -> BigInt,
        changed_by -> Nullable<Uuid>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    customer_no_index (customer_no) {
        customer_no -> Text,
        cardholder_id -> Uuid,
    }
}

diesel::table! {
    districts (source, source_ref) {
        source -> Text,
        source_ref -> Text,
        name -> Text,
        region -> Text,
        facts -> Jsonb,
    }
}

diesel::table! {
    email_index (address_blind, cardholder_id) {
        address_blind -> Binary,
        cardholder_id -> Uuid,
    }
}

diesel::table! {
    erased_cardholders (cardholder_id) {
        cardholder_id -> Uuid,
        approval_id -> Uuid,
        erased_at -> Timestamptz,
    }
}

diesel::table! {
    erased_marks (mark) {
        mark -> Binary,
        erased_on -> Date,
    }
}

diesel::table! {
    event_heads (is_single) {
        is_single -> Bool,
        head -> BigInt,
    }
}

diesel::table! {
    events (event_id) {
        event_id -> Uuid,
        event_no -> Nullable<BigInt>,
        kind -> Text,
        staff_id -> Nullable<Uuid>,
        permission -> Nullable<Text>,
        branch_id -> Nullable<Uuid>,
        params -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    export_quotas (staff_id, used_on) {
        staff_id -> Uuid,
        used_on -> Date,
        used_count -> Integer,
    }
}

diesel::table! {
    exports (export_id) {
        export_id -> Uuid,
        staff_id -> Uuid,
        staff_no -> Text,
        branch_id -> Uuid,
        list -> Text,
        cardholder_id -> Nullable<Uuid>,
        query -> Jsonb,
        format -> Text,
        purpose -> Text,
        note -> Nullable<Text>,
        status -> Text,
        rows_expected -> BigInt,
        approval_id -> Nullable<Uuid>,
        job_id -> Nullable<Uuid>,
        file_id -> Nullable<Uuid>,
        file_name -> Nullable<Text>,
        row_count -> Nullable<BigInt>,
        byte_count -> Nullable<BigInt>,
        sha256 -> Nullable<Binary>,
        error_code -> Nullable<Text>,
        download_count -> Integer,
        version -> BigInt,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        written_role -> Nullable<Text>,
        written_scope -> Nullable<Text>,
        written_branch_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    external_id_index (source, source_ref) {
        source -> Text,
        source_ref -> Text,
        cardholder_id -> Uuid,
    }
}

diesel::table! {
    file_chunks (file_id, chunk_no) {
        file_id -> Uuid,
        chunk_no -> Integer,
        chunk_bytes -> Binary,
    }
}

diesel::table! {
    files (file_id) {
        file_id -> Uuid,
        purpose -> Text,
        name -> Text,
        media -> Nullable<Text>,
        byte_count -> BigInt,
        chunk_count -> Integer,
        sha256 -> Nullable<Binary>,
        master_key_id -> Text,
        wrapped_key -> Binary,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    idempotency_keys (client_id, route, key) {
        client_id -> Uuid,
        route -> Text,
        key -> Text,
        body_hash -> Binary,
        status -> Nullable<SmallInt>,
        resource_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_mappings (kind, header_digest) {
        kind -> Text,
        header_digest -> Binary,
        mapping -> Jsonb,
        updated_by -> Uuid,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    imports (import_id) {
        import_id -> Uuid,
        kind -> Text,
        file_id -> Uuid,
        file_name -> Text,
        byte_count -> BigInt,
        format -> Jsonb,
        column_names -> Jsonb,
        mapping -> Nullable<Jsonb>,
        is_dry_run -> Nullable<Bool>,
        errors_max -> Nullable<BigInt>,
        job_id -> Nullable<Uuid>,
        errors_file_id -> Nullable<Uuid>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    jobs (job_id) {
        job_id -> Uuid,
        kind -> Text,
        payload -> Jsonb,
        status -> Text,
        priority -> SmallInt,
        unique_key -> Nullable<Text>,
        run_at -> Timestamptz,
        attempts -> Integer,
        attempts_max -> Integer,
        progress_done -> BigInt,
        progress_total -> Nullable<BigInt>,
        checkpoint -> Nullable<Jsonb>,
        result -> Nullable<Jsonb>,
        error_code -> Nullable<Text>,
        is_cancel_requested -> Bool,
        locked_by -> Nullable<Text>,
        locked_until -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    legal_holds (hold_id) {
        hold_id -> Uuid,
        cardholder_id -> Uuid,
        reason -> Text,
        note -> Nullable<Text>,
        placed_by -> Uuid,
        placed_at -> Timestamptz,
        lifted_by -> Nullable<Uuid>,
        lifted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    loans (cardholder_id, loan_id) {
        cardholder_id -> Uuid,
        loan_id -> Uuid,
        account_id -> Uuid,
        granted_on -> Date,
        amount_minor -> BigInt,
        currency -> Text,
        duration_months -> SmallInt,
        payment_minor -> BigInt,
        status -> Text,
        source -> Text,
        source_ref -> Nullable<Text>,
    }
}

diesel::table! {
    merchant_categories (mcc) {
        mcc -> Text,
        mcc_group -> Text,
        name_zh -> Text,
        name_en -> Text,
    }
}

diesel::table! {
    name_grams (gram, sort_key, cardholder_id) {
        gram -> Text,
        sort_key -> Text,
        cardholder_id -> Uuid,
        branch_id -> Uuid,
    }
}

diesel::table! {
    national_id_index (national_id_blind, cardholder_id) {
        national_id_blind -> Binary,
        cardholder_id -> Uuid,
    }
}

diesel::table! {
    outcome_labels (cardholder_id, label, observed_on) {
        cardholder_id -> Uuid,
        label -> Text,
        observed_on -> Date,
        is_positive -> Bool,
        source -> Text,
    }
}

diesel::table! {
    phone_index (number_blind, cardholder_id) {
        number_blind -> Binary,
        cardholder_id -> Uuid,
    }
}

diesel::table! {
    phone_tail_index (tail_blind, cardholder_id) {
        tail_blind -> Binary,
        cardholder_id -> Uuid,
    }
}

diesel::table! {
    products (product_code) {
        product_code -> Text,
        kind -> Text,
        name_zh -> Text,
        name_en -> Text,
        network -> Nullable<Text>,
        is_offered -> Bool,
    }
}

diesel::table! {
    repayments (cardholder_id, repayment_id) {
        cardholder_id -> Uuid,
        repayment_id -> Uuid,
        account_id -> Uuid,
        statement_id -> Nullable<Uuid>,
        paid_in_month -> Date,
        paid_on -> Nullable<Date>,
        amount_minor -> BigInt,
        currency -> Text,
        source -> Text,
        source_ref -> Nullable<Text>,
    }
}

diesel::table! {
    retention_results (run_id, table_name) {
        run_id -> Uuid,
        table_name -> Text,
        due_count -> BigInt,
        held_count -> BigInt,
        deleted_count -> BigInt,
        oldest_on -> Nullable<Date>,
    }
}

diesel::table! {
    retention_runs (run_id) {
        run_id -> Uuid,
        is_dry_run -> Bool,
        run_on -> Date,
        job_id -> Uuid,
        created_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    reveal_quotas (staff_id, used_on) {
        staff_id -> Uuid,
        used_on -> Date,
        used_count -> Integer,
    }
}

diesel::table! {
    saved_views (staff_id, view_id) {
        staff_id -> Uuid,
        view_id -> Uuid,
        page -> Text,
        name -> Text,
        query -> Jsonb,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    staff (staff_id) {
        staff_id -> Uuid,
        staff_no -> Text,
        name -> Text,
        role -> Text,
        scope -> Text,
        branch_id -> Uuid,
        is_active -> Bool,
        password_hash -> Text,
        must_change_password -> Bool,
        failed_sign_ins -> Integer,
        locked_until -> Nullable<Timestamptz>,
        last_sign_in_at -> Nullable<Timestamptz>,
        password_changed_at -> Timestamptz,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        second_factor_due_at -> Nullable<Timestamptz>,
        second_factor_enrolled_at -> Nullable<Timestamptz>,
        last_failed_sign_in_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    staff_recovery_codes (staff_id, code_hash) {
        staff_id -> Uuid,
        code_hash -> Binary,
        used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    staff_second_factors (staff_id) {
        staff_id -> Uuid,
        sealed_secret -> Binary,
        master_key_id -> Text,
        last_used_step -> Nullable<BigInt>,
        confirmed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    staff_sessions (session_id) {
        session_id -> Uuid,
        staff_id -> Uuid,
        refresh_hash -> Binary,
        previous_refresh_hash -> Nullable<Binary>,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        ip -> Text,
        user_agent -> Text,
        refresh_attempt_hash -> Nullable<Binary>,
        stepped_up_until -> Nullable<Timestamptz>,
        refreshed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    standing_orders (cardholder_id, standing_order_id) {
        cardholder_id -> Uuid,
        standing_order_id -> Uuid,
        account_id -> Uuid,
        counterparty_bank -> Text,
        counterparty_account -> Text,
        amount_minor -> BigInt,
        currency -> Text,
        purpose -> Nullable<Text>,
        source -> Text,
        source_ref -> Nullable<Text>,
    }
}

diesel::table! {
    statements (cardholder_id, statement_id) {
        cardholder_id -> Uuid,
        statement_id -> Uuid,
        account_id -> Uuid,
        closed_on -> Date,
        due_on -> Nullable<Date>,
        currency -> Text,
        billed_minor -> BigInt,
        minimum_due_minor -> Nullable<BigInt>,
        paid_minor -> BigInt,
        days_past_due -> Nullable<SmallInt>,
        repayment_status -> Nullable<SmallInt>,
        source -> Text,
        source_ref -> Nullable<Text>,
    }
}

diesel::table! {
    statistic_cells (measure, product_code, branch_id, month_on, currency) {
        measure -> Text,
        product_code -> Text,
        branch_id -> Uuid,
        month_on -> Date,
        currency -> Text,
        cardholder_count -> BigInt,
        row_count -> BigInt,
        amount_minor -> BigInt,
    }
}

diesel::table! {
    statistic_refreshes (is_current) {
        is_current -> Bool,
        refreshed_at -> Timestamptz,
        cell_count -> BigInt,
    }
}

diesel::table! {
    street_index (street_blind, cardholder_id) {
        street_blind -> Binary,
        cardholder_id -> Uuid,
    }
}

diesel::table! {
    subject_packages (cardholder_id, request_id) {
        cardholder_id -> Uuid,
        request_id -> Uuid,
        content_bytes -> Binary,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    subject_requests (request_id) {
        request_id -> Uuid,
        cardholder_id -> Uuid,
        branch_id -> Uuid,
        kind -> Text,
        status -> Text,
        received_via -> Text,
        received_on -> Date,
        due_on -> Date,
        wish -> Nullable<Text>,
        extension_reason -> Nullable<Text>,
        answer -> Nullable<Text>,
        package_made_at -> Nullable<Timestamptz>,
        package_expires_at -> Nullable<Timestamptz>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        closed_by -> Nullable<Uuid>,
        closed_at -> Nullable<Timestamptz>,
        version -> BigInt,
    }
}

diesel::table! {
    transactions (cardholder_id, occurred_at, transaction_id) {
        cardholder_id -> Uuid,
        occurred_at -> Timestamptz,
        transaction_id -> Uuid,
        account_id -> Uuid,
        card_id -> Nullable<Uuid>,
        posted_at -> Nullable<Timestamptz>,
        kind -> Text,
        direction -> Text,
        amount_minor -> BigInt,
        currency -> Text,
        balance_after_minor -> Nullable<BigInt>,
        status -> Text,
        purpose -> Nullable<Text>,
        merchant_name -> Nullable<Text>,
        mcc -> Nullable<Text>,
        mcc_group -> Nullable<Text>,
        channel -> Nullable<Text>,
        country -> Nullable<Text>,
        city -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        counterparty_name -> Nullable<Text>,
        counterparty_bank -> Nullable<Text>,
        counterparty_account -> Nullable<Text>,
        reversal_of_at -> Nullable<Timestamptz>,
        reversal_of_id -> Nullable<Uuid>,
        is_rounded -> Bool,
        source -> Text,
        source_ref -> Nullable<Text>,
    }
}

diesel::table! {
    unknown_sign_ins (name_digest) {
        name_digest -> Binary,
        failed_sign_ins -> Integer,
        locked_until -> Nullable<Timestamptz>,
        last_failed_at -> Timestamptz,
    }
}

diesel::table! {
    usable_accounts (cardholder_id, account_id) {
        cardholder_id -> Uuid,
        owner_cardholder_id -> Uuid,
        account_id -> Uuid,
        role -> Text,
        since_on -> Date,
        until_on -> Nullable<Date>,
    }
}

diesel::table! {
    work_items (kind, item_id) {
        kind -> Text,
        item_id -> Uuid,
        cardholder_id -> Nullable<Uuid>,
        branch_id -> Uuid,
        permission -> Text,
        maker_id -> Nullable<Uuid>,
        priority -> SmallInt,
        params -> Jsonb,
        created_at -> Timestamptz,
        due_at -> Timestamptz,
        claimed_by -> Nullable<Uuid>,
        claimed_at -> Nullable<Timestamptz>,
        done_at -> Nullable<Timestamptz>,
        done_by -> Nullable<Uuid>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    account_no_index,
    account_parties,
    accounts,
    approval_decisions,
    approval_policies,
    approvals,
    audit_anomalies,
    audit_entries,
    audit_lookups,
    audit_seals,
    branches,
    break_glass_grants,
    business_days,
    card_tail_index,
    card_token_index,
    cardholder_addresses,
    cardholder_changes,
    cardholder_emails,
    cardholder_keys,
    cardholder_links,
    cardholder_phones,
    cardholders,
    cards,
    consent_texts,
    consents,
    contact_preferences,
    customer_no_index,
    districts,
    email_index,
    erased_cardholders,
    erased_marks,
    event_heads,
    events,
    export_quotas,
    exports,
    external_id_index,
    file_chunks,
    files,
    idempotency_keys,
    import_mappings,
    imports,
    jobs,
    legal_holds,
    loans,
    merchant_categories,
    name_grams,
    national_id_index,
    outcome_labels,
    phone_index,
    phone_tail_index,
    products,
    repayments,
    retention_results,
    retention_runs,
    reveal_quotas,
    saved_views,
    staff,
    staff_recovery_codes,
    staff_second_factors,
    staff_sessions,
    standing_orders,
    statements,
    statistic_cells,
    statistic_refreshes,
    street_index,
    subject_packages,
    subject_requests,
    transactions,
    unknown_sign_ins,
    usable_accounts,
    work_items,
);
