#!/bin/sh
# Run once by the database's image, as the superuser, on an empty data volume: the owner's role (migrations,
# partitions), the application's role (no more than it is granted) and the database between them.
set -eu

psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 \
    -v owner_password="$CARDEA_OWNER_PASSWORD" \
    -v application_password="$CARDEA_APPLICATION_PASSWORD" \
    --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE cardea_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE cardea_app LOGIN PASSWORD :'application_password';
CREATE DATABASE cardea OWNER cardea_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE CONNECT, TEMPORARY ON DATABASE cardea FROM PUBLIC;
GRANT CONNECT ON DATABASE cardea TO cardea_app;
SQL
