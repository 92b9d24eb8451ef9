"""Word of what happens: events of AWS's own services through EventBridge's rules, and the e-mails that SNS sends.

ministack matches the rules and fans out. It takes no event of `aws.sagemaker` from outside, as AWS does not; it lets
EventBridge publish to a topic whatever the topic's policy says, which AWS never does; and of an e-mail it only says in
its log that there would be one.
"""

import contextvars
import json
import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any

from bodies import replace
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import eventbridge, sns

SENDER = "AWS Notifications <no-reply@sns.amazonaws.com>"
# What SNS writes over a message that has no subject of its own.
SUBJECT = "AWS Notification Message"
MAIL_PROTOCOLS = ("email", "email-json")

rule_at_work: contextvars.ContextVar[dict] = contextvars.ContextVar("rule_at_work")


def put_event(question: dict) -> dict:
    """Hands EventBridge an event of one of AWS's services: an entry of PutEvents, with its account and region."""
    with request_scope(question["account"], question["region"]):
        status, _, body = eventbridge._put_events({"Entries": [question["entry"]]}, allow_aws_source=True)
        answer = json.loads(body)
        if status != 200 or answer["FailedEntryCount"]:
            raise RuntimeError(f"EventBridge does not take the event: {body}")
        return answer["Entries"][0]


def install(mail: Path) -> None:
    """Lets rules publish where the topic's policy does, and has SNS leave its e-mails in the folder."""

    def noting_rule(original: Callable) -> Callable:
        def invoke(target: dict, event: dict, rule: dict, view: Any = None) -> None:
            token = rule_at_work.set(rule)
            try:
                original(target, event, rule, view)
            finally:
                rule_at_work.reset(token)

        return invoke

    def fanning_out(original: Callable) -> Callable:
        def fan_out(
            topic_arn: str,
            msg_id: str,
            message: str,
            subject: str,
            structure: str = "",
            attributes: dict | None = None,
            **fifo: Any,
        ) -> None:
            original(topic_arn, msg_id, message, subject, structure, attributes, **fifo)
            for sub in (sns._topic_by_arn_any_scope(topic_arn) or {}).get("subscriptions", []):
                text = sns._resolve_message_for_protocol(message, structure, sub["protocol"])
                wanted = sub.get("confirmed") and sns._matches_filter_policy(sub, attributes or {}, text)
                if wanted and sub["protocol"] in MAIL_PROTOCOLS:
                    send(mail, sub["endpoint"], subject or SUBJECT, text)

        return fan_out

    replace(eventbridge, "_invoke_target", noting_rule)
    replace(eventbridge, "_dispatch_to_sns", lambda _: publish)
    replace(sns, "_fanout", fanning_out)


def publish(topic_arn: str, payload: str) -> None:
    """Publishes for the rule at work; the target is the last to know where it may not."""
    topic = sns._topic_by_arn_any_scope(topic_arn)
    if topic is None:
        eventbridge.logger.warning("EventBridge: there is no topic %s", topic_arn)
    elif not allows(topic, topic_arn, rule_at_work.get()["Arn"]):
        eventbridge.logger.warning(
            "EventBridge: the policy of %s does not let events.amazonaws.com publish for %s",
            topic_arn,
            rule_at_work.get()["Arn"],
        )
    else:
        sns.publish_internal(topic_arn, payload)


def allows(topic: dict, topic_arn: str, rule_arn: str) -> bool:
    """Whether the topic's policy lets EventBridge publish for a rule of this account."""
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="sns:Publish",
        resource_arn=topic_arn,
        region=get_region(),
        # No aws:SourceOwner: the policy that a new topic has does not admit EventBridge.
        service_context={"aws:sourcearn": rule_arn, "aws:sourceaccount": get_account_id()},
    )
    policy = topic.get("attributes", {}).get("Policy") or ""
    return evaluate_resource_policy(policy, context, service="events.amazonaws.com").decision == "Allow"


def send(folder: Path, address: str, subject: str, text: str) -> None:
    """Writes an e-mail as a file that mail programs open."""
    mail = EmailMessage()
    mail["From"] = SENDER
    mail["To"] = one_line(address)
    mail["Subject"] = one_line(subject)
    mail["Date"] = formatdate()
    mail.set_content(text, cte="8bit")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = re.sub(r"[^\w.@-]", "_", address)[:100]
    file = folder / f"{time.time_ns()}-{name}.eml"
    # Whole or not at all for whoever looks into the folder.
    partial = file.with_suffix(".tmp")
    partial.write_bytes(mail.as_bytes())
    partial.replace(file)


def one_line(text: str) -> str:
    """A header takes no line breaks."""
    return " ".join(text.split())
