import assert from "node:assert/strict";
import { Announcer } from "../../../../local/aws/notifications/announcer.ts";
import type { ServiceEvent } from "../../../../local/aws/notifications/jobEvent.ts";

const event = (name: string): ServiceEvent => ({
  account: "0",
  region: "us-east-1",
  entry: { Source: "aws.sagemaker", DetailType: "Change", Resources: [name], Detail: "{}" },
});

describe("the announcer", () => {
  let sent: string[];
  let logged: string[];
  let pauses: number;
  beforeEach(() => {
    sent = [];
    logged = [];
    pauses = 0;
  });
  const announcer = (send: (name: string) => void = () => undefined) =>
    new Announcer({
      send: async ({ entry }) => {
        send(entry.Resources[0]);
        sent.push(entry.Resources[0]);
      },
      log: (line) => logged.push(line),
      pause: async () => {
        pauses += 1;
      },
    });

  it("sends what happened before there was somebody to take it, and all in order", async () => {
    const it = announcer();
    it.announce(event("a"));
    it.announce(event("b"));
    await it.flush();
    assert.deepEqual(sent, []);
    it.start();
    it.announce(event("c"));
    await it.flush();
    assert.deepEqual(sent, ["a", "b", "c"]);
  });

  it("tries again until it is taken, and sends nothing else before", async () => {
    let failures = 3;
    const it = announcer((name) => {
      if (name === "a" && failures-- > 0) throw new Error("down");
    });
    it.start();
    it.announce(event("a"));
    it.announce(event("b"));
    await it.flush();
    assert.deepEqual(sent, ["a", "b"]);
    assert.equal(pauses, 3);
    assert.deepEqual(logged, []);
  });

  it("names an event that nobody takes, and goes on", async () => {
    const it = announcer((name) => {
      if (name === "a") throw new Error("down");
    });
    it.start();
    it.announce(event("a"));
    it.announce(event("b"));
    await it.flush();
    assert.deepEqual(sent, ["b"]);
    assert.deepEqual(logged, ["event lost, Change of a: down"]);
  });
});
