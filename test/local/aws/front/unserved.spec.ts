import assert from "node:assert/strict";
import { isUnserved, type UnservedCall, unservedAnswer } from "../../../../local/aws/front/unserved.ts";

const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
const call = (service: string, more: Partial<UnservedCall> = {}): UnservedCall => ({
  service,
  method: "POST",
  path: "/",
  headers: {},
  body: "",
  ...more,
});

/** How each protocol carries a code and a message; test/clients reads the same with botocore's parsers. */
describe("a service that nobody here serves", () => {
  for (const [service, unserved] of [
    ["kms", true],
    ["sagemaker", true], // its calls without the target of SageMaker's API: endpoints, metrics
    ["s3", false],
    ["iam", false],
    ["monitoring", false],
    ["", false], // an object that is read without a signature
  ] as const) {
    it(`${service || "an unsigned call"} is ${unserved ? "" : "not "}one`, () => {
      assert.equal(isUnserved({ service }), unserved);
    });
  }

  const cases: [what: string, call: UnservedCall, type: string, body: RegExp][] = [
    [
      "JSON",
      call("kms", {
        headers: { "x-amz-target": "TrentService.ListKeys", "content-type": "application/x-amz-json-1.1" },
      }),
      "application/x-amz-json-1.1",
      /^\{"__type":"UnknownOperationException","message":"The local AWS does not serve kms \(ListKeys\)\. It serves s3, iam,/,
    ],
    [
      "a query",
      call("autoscaling", { headers: form, body: "Action=DescribeTags&Version=2011-01-01" }),
      "text/xml",
      /^<ErrorResponse><Error><Type>Sender<\/Type><Code>InvalidAction<\/Code><Message>.* autoscaling \(DescribeTags\)/,
    ],
    [
      "EC2's query",
      call("ec2", { headers: form, body: "Action=DescribeVpcs" }),
      "text/xml",
      /^<Response><Errors><Error><Code>InvalidAction<\/Code><Message>.* ec2 \(DescribeVpcs\)/,
    ],
    [
      "REST with JSON",
      call("sagemaker", { path: "/endpoints/e/invocations", headers: { "content-type": "text/csv" } }),
      "application/json",
      /does not serve sagemaker \(POST \/endpoints\/e\/invocations\)/,
    ],
    [
      "REST with XML",
      call("route53", { method: "GET", path: "/2013-04-01/<zone>" }),
      "text/xml",
      /<Message>.* \(GET \/2013-04-01\/&lt;zone&gt;\)/,
    ],
    [
      "RPC over CBOR",
      call("arc", {
        path: "/service/Arc/operation/ListPlans",
        headers: { "smithy-protocol": "rpc-v2-cbor" },
      }),
      "application/cbor",
      /__type.{3}aws#UnknownOperationException.{3}message.{3}The local AWS does not serve arc \(ListPlans\)/s,
    ],
  ];
  for (const [what, asked, type, body] of cases) {
    it(`is refused in ${what}`, () => {
      const answer = unservedAnswer(asked);
      assert.equal(answer.status, 400);
      assert.equal(answer.headers["content-type"], type);
      assert.match(Buffer.from(answer.body).toString("latin1"), body);
    });
  }
});
