-- What the public may see of districts and categories: decided once for each daily cut-off, in the order of time, and never again. payload
-- holds the exact amounts as they were known then, so that later ones can be weighed against them; what leaves are steps of five.
CREATE TABLE published_breakdowns (
  incident BIGINT NOT NULL REFERENCES incidents (id),
  dimension TEXT NOT NULL CHECK (dimension IN ('district', 'category')),
  cut_off BIGINT NOT NULL,
  published BOOLEAN NOT NULL,
  known_at BIGINT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (incident, dimension, cut_off)
);
