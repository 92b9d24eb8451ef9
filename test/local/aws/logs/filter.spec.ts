import assert from "node:assert/strict";
import { group, NOW, texts, useLogs } from "./support.ts";

describe("the events of a group of CloudWatch Logs, searched", () => {
  const { call, make, put } = useLogs();

  beforeEach(async () => {
    await make("a/algo-1");
    await call("CreateLogStream", { ...group, logStreamName: "a/algo-2" });
    await call("CreateLogStream", { ...group, logStreamName: "b/algo-1" });
    await put(["a1 one ERROR", "a1 two"], (index) => NOW + index * 10, "a/algo-1");
    await put(["a2 one", "a2 two ERROR"], (index) => NOW + index * 10, "a/algo-2");
    await put(["b1 one ERROR"], () => NOW + 5, "b/algo-1");
  });
  const search = async (request: object) => {
    const found: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await call("FilterLogEvents", { ...group, limit: 1, ...request, nextToken });
      found.push(...texts(page));
      nextToken = page.nextToken;
    } while (nextToken);
    const whole = await call("FilterLogEvents", { ...group, ...request });
    assert.deepEqual(found, texts(whole)); // in pages as in one
    return found;
  };

  it("gives all streams in the order of time", async () => {
    assert.deepEqual(await search({}), ["a1 one ERROR", "a2 one", "b1 one ERROR", "a1 two", "a2 two ERROR"]);
  });

  it("looks into the streams that are asked for only", async () => {
    assert.deepEqual(await search({ logStreamNamePrefix: "a/" }), [
      "a1 one ERROR",
      "a2 one",
      "a1 two",
      "a2 two ERROR",
    ]);
    assert.deepEqual(await search({ logStreamNames: ["b/algo-1", "a/algo-2"] }), [
      "a2 one",
      "b1 one ERROR",
      "a2 two ERROR",
    ]);
    const both = { ...group, logStreamNames: ["b/algo-1"], logStreamNamePrefix: "a" };
    assert.equal((await call("FilterLogEvents", both)).error, "InvalidParameterException");
    const missing = { ...group, logStreamNames: ["none"] };
    assert.equal((await call("FilterLogEvents", missing)).error, "ResourceNotFoundException");
  });

  it("refuses an expression that would keep everybody waiting, and finds by one that is only long", async () => {
    await put(["a".repeat(900)], () => NOW + 20, "a/algo-1");
    const endless = { ...group, filterPattern: "%a*a*a*a*a*a*a{17}b%" };
    const refused = await call("FilterLogEvents", endless);
    assert.equal(refused.error, "InvalidParameterException");
    assert.match(refused.message, /takes longer than/);
    assert.equal((await search({ filterPattern: "%a{17}a*a{17}%" })).length, 1);
  });

  it("finds terms, one of several, phrases, expressions and their absence", async () => {
    assert.deepEqual(await search({ filterPattern: "ERROR" }), [
      "a1 one ERROR",
      "b1 one ERROR",
      "a2 two ERROR",
    ]);
    assert.deepEqual(await search({ filterPattern: "ERROR one" }), ["a1 one ERROR", "b1 one ERROR"]);
    assert.deepEqual(await search({ filterPattern: "?two ?b1" }), ["b1 one ERROR", "a1 two", "a2 two ERROR"]);
    assert.deepEqual(await search({ filterPattern: "-ERROR one" }), ["a2 one"]);
    assert.deepEqual(await search({ filterPattern: '"one ERROR"' }), ["a1 one ERROR", "b1 one ERROR"]);
    assert.deepEqual(await search({ filterPattern: "%^a. two%" }), ["a1 two", "a2 two ERROR"]);
    assert.deepEqual(await search({ filterPattern: "nothing" }), []);
    for (const filterPattern of ["{ $.level = 1 }", '"open', "%(a+)+%"]) {
      assert.equal(
        (await call("FilterLogEvents", { ...group, filterPattern })).error,
        "InvalidParameterException",
      );
    }
  });

  it("has an id of its own for every event", async () => {
    const ids = (await call("FilterLogEvents", group)).events.map(
      ({ eventId }: { eventId: string }) => eventId,
    );
    assert.equal(new Set(ids).size, 5);
    assert.match(ids[0], /^\d{56}$/);
  });
});
