import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  type DescribeEndpointCommandOutput,
  type ProductionVariant,
} from "@aws-sdk/client-sagemaker";
import { create } from "tar";
import { sha256, signature } from "../../../../local/aws/front/sigv4.ts";
import { bucket, roleArn, type TestAws, until } from "./testAws";

export const servingImage =
  "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4.0-cpu-py311-ubuntu22.04-sagemaker";

/** An inference.py that answers with a word of its own, and does as it is asked. */
export const script = (word: string) => `
import json, os, sys
from sagemaker_inference.errors import BaseInferenceToolkitError

def model_fn(model_dir):
    print("loading ${word}", flush=True)
    return {"word": "${word}", "files": sorted(os.listdir(model_dir))}

def input_fn(body, content_type):
    return json.loads(body)

def predict_fn(data, model):
    if data.get("die"):
        os._exit(3)
    if data.get("refuse"):
        raise BaseInferenceToolkitError(data["refuse"], "no " + model["word"], "refused")
    if data.get("fail"):
        raise ValueError(data["fail"])
    return {**model, "pid": os.getpid(), "data": data, "base": os.environ["SAGEMAKER_BASE_DIR"]}

def output_fn(prediction, accept):
    return json.dumps(prediction), "application/json"
`;

/** The same, which says its process's id and waits for a file before it has loaded the model. */
export const gatedScript = (word: string, gate: string) =>
  script(word).replace(
    "    return {",
    `    print("loading", os.getpid(), flush=True)
    import time
    while not os.path.exists(${JSON.stringify(gate)}): time.sleep(0.05)
    return {`,
  );

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the script answers is the test's own
  json: any;
}

/** Puts a model.tar.gz with these files into the bucket; returns its URI. */
export async function uploadModel(
  aws: TestAws,
  name: string,
  files: Record<string, string>,
): Promise<string> {
  const dir = mkdtempSync(path.join(tmpdir(), "model-"));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), content);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of create({ gzip: true, cwd: dir }, ["."])) chunks.push(chunk as Buffer);
  rmSync(dir, { recursive: true, force: true });
  const Key = `models/${name}/model.tar.gz`;
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.concat(chunks) }));
  return `s3://${bucket}/${Key}`;
}

/** A model whose code is one inference.py. */
export async function createModel(aws: TestAws, ModelName: string, code: string): Promise<void> {
  const ModelDataUrl = await uploadModel(aws, ModelName, {
    "code/inference.py": code,
    "model.pth": "weights",
  });
  await aws.sagemaker.send(
    new CreateModelCommand({
      ModelName,
      ExecutionRoleArn: roleArn,
      PrimaryContainer: { Image: servingImage, ModelDataUrl },
    }),
  );
}

/** A configuration of variants, each by its model; one instance each unless said otherwise. */
export async function createConfig(
  aws: TestAws,
  EndpointConfigName: string,
  variants: Partial<ProductionVariant>[],
): Promise<void> {
  const instances = { InstanceType: "ml.m5.large", InitialInstanceCount: 1 } as const;
  const ProductionVariants = variants.map((variant) => ({
    VariantName: variant.ModelName,
    ...(variant.ServerlessConfig ? {} : instances),
    ...variant,
  }));
  await aws.sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants }));
}

/** An endpoint of one model, with a configuration called like the model. */
export async function createEndpoint(aws: TestAws, EndpointName: string, model: string, code: string) {
  await createModel(aws, model, code);
  await createConfig(aws, model, [{ ModelName: model, VariantName: "AllTraffic" }]);
  await aws.sagemaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName: model }));
}

export const describeEndpoint = (aws: TestAws, EndpointName: string) =>
  aws.sagemaker.send(new DescribeEndpointCommand({ EndpointName }));

/** Waits until the endpoint does not change any more. */
export async function settled(aws: TestAws, name: string): Promise<DescribeEndpointCommandOutput> {
  let last = await describeEndpoint(aws, name);
  await until(`${name} to settle`, async () => {
    last = await describeEndpoint(aws, name);
    return ["InService", "Failed"].includes(last.EndpointStatus ?? "");
  });
  return last;
}

/** InvokeEndpoint as a client without retries sends it. */
export async function invoke(
  aws: TestAws,
  name: string,
  data: unknown,
  more: Record<string, string> = {},
): Promise<Answer> {
  const { endpoint, credentials } = aws.running;
  const url = new URL(`/endpoints/${name}/invocations`, endpoint);
  const body = typeof data === "string" ? data : JSON.stringify(data);
  const date = new Date().toISOString().replace(/[:-]|\.\d+/g, "");
  const signed = { host: url.host, "x-amz-date": date };
  const [region, service] = ["us-east-1", "sagemaker"];
  const signedHeaders = Object.keys(signed);
  const call = { method: "POST", path: url.pathname, query: [], headers: signed, signedHeaders };
  const Signature = signature(
    { ...call, payloadHash: sha256(body), date, region, service },
    credentials.secretAccessKey,
  );
  const scope = [credentials.accessKeyId, date.slice(0, 8), region, service, "aws4_request"].join("/");
  const answer = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      ...more,
      "x-amz-date": date,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders.join(";")}, Signature=${Signature}`,
    },
  });
  const text = await answer.text();
  const { status, headers } = answer;
  return {
    status,
    headers,
    text,
    json: headers.get("content-type")?.includes("json") ? JSON.parse(text) : {},
  };
}
