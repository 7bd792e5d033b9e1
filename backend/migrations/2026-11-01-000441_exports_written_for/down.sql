ALTER TABLE exports DROP COLUMN written_role, DROP COLUMN written_scope, DROP COLUMN written_branch_id;
