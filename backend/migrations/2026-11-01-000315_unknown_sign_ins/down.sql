ALTER TABLE staff DROP COLUMN last_failed_sign_in_at;
DROP TABLE unknown_sign_ins;
