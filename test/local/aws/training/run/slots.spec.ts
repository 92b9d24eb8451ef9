import assert from "node:assert/strict";
import { Slots } from "../../../../../local/aws/training/run/slots.ts";

const never = new AbortController().signal;

describe("slots", () => {
  it("let jobs in up to the limit, and the next in order as slots come back", async () => {
    const slots = new Slots(2);
    const order: string[] = [];
    const first = await slots.take(never);
    await slots.take(never);
    assert.equal(slots.full, true);
    const waiting = ["c", "d"].map((name) =>
      slots.take(never).then((release) => {
        order.push(name);
        return release;
      }),
    );
    first();
    const release = await waiting[0];
    assert.deepEqual(order, ["c"]);
    release();
    await waiting[1];
    assert.deepEqual(order, ["c", "d"]);
  });

  it("come back once, however often they are given", async () => {
    const slots = new Slots(1);
    const release = await slots.take(never);
    release();
    release();
    await slots.take(never);
    assert.equal(slots.full, true);
  });

  it("are not lost on a job that stops waiting", async () => {
    const slots = new Slots(1);
    const release = await slots.take(never);
    const controller = new AbortController();
    const waiting = slots.take(controller.signal);
    controller.abort(new Error("stopped"));
    await assert.rejects(waiting, { message: "stopped" });
    release();
    await slots.take(never);
  });

  it("are at least one", async () => {
    await new Slots(0).take(never);
  });
});
