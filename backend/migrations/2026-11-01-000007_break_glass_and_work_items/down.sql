DROP TABLE work_items;
DROP TABLE break_glass_grants;
