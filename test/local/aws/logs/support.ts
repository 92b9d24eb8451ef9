import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ACCOUNT } from "../../../../local/aws/front/caller.ts";
import { LogsService } from "../../../../local/aws/logs/service.ts";
import { LogStore } from "../../../../local/aws/logs/store.ts";

export const NOW = 1_700_000_000_000;
export const group = { logGroupName: "/aws/sagemaker/TrainingJobs" };
export const stream = { ...group, logStreamName: "job/algo-1-1" };

/** CloudWatch Logs on a folder of each test's own; a test that leaves something in `told` fails. */
export function useLogs() {
  const logs = { dir: "", now: NOW, told: [] as string[] };
  let service: LogsService;
  const restart = () => {
    service = new LogsService(
      new LogStore(logs.dir, (line) => logs.told.push(line)),
      () => logs.now,
      (line) => logs.told.push(line),
    );
  };
  beforeEach(() => {
    logs.dir = mkdtempSync(path.join(tmpdir(), "logs-"));
    logs.now = NOW;
    logs.told = [];
    restart();
  });
  afterEach(() => {
    rmSync(logs.dir, { recursive: true, force: true });
    assert.deepEqual(logs.told, []);
  });

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not used
  async function call(operation: string, input: object, region = "us-east-1"): Promise<any> {
    const caller = { accessKey: "k", region, service: "logs", account: ACCOUNT };
    const { status, body } = await service.handle(operation, Buffer.from(JSON.stringify(input)), caller);
    return status === 200 ? body : { error: `${(body as { __type: string }).__type}`, ...(body as object) };
  }
  async function make(name = stream.logStreamName, region?: string): Promise<void> {
    await call("CreateLogGroup", group, region);
    await call("CreateLogStream", { ...group, logStreamName: name }, region);
  }
  const put = (messages: string[], at = (index: number) => NOW + index, name = stream.logStreamName) =>
    call("PutLogEvents", {
      ...group,
      logStreamName: name,
      logEvents: messages.map((message, index) => ({ timestamp: at(index), message })),
    });

  async function follow(
    request: object,
    from?: string,
  ): Promise<{ lines: string[]; token: string; calls: number }> {
    const lines: string[] = [];
    let token = from;
    for (let calls = 1; ; calls++) {
      const page = await call("GetLogEvents", {
        ...stream,
        startFromHead: true,
        ...request,
        nextToken: token,
      });
      lines.push(...texts(page));
      if (page.nextForwardToken === token) return { lines, token: token as string, calls };
      token = page.nextForwardToken;
    }
  }

  return { logs, restart, call, make, put, follow };
}

export const texts = (page: { events: { message: string }[] }) => page.events.map(({ message }) => message);
export const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
