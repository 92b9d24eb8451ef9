import { z } from "zod";

/**
 * A dashboard as CloudWatch documents it, as far as the program uses it; PutDashboard answers with a message for what is not so:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};

const expression = z.strictObject({
  id: z.string().regex(/^[a-z]\w*$/),
  label: z.string().optional(),
  expression: z.string().regex(/^SEARCH\('\{[^{}']+\} [^']+', '\w+', \d+\)$/),
});

const metric = z.strictObject({
  type: z.literal("metric"),
  ...place,
  properties: z.strictObject({
    metrics: z.array(z.tuple([expression])).min(1),
    region: z.string(),
    title: z.string(),
    view: z.enum(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]),
    stacked: z.boolean(),
    period: z.int().multipleOf(60),
    yAxis: z
      .strictObject({ left: z.strictObject({ min: z.number(), max: z.number().optional() }) })
      .optional(),
  }),
});

const log = z.strictObject({
  type: z.literal("log"),
  ...place,
  properties: z.strictObject({
    query: z.string().regex(/^SOURCE '[^']+' \| /),
    region: z.string(),
    title: z.string(),
    view: z.enum(["table", "timeSeries", "bar", "pie"]),
  }),
});

const text = z.strictObject({
  type: z.literal("text"),
  ...place,
  properties: z.strictObject({ markdown: z.string().min(1) }),
});

export const dashboardSchema = z.strictObject({
  start: z.string().regex(/^-P(T\d+[MH]|\d+[DWM])$/),
  widgets: z
    .array(z.discriminatedUnion("type", [metric, log, text]))
    .max(500)
    .refine((widgets) => widgets.every(({ x, width }) => x + width <= 24), "wider than the grid"),
});

export type Board = z.infer<typeof dashboardSchema>;
