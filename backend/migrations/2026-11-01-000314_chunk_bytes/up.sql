-- A secret's name is no answer's: content is what packages of subject requests call theirs.
ALTER TABLE file_chunks RENAME COLUMN content TO chunk_bytes;
