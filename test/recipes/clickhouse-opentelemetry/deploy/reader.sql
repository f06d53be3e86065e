-- The user of the workflow: it can read this table and nothing else, and may set limits, but not write.
CREATE USER gateway_rollout IDENTIFIED WITH sha256_password BY 'a password of your own' SETTINGS readonly = 2;
GRANT SELECT ON otel_traces TO gateway_rollout;
