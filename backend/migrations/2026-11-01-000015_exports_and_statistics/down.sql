DROP TABLE export_quotas;
DROP TABLE exports;
DROP TABLE statistic_refreshes;
DROP TABLE statistic_cells;
