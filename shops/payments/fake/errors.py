"""The answers of the fake that are not 200, with Stripe's bodies."""


class ApiError(Exception):
    """An error answer. `stored` says whether an idempotency key remembers it (validation errors are not remembered)."""

    def __init__(self, status: int, kind: str, message: str, *, code: str = "", param: str = "", stored: bool = False):
        self.status, self.stored = status, stored
        error = {"type": kind, "message": message, "code": code, "param": param}
        self.body = {"error": {name: value for name, value in error.items() if value}}
        super().__init__(message)


def invalid(message: str, *, code: str = "parameter_invalid", param: str = "") -> ApiError:
    """400: the request is malformed. Not remembered."""
    return ApiError(400, "invalid_request_error", message, code=code, param=param)


def refused(code: str, message: str) -> ApiError:
    """400: understood and refused for the state of things. Remembered."""
    return ApiError(400, "invalid_request_error", message, code=code, stored=True)


def missing(kind: str, wanted: str) -> ApiError:
    """404: no such object."""
    return ApiError(404, "invalid_request_error", f"No such {kind}: '{wanted}'", code="resource_missing")


def server_error() -> ApiError:
    """500: remembered, as at Stripe."""
    return ApiError(500, "api_error", "The demonstration of Stripe was told to fail.", stored=True)


def rate_limited() -> ApiError:
    """429: nothing happened."""
    return ApiError(429, "invalid_request_error", "Too many requests.", code="rate_limit")
