DROP INDEX cardholders_born_on_idx;
