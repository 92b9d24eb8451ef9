"""Policies that AWS manages: adds those that training roles have, and refuses to attach one that is not known.

ministack attaches any name, and a name without a document grants nothing. On AWS every such policy has its document.
managedPolicies.json holds documents as AWS publishes them (AWS Managed Policy Reference).
"""

import json
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from ministack.services import iam

PREFIX = "arn:aws:iam::aws:policy/"
ATTACHING = ("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")


def install() -> None:
    """Adds the documents, and the refusal before everything that attaches one."""
    policies = json.loads(Path(__file__).with_name("managedPolicies.json").read_text())
    for name, policy in policies.items():
        iam._aws_managed_policies[PREFIX + name] = iam._make_aws_managed_record(name, json.dumps(policy["document"]))
    for action in ATTACHING:
        iam._IAM_HANDLERS[action] = refusing(iam._IAM_HANDLERS[action])


def refusing(attach: Callable[[dict], tuple]) -> Callable[[dict], tuple]:
    """The handler, for policies that exist."""

    def checked(params: dict) -> tuple:
        arn = iam._p(params, "PolicyArn")
        return attach(params) if iam._policy_exists(arn) else iam._error(404, "NoSuchEntity", escape(unknown(arn)))

    return checked


def unknown(arn: str) -> str:
    """What IAM says of a policy that is not there; of one of AWS's, what there is here instead."""
    said = f"Policy {arn} does not exist or is not attachable."
    if not arn.startswith(PREFIX):
        return said
    known = ", ".join(sorted(name.removeprefix(PREFIX) for name in iam._aws_managed_policies))
    return f"{said} Of AWS's policies the local IAM has {known}. Put what the role needs into a policy of its own."
