DROP TABLE retention_results;
DROP TABLE retention_runs;
