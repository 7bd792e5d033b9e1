-- Files of the house (local tables): what is uploaded, what an import refused, what an export wrote, evidence. The content lies in
-- chunks, each sealed by the file's own key; that key is wrapped by the master key, so that deleting this row ends the content.
-- A file without finished_at is still being written, or its writer was lost; a job sweeps up.
CREATE TABLE files (
    file_id        uuid NOT NULL,
    purpose        text NOT NULL,
    name           text NOT NULL,
    media          text,
    byte_count     bigint NOT NULL,
    chunk_count    integer NOT NULL,
    sha256         bytea,
    master_key_id  text COLLATE "C" NOT NULL,
    wrapped_key    bytea NOT NULL,
    created_by     uuid,
    created_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    expires_at     timestamptz,
    CONSTRAINT files_pkey PRIMARY KEY (file_id),
    CONSTRAINT files_purpose_check CHECK (purpose IN ('import', 'import_errors', 'export', 'evidence')),
    CONSTRAINT files_media_check CHECK (media IN ('csv', 'ndjson', 'xlsx', 'zip', 'gzip', 'pdf', 'png', 'jpeg', 'binary')),
    CONSTRAINT files_byte_count_check CHECK (byte_count >= 0),
    CONSTRAINT files_finished_check CHECK ((finished_at IS NULL) = (sha256 IS NULL) AND (finished_at IS NULL) = (media IS NULL))
);
CREATE INDEX files_expires_at_idx ON files (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX files_unfinished_idx ON files (created_at) WHERE finished_at IS NULL;

CREATE TABLE file_chunks (
    file_id   uuid NOT NULL,
    chunk_no  integer NOT NULL,
    content   bytea NOT NULL,
    CONSTRAINT file_chunks_pkey PRIMARY KEY (file_id, chunk_no),
    CONSTRAINT file_chunks_file_id_fkey FOREIGN KEY (file_id) REFERENCES files (file_id) ON DELETE CASCADE
);
-- Ciphertext does not get smaller by trying.
ALTER TABLE file_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
