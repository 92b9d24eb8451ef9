import * as pulumi from "@pulumi/pulumi";

/**
 * Says in one line, before anything is created, that this Node cannot run the program to a good end. Needed are Node 22.17 and later
 * releases of 22, or 24.3 and later. Only from 22.17 and 24.2 on does Node publish the stream of each HTTP/2 request
 * (`http2.server.stream.start`), which is how a running training job learns of ^C: on others ^C waits for the whole training, and
 * `onCancel: stop` stops nothing. On 23.6 to 24.2 the provider's code does not load, and on 20.0 to 20.2 the deployment fails after its
 * job was created.
 *
 * @param version as in `process.versions.node`
 * @throws RunError for any other release
 */
export function checkNodeVersion(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if ((major === 22 && minor >= 17) || (major === 24 && minor >= 3) || major > 24) return;
  throw new pulumi.RunError(
    `Node ${version} cannot run this program: below 22.17 and 24.3, ^C does not reach a running training job. Install Node 24.3 or ` +
      "later (or 22.17 and later of 22) and have it first on PATH, then try again; `npm start` and `npm run local:env` bring their own.",
  );
}
