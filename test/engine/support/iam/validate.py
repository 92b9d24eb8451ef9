"""Validates the IAM policy on standard input with parliament: prints what it finds, one finding a line."""

import sys

import parliament

for finding in parliament.analyze_policy_string(sys.stdin.read()).findings:
    print(finding.issue, finding.detail)
