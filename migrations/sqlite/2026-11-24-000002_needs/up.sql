CREATE TABLE submissions (
  id INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL REFERENCES incidents (id),
  reference TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('web', 'community', 'phone', 'import', 'paper', 'partner')),
  link_hash BLOB UNIQUE,
  organisation INTEGER REFERENCES organisations (id),
  submitted_at INTEGER NOT NULL,
  UNIQUE (incident, reference),
  UNIQUE (incident, id)
) STRICT;

-- version rises with every correction of what was submitted: place, category, people, contacts, summary.
CREATE TABLE needs (
  id INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL,
  submission INTEGER NOT NULL,
  reference TEXT NOT NULL,
  organisation INTEGER REFERENCES organisations (id),
  version INTEGER NOT NULL,
  UNIQUE (incident, reference),
  UNIQUE (incident, id),
  FOREIGN KEY (incident, submission) REFERENCES submissions (incident, id)
) STRICT;
CREATE INDEX needs_submission ON needs (submission);
CREATE INDEX needs_organisation ON needs (incident, organisation) WHERE organisation IS NOT NULL;

-- What people wrote. Sealed but for the summary, which others may see. Erasing deletes the row.
CREATE TABLE need_texts (
  need INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL,
  description_sealed BLOB,
  address_sealed BLOB,
  summary TEXT,
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;

-- What a line asks for in words; its quantities are rows of line_days. item is null once erased.
CREATE TABLE need_lines (
  need INTEGER NOT NULL,
  n INTEGER NOT NULL,
  incident INTEGER NOT NULL,
  item TEXT,
  unit TEXT NOT NULL,
  approximate INTEGER NOT NULL CHECK (approximate IN (0, 1)),
  needed_by INTEGER,
  runs_out_at INTEGER,
  window_from TEXT,
  window_to TEXT,
  medicine TEXT,
  payer TEXT NOT NULL CHECK (payer IN ('self', 'aid_wanted', 'insurance', 'unknown')),
  version INTEGER NOT NULL,
  PRIMARY KEY (need, n),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;

-- Keyed persons (named, with an own phone) are one per incident and token; the others belong to one need.
CREATE TABLE persons (
  id INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL REFERENCES incidents (id),
  reference TEXT NOT NULL,
  need INTEGER,
  token BLOB,
  version INTEGER NOT NULL,
  UNIQUE (incident, reference),
  UNIQUE (incident, token),
  UNIQUE (incident, id),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;
CREATE TABLE need_people (
  incident INTEGER NOT NULL,
  need INTEGER NOT NULL,
  person INTEGER NOT NULL,
  name_sealed BLOB,
  phone_sealed BLOB,
  PRIMARY KEY (need, person),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id),
  FOREIGN KEY (incident, person) REFERENCES persons (incident, id)
) STRICT;
CREATE INDEX need_people_person ON need_people (person);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL,
  need INTEGER NOT NULL,
  n INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('person', 'relative', 'community', 'neighbour', 'organisation', 'other')),
  flags TEXT NOT NULL,
  name_sealed BLOB NOT NULL,
  phone_sealed BLOB NOT NULL,
  phone_token BLOB NOT NULL,
  UNIQUE (need, n),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;
CREATE INDEX contacts_phone ON contacts (incident, phone_token);

-- The one append-only table. payload holds codes, references and quantities only.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL REFERENCES incidents (id),
  reference TEXT NOT NULL,
  act TEXT NOT NULL,
  need INTEGER,
  subject_kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  device_at INTEGER,
  actor INTEGER REFERENCES users (id),
  organisation INTEGER REFERENCES organisations (id),
  reason TEXT,
  payload TEXT NOT NULL,
  voids INTEGER REFERENCES events (id),
  UNIQUE (incident, reference),
  UNIQUE (need, seq),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;
CREATE INDEX events_act ON events (incident, act);
CREATE INDEX events_delivery ON events (incident, subject) WHERE kind = 'delivery_started';
CREATE UNIQUE INDEX events_voided_once ON events (voids);

-- Free words that go with an event (a typed reason, a note, a receipt number), sealed; erasing deletes the row.
CREATE TABLE event_texts (
  event INTEGER NOT NULL REFERENCES events (id),
  incident INTEGER NOT NULL,
  need INTEGER,
  kind TEXT NOT NULL,
  text_sealed BLOB NOT NULL,
  PRIMARY KEY (event, kind),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;
CREATE INDEX event_texts_need ON event_texts (need);

-- Projection: where each need stands. Written by ledger::append alone; heli verify rebuilds and compares it.
CREATE TABLE standing (
  need INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL,
  root INTEGER NOT NULL,
  version INTEGER NOT NULL,
  phone TEXT NOT NULL,
  urgent TEXT NOT NULL,
  matching TEXT NOT NULL,
  delivery TEXT NOT NULL,
  closure TEXT NOT NULL,
  stage TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  category TEXT NOT NULL,
  region TEXT,
  region_path TEXT NOT NULL,
  district TEXT NOT NULL,
  urgency_asked TEXT NOT NULL,
  urgency TEXT NOT NULL,
  urgency_rank INTEGER NOT NULL,
  groups TEXT NOT NULL,
  people INTEGER NOT NULL,
  source TEXT NOT NULL,
  held INTEGER NOT NULL,
  submitted_at INTEGER NOT NULL,
  due_at INTEGER,
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id),
  FOREIGN KEY (incident, root) REFERENCES needs (incident, id)
) STRICT;
CREATE INDEX standing_root ON standing (root);
CREATE INDEX standing_due ON standing (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX standing_open ON standing (incident, urgency_rank, submitted_at, need, category, stage, urgency, region_path, groups, phone, urgent, matching, delivery, closure, source) WHERE open;
CREATE INDEX standing_all ON standing (incident, submitted_at, need, category, stage, urgency, region_path, groups, phone, urgent, matching, delivery, closure, source);

-- Projection: what each line wants and how much of it is claimed, per day (day 0: a one-off line).
CREATE TABLE line_days (
  incident INTEGER NOT NULL,
  need INTEGER NOT NULL,
  n INTEGER NOT NULL,
  day INTEGER NOT NULL,
  wanted INTEGER NOT NULL CHECK (wanted >= 0),
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  confirmed INTEGER NOT NULL CHECK (confirmed >= 0),
  fulfilled INTEGER NOT NULL CHECK (fulfilled >= 0),
  delivered INTEGER NOT NULL CHECK (delivered >= 0),
  short INTEGER NOT NULL CHECK (short IN (0, 1)),
  PRIMARY KEY (need, n, day),
  CHECK (held + confirmed + fulfilled <= quantity),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;

-- Projection: each claim as it stands. need, n: the line it was made on; on_need, on_n: the line it stands on since a merge.
CREATE TABLE claims (
  id INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL,
  reference TEXT NOT NULL,
  need INTEGER NOT NULL,
  n INTEGER NOT NULL,
  on_need INTEGER NOT NULL,
  on_n INTEGER NOT NULL,
  organisation INTEGER NOT NULL REFERENCES organisations (id),
  offer INTEGER,
  state TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'fulfilled', 'released', 'expired')),
  quantity INTEGER NOT NULL,
  give_back INTEGER NOT NULL,
  claimed_at INTEGER NOT NULL,
  first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL,
  planned_at INTEGER,
  expires_at INTEGER,
  UNIQUE (incident, reference),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;
CREATE INDEX claims_need ON claims (need);
CREATE INDEX claims_organisation ON claims (incident, organisation, claimed_at);
CREATE INDEX claims_held ON claims (organisation, incident) WHERE state = 'held';

-- Projection: who was named as reached in which response in force, so that a person's responses are found across roots.
CREATE TABLE responses (
  incident INTEGER NOT NULL,
  event INTEGER NOT NULL REFERENCES events (id),
  person INTEGER NOT NULL,
  need INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  reached INTEGER NOT NULL,
  PRIMARY KEY (event, person),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id),
  FOREIGN KEY (incident, person) REFERENCES persons (incident, id)
) STRICT;
CREATE INDEX responses_person ON responses (person);
CREATE INDEX responses_need ON responses (need);

-- Projection: persons that a merge or correction in force names as one.
CREATE TABLE person_links (
  incident INTEGER NOT NULL,
  event INTEGER NOT NULL REFERENCES events (id),
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  need INTEGER NOT NULL,
  PRIMARY KEY (event, a, b),
  FOREIGN KEY (incident, a) REFERENCES persons (incident, id),
  FOREIGN KEY (incident, b) REFERENCES persons (incident, id)
) STRICT;
CREATE INDEX person_links_a ON person_links (a);
CREATE INDEX person_links_b ON person_links (b);
CREATE INDEX person_links_need ON person_links (need);

-- Projection: when a counter's condition first held for a root or person; ordinals carry series of amounts.
CREATE TABLE marks (
  incident INTEGER NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('need', 'person')),
  subject INTEGER NOT NULL,
  counter TEXT NOT NULL CHECK (counter IN ('submissions', 'collected', 'tried', 'phone_verified', 'genuine', 'genuine_changed', 'already_solved', 'not_genuine', 'by_visit', 'urgent_people', 'urgent_episodes', 'urgent_in_groups', 'resource_matched', 'matched_by_claim', 'matched_by_answer', 'matched_by_referral', 'matched_before_phone', 'phoned_and_matched', 'fully_matched', 'delivered')),
  ordinal INTEGER NOT NULL,
  at INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  district TEXT NOT NULL,
  category TEXT NOT NULL,
  PRIMARY KEY (incident, subject_kind, subject, counter, ordinal)
) STRICT;
CREATE INDEX marks_at ON marks (incident, at, counter, district, category, amount);

