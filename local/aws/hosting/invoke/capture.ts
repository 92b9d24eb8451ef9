import { randomUUID } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { DataCaptureConfig } from "@aws-sdk/client-sagemaker";
import { parseS3Uri } from "../../training/transfer/s3.ts";
import type { DeployedVariant, EndpointRecord } from "../records/record.ts";
import { grouped } from "./grouped.ts";

/** A request that the model has answered, and where what is captured of it goes. */
export interface Answered {
  endpoint: EndpointRecord;
  deployed: DeployedVariant;
  config: DataCaptureConfig;
  input: Payload;
  output: Payload;
  inferenceId?: string;
  customAttributes?: string;
}

export interface Payload {
  contentType?: string;
  body: Buffer;
}

export interface DataCaptureOptions {
  /** S3 as the role of the variant's model may use it, which writes the files on AWS too. */
  s3Of: (deployed: DeployedVariant, endpoint: EndpointRecord) => Promise<S3Client>;
  now: () => number;
  /** From 0 to 1, for the choice of the requests. */
  random?: () => number;
  log: (line: string) => void;
}

/** AWS gathers for a minute or more. */
const flushMs = 1_000;

interface Line {
  answered: Answered;
  time: Date;
  text: string;
}

/** Data capture: writes a sample of requests and answers to S3 (Developer Guide, "Capture data from real-time endpoint"). */
export class DataCapture {
  private readonly options: DataCaptureOptions;
  private lines: Line[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(options: DataCaptureOptions) {
    this.options = options;
  }

  take(answered: Answered): void {
    const { EnableCapture: enabled = true, InitialSamplingPercentage: percentage = 0 } = answered.config;
    const { random = Math.random, now } = this.options;
    if (!enabled || random() * 100 >= percentage) return;
    const time = new Date(now());
    this.lines.push({ answered, time, text: lineOf(answered, time) });
    this.timer ??= setTimeout(() => void this.flush(), flushMs).unref();
  }

  /** Resolves when everything that was taken is in S3. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.lines;
    this.lines = [];
    this.writing = this.writing.then(() => this.write(lines));
    return this.writing;
  }

  private async write(lines: Line[]): Promise<void> {
    for (const [folder, together] of grouped(lines, folderOf)) {
      const [{ answered, time }] = together as [Line];
      const { endpoint, deployed, config } = answered;
      try {
        const { bucket: Bucket, key } = parseS3Uri(folder);
        const s3 = await this.options.s3Of(deployed, endpoint);
        const Key = `${key}/${fileNameOf(time)}`;
        const Body = together.map(({ text }) => `${text}\n`).join("");
        const { KmsKeyId: SSEKMSKeyId } = config;
        const encryption = SSEKMSKeyId ? ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId } as const) : {};
        await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...encryption }));
      } catch (error) {
        const { message } = error as Error;
        this.options.log(
          `${endpoint.name}: ${together.length} captured request(s) are lost: ${folder}: ${message}`,
        );
      }
    }
  }
}

/** `<prefix>/<endpoint>/<variant>/yyyy/mm/dd/hh`, by the hour of the request. */
function folderOf({ answered: { endpoint, deployed, config }, time }: Line): string {
  const hour = time.toISOString().slice(0, 13).replace(/[-T]/g, "/");
  const prefix = (config.DestinationS3Uri ?? "").replace(/\/+$/, "");
  return [prefix, endpoint.name, deployed.variant.VariantName, hour].join("/");
}

/** As AWS calls them: minute, second and millisecond of the first request, and an id. */
const fileNameOf = (time: Date) =>
  `${time.toISOString().slice(14, 23).replace(/[:.]/g, "-")}-${randomUUID()}.jsonl`;

function lineOf({ config, input, output, ...more }: Answered, time: Date): string {
  const modes = new Set(config.CaptureOptions?.map(({ CaptureMode: mode }) => mode));
  const both = modes.has("InputAndOutput");
  return JSON.stringify({
    captureData: {
      ...((both || modes.has("Input")) && { endpointInput: dataOf(input, "INPUT", config) }),
      ...((both || modes.has("Output")) && { endpointOutput: dataOf(output, "OUTPUT", config) }),
    },
    eventMetadata: {
      eventId: randomUUID(),
      ...(more.customAttributes && { customAttributes: [more.customAttributes] }),
      ...(more.inferenceId && { inferenceId: more.inferenceId }),
      inferenceTime: time.toISOString().replace(/\.\d+/, ""),
    },
    eventVersion: "0",
  });
}

/** In base64 unless its type is among those that are told to be text (API reference, CaptureContentTypeHeader). */
function dataOf({ contentType, body }: Payload, mode: "INPUT" | "OUTPUT", config: DataCaptureConfig) {
  const { CsvContentTypes: csv = [], JsonContentTypes: json = [] } = config.CaptureContentTypeHeader ?? {};
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  const among = (types: string[]) => types.some((each) => each.toLowerCase() === type);
  const encoding = among(csv) ? "CSV" : among(json) ? "JSON" : "BASE64";
  const data = body.toString(encoding === "BASE64" ? "base64" : "utf8");
  return { observedContentType: contentType, mode, data, encoding };
}
