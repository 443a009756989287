-- Facts about the database itself: key fingerprint, version of the program that wrote it.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE incidents (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  area TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  cut_off_hour INTEGER NOT NULL CHECK (cut_off_hour BETWEEN 0 AND 23),
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'closed', 'destroyed')),
  practice INTEGER NOT NULL CHECK (practice IN (0, 1)),
  public_figures TEXT NOT NULL CHECK (public_figures IN ('none', 'issued', 'live')),
  intake TEXT NOT NULL CHECK (intake IN ('open', 'phone_only', 'paused')),
  intake_text TEXT NOT NULL,
  early_matching INTEGER NOT NULL CHECK (early_matching IN (0, 1)),
  demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
  closed_until INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Data keys and blind-index keys, wrapped by the key of HELI_KEY_FILE. incident is null for the platform's pair.
CREATE TABLE keys (
  id INTEGER PRIMARY KEY,
  incident INTEGER UNIQUE REFERENCES incidents (id),
  wrapped_data BLOB,
  wrapped_index BLOB,
  created_at INTEGER NOT NULL,
  destroyed_at INTEGER,
  CHECK ((destroyed_at IS NULL) = (wrapped_data IS NOT NULL AND wrapped_index IS NOT NULL))
) STRICT;

-- One row per code and edition; path holds the codes from the root down, each followed by '/', so that a subtree is a prefix.
CREATE TABLE regions (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  edition INTEGER NOT NULL,
  name TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('province', 'city', 'district', 'street', 'community')),
  parent TEXT,
  path TEXT NOT NULL,
  full_name TEXT NOT NULL,
  search_name TEXT NOT NULL,
  valid_from INTEGER,
  valid_to INTEGER,
  successor TEXT,
  UNIQUE (code, edition)
) STRICT;
CREATE INDEX regions_path ON regions (path);
CREATE INDEX regions_parent ON regions (parent, code);

-- Overlay groups of regions (development zones), shown in a table of their own, never added.
CREATE TABLE region_groups (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE region_group_members (
  region_group INTEGER NOT NULL REFERENCES region_groups (id),
  code TEXT NOT NULL,
  PRIMARY KEY (region_group, code)
) STRICT;

CREATE TABLE organisations (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('community', 'social', 'government', 'enterprise', 'desk')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'verified', 'suspended')),
  credit_code TEXT UNIQUE,
  region TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
-- Communities of one name are many; in one region a name is one organisation. Each incident has a desk of its own.
CREATE UNIQUE INDEX organisations_name ON organisations (name, coalesce(region, '')) WHERE kind <> 'desk';
CREATE INDEX organisations_newest ON organisations (created_at, id);
CREATE TABLE incident_organisations (
  incident INTEGER NOT NULL REFERENCES incidents (id),
  organisation INTEGER NOT NULL REFERENCES organisations (id),
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (incident, organisation)
) STRICT;

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  login_token BLOB NOT NULL UNIQUE,
  login_sealed BLOB NOT NULL,
  name_sealed BLOB,
  password_hash TEXT,
  state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
  epoch INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE memberships (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES users (id),
  organisation INTEGER NOT NULL REFERENCES organisations (id),
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'ended')),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (account, organisation)
) STRICT;
CREATE INDEX memberships_organisation ON memberships (organisation);
-- A role of a membership in one incident over one region subtree; region null is the incident's whole area.
CREATE TABLE grants (
  id INTEGER PRIMARY KEY,
  membership INTEGER NOT NULL REFERENCES memberships (id),
  incident INTEGER NOT NULL REFERENCES incidents (id),
  role TEXT NOT NULL CHECK (role IN ('community_worker', 'operator', 'case_worker', 'coordinator', 'org_admin', 'volunteer', 'supervisor', 'data_officer', 'admin')),
  region TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX grants_once ON grants (membership, incident, role, coalesce(region, ''));
CREATE INDEX grants_incident ON grants (incident, role);

-- A sign-in is a family of refresh tokens, each derived from the one before; the hash of the current one and its number are known.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  account INTEGER NOT NULL REFERENCES users (id),
  refresh_hash BLOB NOT NULL UNIQUE,
  generation INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  second_factor_at INTEGER
) STRICT;
CREATE INDEX sessions_account ON sessions (account);

CREATE TABLE one_time_links (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('setup', 'password')),
  account INTEGER REFERENCES users (id),
  token_hash BLOB NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  route TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  status INTEGER NOT NULL,
  answer_sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (actor, route, key)
) STRICT;
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  payload TEXT NOT NULL,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  locked_until INTEGER,
  dead_at INTEGER,
  last_error TEXT,
  UNIQUE (kind, subject)
) STRICT;
CREATE INDEX jobs_due ON jobs (run_at);

-- Who did or saw what: sign-ins, reveals, administration. Codes and references only, never personal data.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  account INTEGER REFERENCES users (id),
  incident INTEGER REFERENCES incidents (id),
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason_sealed BLOB,
  request TEXT NOT NULL
) STRICT;
CREATE INDEX audit_incident ON audit (incident, at, id);
