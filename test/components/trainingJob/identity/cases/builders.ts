import { type Inputs, s3Channel } from "../../check/cases/builders";

/** Two ways to write a training: the plain one with these changes, and with the others, or with none. */
export type Pair = [title: string, one: Inputs, other?: Inputs];

export const IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
export const OTHER_IMAGE = IMAGE.replace("2.4.0", "2.5.1");
export const MACHINE = { instanceType: "ml.g5.xlarge" };
export const OUTPUT = { s3OutputPath: "s3://bucket/artifacts" };
export const SOURCE = "s3://bucket/code/0123456789abcdef/sourcedir.tar.gz";
export const PLAIN = { sourceUri: undefined, entryPoint: undefined };
export const SPOT = { spot: { maxWait: "2h" } };
export const data = (changes: Inputs = {}, source: Inputs = {}) => ({
  inputDataConfig: [s3Channel(changes, source)],
});
export const image = (changes: Inputs) => ({ algorithmSpecification: { trainingImage: IMAGE, ...changes } });
export const machine = (changes: Inputs) => ({ resourceConfig: { ...MACHINE, ...changes } });
export const output = (changes: Inputs) => ({ outputDataConfig: { ...OUTPUT, ...changes } });
export const lr = (value: unknown) => ({ hyperparameters: { lr: value } });
export const isolated = { enableNetworkIsolation: true };
