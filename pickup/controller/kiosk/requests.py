"""What a request of the page may not be."""

from http import HTTPStatus


class BadRequest(Exception):
    """The request is not one that our page sends; carries the HTTP status."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status
