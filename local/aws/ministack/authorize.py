"""What the front asks ministack: whose an access key is, and whether IAM lets its owner call what it answers itself.

Signatures are verified by the front, for every service.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core.iam_evaluator import (
    AuthError,
    CredentialResolutionError,
    EvalResult,
    enforce,
    find_iam_access_key_account,
    is_root_access_key,
    pin_request_origin,
    resolve_credential,
)
from ministack.core.responses import set_request_account_id, set_request_region

DEFAULT_ACCOUNT = "000000000000"


Questions = dict[str, Callable[[dict], dict | None]]


def with_questions(app: Any, questions: Questions) -> Any:
    """The ASGI app with these questions answered before it, by their paths; everything else goes through."""

    async def wrapped(scope: dict, receive: Any, send: Any) -> None:
        question = questions.get(scope["path"]) if scope["type"] == "http" else None
        if question is None:
            await app(scope, receive, send)
            return
        answer = question(json.loads(await read_body(receive)))
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

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


def issued_key(question: dict) -> dict | None:
    """The secret of a user's or a session's key, or None for one that was not given out or is not in force."""
    access_key = question["accessKey"]
    if is_root_access_key(access_key):
        return None  # ministack's own names for the root, `test` and account numbers: the front has one owner
    credential = resolve_credential(access_key, account_of(access_key))
    if isinstance(credential, CredentialResolutionError):
        expired = credential.code == "ExpiredTokenException"
        return {"secretAccessKey": "", "expiration": 0} if expired else None
    key = {
        "secretAccessKey": credential.secret_access_key,
        "sessionToken": credential.session_token,
        "expiration": credential.expiration,
    }
    return {name: value for name, value in key.items() if value is not None}


def refusal(question: dict) -> dict | None:
    """The refusal in AWS's words, or None for a call that IAM allows."""
    access_key = question["accessKey"]
    set_request_account_id(account_of(access_key))
    set_request_region(question["region"])
    pin_request_origin("127.0.0.1", False)
    refused = enforce(
        access_key,
        question["action"],
        question["action"].partition(":")[0],
        question["region"],
        question["resource"],
        question["context"],
    )
    return in_words(refused, question) if refused else None


def account_of(access_key: str) -> str:
    """The account that an access key belongs to."""
    return find_iam_access_key_account(access_key) or DEFAULT_ACCOUNT


def in_words(refused: AuthError | EvalResult, question: dict) -> dict:
    """What a service answers a caller that it cannot identify, or that may not do this."""
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


QUESTIONS: Questions = {"/_local/iam": refusal, "/_local/key": issued_key}
