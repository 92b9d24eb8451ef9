import * as pulumi from "@pulumi/pulumi";

/** Of a dynamic provider, which has no functions: the answer is an error, by one that has started. */
const NO_FUNCTION = "pulumi-nodejs:dynamic/sagemaker:start";

let asked: pulumi.Output<object | undefined> | undefined;

/**
 * Has the engine start the process of the provider while the resources that a job needs are looked at: by itself it does so only when
 * the job's own turn has come. It starts one provider after the other, and that of AWS has to go first.
 *
 * @param awsValue what only the AWS provider can tell
 */
export function startProvider(awsValue: pulumi.Input<object | undefined>): pulumi.Output<object | undefined> {
  const ask = (): Promise<object | undefined> =>
    pulumi.runtime.invoke(NO_FUNCTION, {}).catch(() => undefined);
  asked ??= pulumi.output(awsValue).apply(ask);
  return asked;
}