-- Projection: marks added up. bucket is the instant its hour or report day ends (inclusive); dimension is a district or a category.
CREATE TABLE cells (
  incident INTEGER NOT NULL,
  grain TEXT NOT NULL CHECK (grain IN ('hour_district', 'day_district', 'day_category')),
  dimension TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  submissions INTEGER NOT NULL DEFAULT 0,
  collected INTEGER NOT NULL DEFAULT 0,
  tried INTEGER NOT NULL DEFAULT 0,
  phone_verified INTEGER NOT NULL DEFAULT 0,
  genuine INTEGER NOT NULL DEFAULT 0,
  genuine_changed INTEGER NOT NULL DEFAULT 0,
  already_solved INTEGER NOT NULL DEFAULT 0,
  not_genuine INTEGER NOT NULL DEFAULT 0,
  by_visit INTEGER NOT NULL DEFAULT 0,
  urgent_people INTEGER NOT NULL DEFAULT 0,
  urgent_episodes INTEGER NOT NULL DEFAULT 0,
  urgent_in_groups INTEGER NOT NULL DEFAULT 0,
  resource_matched INTEGER NOT NULL DEFAULT 0,
  matched_by_claim INTEGER NOT NULL DEFAULT 0,
  matched_by_answer INTEGER NOT NULL DEFAULT 0,
  matched_by_referral INTEGER NOT NULL DEFAULT 0,
  matched_before_phone INTEGER NOT NULL DEFAULT 0,
  phoned_and_matched INTEGER NOT NULL DEFAULT 0,
  fully_matched INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (incident, grain, dimension, bucket)
) STRICT;
CREATE INDEX cells_time ON cells (incident, grain, bucket);

-- What case workers of an organisation note about the people behind a need, sealed; erasing deletes the rows.
CREATE TABLE case_notes (
  id INTEGER PRIMARY KEY,
  incident INTEGER NOT NULL,
  need INTEGER NOT NULL,
  reference TEXT NOT NULL,
  organisation INTEGER NOT NULL REFERENCES organisations (id),
  author INTEGER REFERENCES users (id),
  at INTEGER NOT NULL,
  text_sealed BLOB NOT NULL,
  UNIQUE (incident, reference),
  FOREIGN KEY (incident, need) REFERENCES needs (incident, id)
) STRICT;
CREATE INDEX case_notes_need ON case_notes (need, organisation, at);
