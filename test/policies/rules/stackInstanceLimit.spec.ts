import { stackInstanceLimit } from "../../../policies/rules/stackInstanceLimit";
import { dynamicType, tuningType } from "../../../policies/training/adapter";
import { examineStack, type StackResource, type Verdict } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { forEvery, kinds } from "../support/jobs";

const examine = (resources: StackResource[], config: Record<string, unknown> = {}): Verdict =>
  examineStack(stackInstanceLimit, resources, {}, config);

describe("stack-instance-limit", () => {
  forEvery(kinds, ({ job, type }) => {
    const jobs = (count: number): StackResource[] =>
      Array.from({ length: count }, (_, index) => ({
        ...job({ "resourceConfig.instanceCount": 4 }),
        name: `job${index}`,
      }));

    it("adds up the instances of all jobs", () => {
      assertPasses(examine(jobs(4)));
      assertRefuses(
        examine(jobs(5)),
        "the training of the stack runs on 20 instances at a time (job0 4, job1 4, job2 4, job3 4, job4 4)",
        "the limit is 16",
      );
    });

    it("holds to the configured limit", () => {
      assertPasses(examine(jobs(5), { maxStackInstances: 20 }));
      assertRefuses(examine(jobs(5), { maxStackInstances: 19 }), "the limit is 19");
    });

    if (type === dynamicType) {
      it("does not count a job that has ended", () => {
        const ended = jobs(5).map((each) => ({
          ...each,
          props: { ...each.props, status: "Completed", cost: { actual: 1 } },
        }));
        assertPasses(examine(ended));
      });
    }
    if (type === tuningType) {
      it("refuses any number of jobs at a time", () => {
        const parallel = "config.resourceLimits.maxParallelTrainingJobs";
        assertRefuses(examine([job({ [parallel]: undefined })]), "runs on any number instances at a time");
      });
    }
  });
});
