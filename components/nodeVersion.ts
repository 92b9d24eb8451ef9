import * as pulumi from "@pulumi/pulumi";

/**
 * Says in one line, before anything is created, that this Node cannot run the program to a good end. Needed are Node 22.17 and later
 * releases of 22, and 24.2 and later: only they publish the stream of each HTTP/2 request (`http2.server.stream.start`), which is how a
 * running training job learns of ^C. On others ^C waits for the whole training, and `onCancel: stop` stops nothing; on 20.0 to 20.2 the
 * deployment fails after its job was created. Tried on each of these releases and the ones before them.
 *
 * @param version as in `process.versions.node`
 * @throws RunError for any other release
 */
export function checkNodeVersion(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if ((major === 22 && minor >= 17) || (major === 24 && minor >= 2) || major > 24) return;
  throw new pulumi.RunError(
    `Node ${version} cannot run this program: on it ^C does not reach a running training job. Install Node 24 (or 22.17 and later ` +
      "of 22) and have it first on PATH, then try again; `npm start` and `npm run local:env` bring their own.",
  );
}
