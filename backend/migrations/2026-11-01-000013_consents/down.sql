DROP TABLE contact_preferences;
DROP TABLE consents;
DROP TABLE consent_texts;
