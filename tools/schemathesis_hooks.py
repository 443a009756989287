"""Makes most fuzzed requests reach past the door: the fuzz incident in the path, a fresh idempotency key, any version."""
import secrets

import schemathesis


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if path_parameters and "incident" in path_parameters and secrets.randbelow(10):
        path_parameters["incident"] = "fuzz"
    return path_parameters


@schemathesis.hook
def map_headers(context, headers):
    headers = headers or {}
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = secrets.token_hex(16)
    return headers


@schemathesis.hook
def filter_operations(context):
    """Leaves out what would end the run for everybody after it."""
    label = context.operation.label if hasattr(context, "operation") else ""
    return not (label.startswith("DELETE /api/v1/sessions") or label.startswith("PUT /api/v1/me/password"))
