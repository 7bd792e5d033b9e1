-- One dialect from laptop to cluster (docs: backend/ARCHITECTURE.md, "The database").
-- On plain PostgreSQL this does nothing; on Citus it declares a table distributed (col given) or a reference table (col NULL).
CREATE FUNCTION cardea_distribute(rel regclass, col text, coloc text DEFAULT 'default') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN RETURN; END IF;
    IF col IS NULL THEN EXECUTE format('SELECT create_reference_table(%L)', rel);
    ELSE EXECUTE format('SELECT create_distributed_table(%L, %L, colocate_with => %L)', rel, col, coloc);
    END IF;
END $$;
