DROP TABLE street_index;
ALTER TABLE cardholder_addresses DROP COLUMN street_blind;
