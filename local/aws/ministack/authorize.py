"""Lets the local SageMaker service ask ministack whether IAM allows a call.

The question has the action, the resource, the condition keys, and the call itself, whose signature is verified as for
any other service. The answer is 200, or the refusal that AWS gives.
"""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ministack.core.iam_evaluator import (
    AuthError,
    EvalResult,
    enforce,
    find_iam_access_key_account,
    pin_request_origin,
    pin_signed_body,
    pin_signed_request,
)
from ministack.core.responses import set_request_account_id, set_request_region

PATH = "/_local/iam"
DEFAULT_ACCOUNT = "000000000000"


def with_authorization(app: Any) -> Any:
    """The ASGI app with this question answered before it; everything else goes through."""

    async def wrapped(scope: dict, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await app(scope, receive, send)
            return
        refusal = answer(json.loads(await read_body(receive)))
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 400 if refusal else 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(refusal or {}).encode()})

    return wrapped


async def read_body(receive: Any) -> bytes:
    """The whole body of a request."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def answer(question: dict) -> dict | None:
    """The refusal in AWS's words, or None for a call that IAM allows."""
    call = question["call"]
    raw = call["headers"]
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in zip(raw[::2], raw[1::2], strict=True)
    ]
    access_key = access_key_of(dict(headers).get(b"authorization", b"").decode("latin-1"))
    url = urlsplit(call["url"])
    set_request_account_id(find_iam_access_key_account(access_key) or DEFAULT_ACCOUNT)
    set_request_region(question["region"])
    pin_request_origin("127.0.0.1", False)
    pin_signed_request(call["method"], url.path, parse_qs(url.query, keep_blank_values=True), headers)
    pin_signed_body(base64.b64decode(call["body"]))
    refused = enforce(
        access_key,
        question["action"],
        "sagemaker",
        question["region"],
        question["resource"],
        question["context"],
    )
    return in_words(refused, question) if refused else None


def access_key_of(authorization: str) -> str:
    """The access key in a Signature Version 4 header."""
    _, _, credential = authorization.partition("Credential=")
    return credential.partition("/")[0]


def in_words(refused: AuthError | EvalResult, question: dict) -> dict:
    """What SageMaker answers a caller that it cannot identify, or that may not do this."""
    if isinstance(refused, AuthError):
        return {"__type": refused.code, "message": refused.message}
    because = (
        "with an explicit deny in an identity-based policy"
        if refused.decision == "Deny"
        else f"because no identity-based policy allows the {question['action']} action"
    )
    return {
        "__type": "AccessDeniedException",
        "message": (
            f"User: {refused.principal_arn} is not authorized to perform: {question['action']} "
            f"on resource: {question['resource']} {because}"
        ),
    }
