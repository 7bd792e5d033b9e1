//! Every table of the bank: how a cluster spreads it, and which slice alone writes it. The checks of the house compare this
//! list with the migrations, with the catalogue and with the source.

/// How a cluster spreads a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// By `by`, beside the tables of the same `colocation` group.
    Distributed { by: &'static str, colocation: &'static str },
    /// A copy everywhere.
    Reference,
    /// On one node, which is where queues work.
    Local,
}

#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub spread: Spread,
    /// The slice (or crate below the slices) that writes it.
    pub owner: &'static str,
}

impl Table {
    /// The distribution column.
    pub fn by(&self) -> Option<&'static str> {
        match self.spread {
            Spread::Distributed { by, .. } => Some(by),
            Spread::Reference | Spread::Local => None,
        }
    }

    /// Whether it belongs to a cardholder: distributed by the cardholder, beside everything else of theirs.
    pub fn is_of_cardholder(&self) -> bool {
        self.by() == Some("cardholder_id")
    }

    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }
}

const fn of_cardholder(name: &'static str, owner: &'static str) -> Table {
    Table { name, spread: Spread::Distributed { by: "cardholder_id", colocation: "cardholders" }, owner }
}

/// A look-up table, spread by what is looked up; the rows it leads to are elsewhere.
const fn look_up(name: &'static str, by: &'static str, owner: &'static str) -> Table {
    Table { name, spread: Spread::Distributed { by, colocation: "none" }, owner }
}

const fn reference(name: &'static str, owner: &'static str) -> Table {
    Table { name, spread: Spread::Reference, owner }
}

const fn local(name: &'static str, owner: &'static str) -> Table {
    Table { name, spread: Spread::Local, owner }
}

/// The list. A migration that adds a table adds its line here.
#[rustfmt::skip]
pub const TABLES: &[Table] = &[
    reference("branches", "trust::branches"),
    reference("staff", "trust::staff"),
    local("staff_sessions", "trust::staff"),
    local("staff_second_factors", "trust::staff"),
    local("staff_recovery_codes", "trust::staff"),
    local("unknown_sign_ins", "trust::staff"),
    local("audit_entries", "trust::audit"),
    local("audit_seals", "trust::audit"),
    local("audit_lookups", "trust::audit"),
    local("audit_anomalies", "trust::audit"),
    local("business_days", "trust::calendars"),
    local("saved_views", "trust::views"),
    local("break_glass_grants", "trust::break_glass"),
    local("work_items", "trust::work_items"),
    local("approval_policies", "trust::approvals"),
    local("approvals", "trust::approvals"),
    local("approval_decisions", "trust::approvals"),
    local("exports", "trust::exports"),
    local("export_quotas", "trust::exports"),
    local("retention_runs", "trust::retention"),
    local("retention_results", "trust::retention"),
    local("idempotency_keys", "web"),
    local("jobs", "platform"),
    local("events", "platform"),
    local("event_heads", "platform"),
    local("files", "platform"),
    local("file_chunks", "platform"),

    local("reveal_quotas", "records::cardholders"),
    local("imports", "records::imports"),
    local("import_mappings", "records::imports"),
    of_cardholder("cardholders", "records::cardholders"),
    of_cardholder("cardholder_keys", "records::cardholders"),
    of_cardholder("cardholder_phones", "records::cardholders"),
    of_cardholder("cardholder_emails", "records::cardholders"),
    of_cardholder("cardholder_addresses", "records::cardholders"),
    of_cardholder("cardholder_changes", "records::cardholders"),
    reference("cardholder_links", "records::cardholders"),
    look_up("national_id_index", "national_id_blind", "records::cardholders"),
    look_up("phone_index", "number_blind", "records::cardholders"),
    look_up("phone_tail_index", "tail_blind", "records::cardholders"),
    look_up("email_index", "address_blind", "records::cardholders"),
    look_up("street_index", "street_blind", "records::cardholders"),
    look_up("customer_no_index", "customer_no", "records::cardholders"),
    look_up("external_id_index", "source_ref", "records::cardholders"),
    look_up("name_grams", "gram", "records::cardholders"),

    reference("consent_texts", "records::consents"),
    of_cardholder("consents", "records::consents"),
    of_cardholder("contact_preferences", "records::consents"),
    local("subject_requests", "records::subject_requests"),
    of_cardholder("subject_packages", "records::subject_requests"),
    local("legal_holds", "records::erasures"),
    of_cardholder("erased_cardholders", "records::erasures"),
    look_up("erased_marks", "mark", "records::erasures"),
    reference("products", "records::reference"),
    reference("merchant_categories", "records::reference"),
    of_cardholder("accounts", "records::accounts"),
    look_up("account_no_index", "account_no", "records::accounts"),
    of_cardholder("account_parties", "records::accounts"),
    of_cardholder("usable_accounts", "records::accounts"),
    of_cardholder("cards", "records::accounts"),
    look_up("card_token_index", "token", "records::accounts"),
    look_up("card_tail_index", "last_four", "records::accounts"),
    of_cardholder("loans", "records::accounts"),
    of_cardholder("standing_orders", "records::accounts"),
    of_cardholder("transactions", "records::transactions"),
    of_cardholder("statements", "records::billing"),
    of_cardholder("repayments", "records::billing"),
    of_cardholder("outcome_labels", "records::sources"),
    reference("districts", "records::sources"),
    local("statistic_cells", "records::statistics"),
    local("statistic_refreshes", "records::statistics"),
];
