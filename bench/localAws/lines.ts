import { GetLogEventsCommand, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { TestAws } from "../../test/local/aws/integration/testAws";
import type { Figure } from "../figures";
import { jobEnd } from "./jobs";
import { watched } from "./watch";

const group = { logGroupName: "/aws/sagemaker/TrainingJobs" };

/** One job that prints many lines of 100 characters, as fast as it can. */
export async function manyLines(aws: TestAws, count: number): Promise<Figure[]> {
  const calls = {
    DescribeTrainingJob: () => aws.describe("lines"),
    PutObject: () => aws.put("probe", "x"),
    GetLogEvents: async () => {
      const [logStreamName] = await aws.logStreams("lines");
      if (logStreamName)
        await aws.logs.send(new GetLogEventsCommand({ ...group, logStreamName, limit: 100 }));
    },
  };
  await aws.createJob("lines", `for i in range(${count}): print(f'line {i:07d} ' + 'x' * 87)`);
  const figures = await watched(`${count} log lines`, aws.running.pid, calls, async () => {
    await jobEnd(aws, "lines");
  });
  const found = await linesOf(aws);
  if (found !== count) throw new Error(`${found} lines of ${count} are in CloudWatch Logs`);
  return figures;
}

async function linesOf(aws: TestAws): Promise<number> {
  let count = 0;
  const input = { ...group, logStreamNamePrefix: "lines/", filterPattern: '"line 0"' };
  for await (const page of paginateFilterLogEvents({ client: aws.logs }, input))
    count += page.events?.length ?? 0;
  return count;
}
