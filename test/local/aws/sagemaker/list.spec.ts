import assert from "node:assert/strict";
import { type ListRequest, listJobs } from "../../../../local/aws/sagemaker/list.ts";
import { pageOf } from "../../../../local/aws/sagemaker/pages.ts";
import type { JobRecord } from "../../../../local/aws/sagemaker/record.ts";
import { record } from "./support.ts";

const jobs: JobRecord[] = ["a", "b", "c", "d", "e"].map((name, index) =>
  record(name, {
    creationTime: (index + 1) * 1000,
    lastModifiedTime: (index + 11) * 1000,
    status: name === "b" ? "Failed" : "Completed",
  }),
);
const list = (request: ListRequest, records = jobs) => {
  const { TrainingJobSummaries, NextToken } = listJobs(records, request, 100_000);
  return { names: TrainingJobSummaries.map((job) => job.TrainingJobName), NextToken };
};

describe("ListTrainingJobs", () => {
  const cases: [string, ListRequest, string[]][] = [
    ["newest first", {}, ["e", "d", "c", "b", "a"]],
    ["oldest first", { SortOrder: "Ascending" }, ["a", "b", "c", "d", "e"]],
    ["by name", { SortBy: "Name", SortOrder: "Ascending" }, ["a", "b", "c", "d", "e"]],
    ["by status", { SortBy: "Status", SortOrder: "Descending" }, ["b", "e", "d", "c", "a"]],
    ["created after", { CreationTimeAfter: 3 }, ["e", "d"]],
    ["created before", { CreationTimeBefore: 3 }, ["b", "a"]],
    ["modified after", { LastModifiedTimeAfter: 14 }, ["e"]],
    ["modified before", { LastModifiedTimeBefore: 12 }, ["a"]],
    ["name contains", { NameContains: "c" }, ["c"]],
    ["status", { StatusEquals: "Failed" }, ["b"]],
    ["warm pool", { WarmPoolStatusEquals: "Available" }, []],
  ];
  for (const [what, request, expected] of cases) {
    it(what, () => assert.deepEqual(list(request).names, expected));
  }

  it("pages to the end without repeating or losing a job, also when jobs come meanwhile", () => {
    const first = list({ MaxResults: 2 });
    assert.deepEqual(first.names, ["e", "d"]);
    const grown = [...jobs, record("f", { creationTime: 9000 })];
    const second = list({ MaxResults: 2, NextToken: first.NextToken }, grown);
    assert.deepEqual(second.names, ["c", "b"]);
    const third = list({ MaxResults: 2, NextToken: second.NextToken }, grown);
    assert.deepEqual(third, { names: ["a"], NextToken: undefined });
  });

  it("goes on behind a job that was deleted, or that the filter has lost meanwhile", () => {
    const orders: ListRequest[] = [{}, { SortBy: "Name" }, { SortBy: "Status" }, { SortOrder: "Ascending" }];
    for (const order of orders) {
      let left = jobs;
      const seen: unknown[] = [];
      let NextToken: string | undefined;
      do {
        const page = list({ ...order, MaxResults: 1, NextToken }, left);
        seen.push(...page.names);
        left = left.filter((job) => job.request.TrainingJobName !== page.names[0]);
        NextToken = page.NextToken;
      } while (NextToken);
      assert.deepEqual(seen, list(order).names);
    }
    const request = { MaxResults: 2, LastModifiedTimeBefore: 50 };
    const first = list(request);
    const touched = jobs.map((job) =>
      first.names.includes(job.request.TrainingJobName) ? { ...job, lastModifiedTime: 90_000 } : job,
    );
    assert.deepEqual(list({ ...request, NextToken: first.NextToken }, touched).names, ["c", "b"]);
  });

  it("filters by status after the page has been cut, as the service documents it", () => {
    const first = list({ MaxResults: 3, StatusEquals: "Failed" });
    assert.deepEqual(first.names, []);
    assert.notEqual(first.NextToken, undefined);
    assert.deepEqual(list({ MaxResults: 3, StatusEquals: "Failed", NextToken: first.NextToken }).names, [
      "b",
    ]);
  });

  it("gives ten jobs unless told otherwise", () => {
    const many = Array.from({ length: 12 }, (_, index) => record(`j${index}`, { creationTime: index }));
    assert.equal(list({}, many).names.length, 10);
  });

  it("refuses a token that it did not give", () => {
    assert.throws(() => list({ NextToken: "nonsense" }), { code: "ValidationException" });
    const { NextToken } = list({ MaxResults: 1 });
    assert.throws(() => list({ NextToken, SortBy: "Name" }), { code: "ValidationException" });
    // It would go on in the other direction, and leave out what lies between.
    assert.throws(() => list({ NextToken, SortOrder: "Ascending" }), { code: "ValidationException" });
    assert.deepEqual(list({ NextToken, SortOrder: "Descending", SortBy: "CreationTime" }).names.length, 4);
    const models = { what: "model", nameOf: (job: JobRecord) => job.request.TrainingJobName };
    assert.throws(() => pageOf(jobs, { NextToken }, models), { code: "ValidationException" });
    const [given] = JSON.parse(Buffer.from(String(NextToken), "base64url").toString());
    for (const rest of [[null, 1, "a"], ["", 1, null], [{}, 1, "a"], ["", "1", "a"], ["", 1], []]) {
      const made = Buffer.from(JSON.stringify([given, ...rest])).toString("base64url");
      assert.throws(() => list({ NextToken: made }), { code: "ValidationException" }, JSON.stringify(rest));
    }
  });
});
