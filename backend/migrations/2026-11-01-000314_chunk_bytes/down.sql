ALTER TABLE file_chunks RENAME COLUMN chunk_bytes TO content;
