-- Values of a run's variables were kept with its idempotency key. A request with them that comes again is refused once.
UPDATE "runs" SET "idempotency_request" = ("idempotency_request"::jsonb - 'variables')::text
WHERE "idempotency_request"::jsonb ? 'variables';
