/** aws:cloudwatch/dashboard:Dashboard */

import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import { defineResource } from "../../resource.ts";

interface DashboardInputs {
  dashboardName: string;
  dashboardBody: string;
}

export const dashboard = defineResource<DashboardInputs>({
  token: "aws:cloudwatch/dashboard:Dashboard",
  inputs: {
    dashboardName: { kind: "string", required: true, replaces: true },
    dashboardBody: { kind: "json", required: true },
  },
  outputs: ["dashboardArn"],

  async create(aws, inputs) {
    await put(aws, inputs);
    return inputs.dashboardName;
  },

  async read(aws, id) {
    const cloudwatch = await aws.cloudwatch();
    const answer = await ifExists(cloudwatch.getDashboard({ DashboardName: id }));
    return (
      answer && { dashboardName: id, dashboardBody: answer.DashboardBody, dashboardArn: answer.DashboardArn }
    );
  },

  async update(aws, _id, { news }) {
    await put(aws, news);
  },

  async delete(aws, id) {
    const cloudwatch = await aws.cloudwatch();
    await ifExists(cloudwatch.deleteDashboards({ DashboardNames: [id] }));
  },
});

/** The API accepts a body with mistakes and only reports them: they fail here, or the dashboard would show nothing. */
async function put(aws: Aws, { dashboardName, dashboardBody }: DashboardInputs): Promise<void> {
  const cloudwatch = await aws.cloudwatch();
  const { DashboardValidationMessages: messages = [] } = await cloudwatch.putDashboard({
    DashboardName: dashboardName,
    DashboardBody: dashboardBody,
  });
  const faults = messages.map(({ DataPath, Message }) => `${DataPath}: ${Message}`);
  if (faults.length > 0) throw new Error(`the dashboard's body has mistakes: ${faults.join("; ")}`);
}
