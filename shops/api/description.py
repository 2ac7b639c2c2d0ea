"""The API describes itself: OpenAPI, as it stands in docs/api/openapi.json and at /api/v1/openapi.json."""

import json

from ninja import NinjaAPI

PREFIX = "/api/v1/"
PROBLEM = "application/problem+json"


class SelfDescribing(NinjaAPI):
    """A NinjaAPI whose document names problem documents by their kind."""

    def get_openapi_schema(self, **options):
        """The document, as a dictionary."""
        document = super().get_openapi_schema(**{"path_prefix": PREFIX, **options})
        for path in document["paths"].values():
            for operation in path.values():
                responses = operation["responses"]
                operation["responses"] = {
                    status: _kind(status, responses[status]) for status in sorted(responses, key=int)
                }
        return document


def _kind(status: int, response: dict) -> dict:
    content = response.get("content", {})
    if int(status) < 400 or not content:
        return response
    return response | {"content": {PROBLEM: content["application/json"]}}


def document(api: NinjaAPI) -> str:
    """The text of docs/api/openapi.json."""
    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"
