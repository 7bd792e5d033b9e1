mod permissions;
mod vocabularies;
