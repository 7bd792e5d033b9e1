ALTER TABLE work_items DROP CONSTRAINT work_items_kind_check;
ALTER TABLE work_items ADD CONSTRAINT work_items_kind_check CHECK (kind IN ('break_glass_review', 'approval'));
DROP TABLE subject_packages;
DROP TABLE subject_requests;
