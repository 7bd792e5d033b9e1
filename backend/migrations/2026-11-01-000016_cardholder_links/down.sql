DROP TABLE cardholder_links;
