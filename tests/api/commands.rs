//! What every command shares: idempotency under concurrency, limits, slow and endless bodies, headers, shutdown.
