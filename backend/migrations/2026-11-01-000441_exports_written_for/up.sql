-- With which powers a file was written: whoever has fewer by the time they fetch it gets no file.
ALTER TABLE exports ADD COLUMN written_role text;
ALTER TABLE exports ADD COLUMN written_scope text;
ALTER TABLE exports ADD COLUMN written_branch_id uuid;
ALTER TABLE exports ADD CONSTRAINT exports_written_role_check CHECK (written_role IN ('teller', 'relationship_manager', 'service_agent',
    'risk_officer', 'risk_manager', 'marketer', 'marketing_manager', 'branch_manager', 'auditor', 'admin'));
ALTER TABLE exports ADD CONSTRAINT exports_written_scope_check CHECK (written_scope IN ('self', 'branch', 'sub_tree', 'bank'));
