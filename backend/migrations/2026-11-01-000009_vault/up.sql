-- Until when somebody who has proved once more to be themselves may do what asks for that.
ALTER TABLE staff_sessions ADD COLUMN stepped_up_until timestamptz;

-- How many sealed values a member of staff was shown on a day of the bank (local table).
CREATE TABLE reveal_quotas (
    staff_id    uuid NOT NULL,
    used_on     date NOT NULL,
    used_count  integer NOT NULL,
    CONSTRAINT reveal_quotas_pkey PRIMARY KEY (staff_id, used_on),
    CONSTRAINT reveal_quotas_used_count_check CHECK (used_count > 0)
);
