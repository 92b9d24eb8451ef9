"""Evaluates IAM policies with ministack's own evaluator.

Reads `{"policies": [...], "requests": [{"action", "context"}]}` from standard input; prints a JSON list of the decision
and the statement behind it for each request.
"""

import json
import sys

from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

question = json.load(sys.stdin)
policies = [parse_policy_document(policy) for policy in question["policies"]]
answers = []
for request in question["requests"]:
    context = {key.lower(): value for key, value in request["context"].items()}
    result = evaluate(
        EvalContext(
            principal_arn="arn:aws:iam::000000000000:user/researcher",
            principal_type="User",
            principal_account="000000000000",
            action=request["action"],
            resource_arn="arn:aws:sagemaker:us-east-1:000000000000:training-job/mednist",
            region="us-east-1",
            source_ip="127.0.0.1",
            secure_transport=True,
            service_context=context,
        ),
        policies,
    )
    answers.append({"decision": result.decision, "statement": result.matched_sid})
json.dump(answers, sys.stdout)
