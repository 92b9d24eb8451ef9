"""SimulatePrincipalPolicy as IAM answers it: SageMaker's Python SDK v3 asks it about a role before it creates a job.

ministack's own knows no role with a path, allows nothing for a principal that does not exist, looks at one resource and
at no context. Policies, and how they are evaluated, are ministack's.
"""

from typing import Any
from xml.sax.saxutils import escape

from ministack.core.iam_evaluator import (
    EvalContext,
    _gather_role_policies,
    _gather_user_policies,
    _permissions_boundary,
    evaluate,
)
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

DECISIONS = {"Allow": "allowed", "Deny": "explicitDeny"}


def install() -> None:
    """Takes the place of ministack's."""
    iam._IAM_HANDLERS["SimulatePrincipalPolicy"] = simulate


def simulate(params: dict) -> tuple:
    """One decision per action and resource."""
    arn = iam._p(params, "PolicySourceArn")
    kind, _, path = arn.rpartition(":")[2].partition("/")
    name = path.rpartition("/")[2]
    stores = {"role": (iam._roles, _gather_role_policies), "user": (iam._users, _gather_user_policies)}
    store, gather = stores.get(kind, ({}, None))
    if gather is None or (store.get(name) or {}).get("Arn") != arn:
        return iam._error(404, "NoSuchEntity", f"The principal {arn} cannot be found.")
    account = get_account_id()
    limits = _permissions_boundary(store, name, account)
    results = ""
    for action in members(params, "ActionNames"):
        for resource in members(params, "ResourceArns") or ["*"]:
            asked = EvalContext(
                principal_arn=arn,
                principal_type="User",
                principal_account=account,
                action=action,
                resource_arn=resource,
                region=get_region(),
                service_context=context(params),
            )
            decision = evaluate(asked, gather(name, account), *limits).decision
            results += result(action, resource, DECISIONS.get(decision, "implicitDeny"))
    answer = f"<EvaluationResults>{results}</EvaluationResults><IsTruncated>false</IsTruncated>"
    inner = f"<SimulatePrincipalPolicyResult>{answer}</SimulatePrincipalPolicyResult>"
    return iam._xml(200, "SimulatePrincipalPolicyResponse", inner)


def result(action: str, resource: str, decision: str) -> str:
    """A member of the results."""
    return (
        f"<member><EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
        f"<EvalDecision>{decision}</EvalDecision><MatchedStatements/><MissingContextValues/></member>"
    )


def members(params: dict, name: str) -> list[str]:
    """A list as the query protocol spells it: `Name.member.1`, `Name.member.2`, ..."""
    found: list[str] = []
    while value := iam._p(params, f"{name}.member.{len(found) + 1}"):
        found.append(value)
    return found


def context(params: dict) -> dict[str, Any]:
    """What the caller says of the context: condition keys and their values."""
    found: dict[str, Any] = {}
    index = 1
    while key := iam._p(params, f"ContextEntries.member.{index}.ContextKeyName"):
        values = members(params, f"ContextEntries.member.{index}.ContextKeyValues")
        found[key.lower()] = values[0] if len(values) == 1 else values
        index += 1
    return found
