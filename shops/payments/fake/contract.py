"""The contract check: parameters are read by the SDK's own TypedDicts, so that a typo fails here before it fails at Stripe.

Unknown and missing parameters are refused at every level; form-encoded strings become the numbers and booleans that the
types promise. The check moves with each upgrade of the SDK.
"""

import sys
import types
from decimal import Decimal
from functools import lru_cache
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin
from urllib.parse import parse_qsl

import typing_extensions
from stripe._request_options import RequestOptions

from shops.payments.fake.errors import ApiError, invalid

# Many v1 parameter types inherit the options of a request: a misplaced `idempotency_key` must not pass as a parameter.
OPTIONS = set(RequestOptions.__annotations__)
# The SDK imports these names only for type checkers; free-form maps such as metadata are read as such.
UNTYPED = {"StripeContext": Any, "UntypedStripeObject": dict}


def read(declared: type, sent: dict[str, Any]) -> dict[str, Any]:
    """`sent` with the types of `declared` (a TypedDict of `stripe.params`); raises `ApiError` 400 with the parameter's name."""
    return _typed_dict(declared, sent, "")


def decode_form(text: str) -> dict[str, Any]:
    """`a[b][0]=c` as nested dicts and lists: Stripe's form encoding."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        keys = name.replace("]", "").split("[")
        node = tree
        for key in keys[:-1]:
            node = node.setdefault(key, {})
        node[keys[-1]] = value
    return _lists(tree)


def _lists(node: Any) -> Any:
    """Dicts whose keys count from 0 are lists."""
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() for key in node):
        return [_lists(node[key]) for key in sorted(node, key=int)]
    return {key: _lists(value) for key, value in node.items()}


@lru_cache(maxsize=256)
def _fields(declared: type) -> dict[str, Any]:
    """Name → type of each parameter, own module's names resolved."""
    module = vars(sys.modules[declared.__module__])
    return {
        name: _resolve(annotation, module)
        for name, annotation in declared.__annotations__.items()
        if name not in OPTIONS
    }


def _resolve(annotation: Any, module: dict[str, Any]) -> Any:
    if get_origin(annotation) in (typing_extensions.NotRequired, typing_extensions.Required):
        annotation = get_args(annotation)[0]
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        scope = {**vars(typing_extensions), **UNTYPED, **module}
        annotation = eval(annotation, scope)  # noqa: S307  the SDK's own annotations
    return annotation


def _typed_dict(declared: type, sent: Any, path: str) -> dict[str, Any]:
    if not isinstance(sent, dict):
        raise invalid(f"Invalid object: {path}", param=path)
    fields = _fields(declared)
    for name in sent:
        if name not in fields:
            param = f"{path}[{name}]" if path else name
            raise invalid(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
    for name in sorted(declared.__required_keys__ - OPTIONS):
        if name not in sent:
            param = f"{path}[{name}]" if path else name
            raise invalid(f"Missing required param: {param}.", code="parameter_missing", param=param)
    module = vars(sys.modules[declared.__module__])
    return {
        name: _value(fields[name], value, f"{path}[{name}]" if path else name, module) for name, value in sent.items()
    }


def _value(declared: Any, sent: Any, path: str, module: dict[str, Any]) -> Any:
    """One value by its type; of a union the first member that fits."""
    declared = _resolve(declared, module)
    origin = get_origin(declared)
    if origin in (Union, types.UnionType):
        return _first_fit(get_args(declared), sent, path, module)
    if typing_extensions.is_typeddict(declared):
        return _typed_dict(declared, sent, path)
    if origin is list:
        if not isinstance(sent, list):
            raise invalid(f"Invalid array: {path}", param=path)
        return [_value(get_args(declared)[0], each, f"{path}[{i}]", module) for i, each in enumerate(sent)]
    if origin is Literal:
        if sent not in get_args(declared):
            raise invalid(f"Invalid {path}: must be one of {', '.join(map(str, get_args(declared)))}", param=path)
        return sent
    return _plain(declared, origin, sent, path)


def _first_fit(members: tuple, sent: Any, path: str, module: dict[str, Any]) -> Any:
    # The SDK writes open enums as `Literal[...] | str`: the listed values are the contract of the version we pin.
    closed = [member for member in members if get_origin(_resolve(member, module)) is Literal and member != Literal[""]]
    if closed and isinstance(sent, str) and str in members:
        members = tuple(closed)
    failure = None
    for member in members:
        try:
            return _value(member, sent, path, module)
        except ApiError as error:
            failure = failure or error
    raise failure


def _plain(declared: Any, origin: Any, sent: Any, path: str) -> Any:
    if declared is dict or origin is dict:
        if isinstance(sent, dict):
            return sent
    elif declared is bool:
        if sent in (True, False, "true", "false"):
            return sent in (True, "true")
    elif declared is int:
        if isinstance(sent, int) or (isinstance(sent, str) and sent.lstrip("-").isdigit()):
            return int(sent)
    elif declared is Decimal:
        return Decimal(str(sent))
    elif declared is str:
        if isinstance(sent, str):
            return sent
    else:
        return sent
    raise invalid(f"Invalid {getattr(declared, '__name__', declared)}: {path}", param=path)
