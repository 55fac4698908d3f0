#!/bin/sh
# Run once by the postgres image, on an empty data folder: a database and a login role for each service, closed to
# the others. The embedded stack does the same in deploy/local/databases.py.
set -eu

create() {
    psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
        --set name="chibo_$1" --set password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

create membership "$CHIBO_MEMBERSHIP_PASSWORD"
create meetings "$CHIBO_MEETINGS_PASSWORD"
create inspection "$CHIBO_INSPECTION_PASSWORD"
create reporting "$CHIBO_REPORTING_PASSWORD"

psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
    --command 'REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC'
