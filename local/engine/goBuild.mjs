/** How the Pulumi CLI and its language host are compiled: for the set-up before any package is there, and for the one after it. */
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const version = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

export const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
/**
 * Not called `pulumi-language-nodejs`, which an engine takes from beside itself: it is to start it by its launcher, from the plugin home, which
 * puts the checkout's Node on PATH.
 */
export const hostPackage = "./languageHost";

const pulumi = "github.com/pulumi/pulumi";
/** Where the CLI spends its time in an update, and in what goes over the wire. */
const hot = [
  ...["std", "golang.org/x/net/...", "google.golang.org/grpc/...", "google.golang.org/protobuf/..."],
  ...["backend", "engine", "graph", "resource", "secrets"].map((each) => `${pulumi}/pkg/v3/${each}/...`),
  ...[`${pulumi}/sdk/v3/...`, "github.com/segmentio/..."],
  // Both make the same code of the derivation of a key from a passphrase, and the linker takes either.
  ...["golang.org/x/crypto/pbkdf2", "github.com/go-jose/go-jose/v4"],
];

/**
 * What makes the compiler do less, by what it was seen to save. None of it changes what the CLI does, but that `pulumi api` fails.
 *
 * Nobody debugs this binary (`-dwarf=false`). Code is optimized, and calls are inlined, only where it is hot: that costs more than half of a
 * package's compilation, and most packages are clients of clouds, and generators of code, that the local stack never asks. Google's storage
 * client leaves out its way around the public network (`disable_grpc_modules`), which is a tenth of all packages. What `pulumi api` alone
 * needs, which go.mod replaces, is a fifth of all work.
 */
export const quickly = [
  "-tags=disable_grpc_modules",
  "-gcflags=all=-dwarf=false -l -N",
  ...hot.map((each) => `-gcflags=${each}=-dwarf=false`), // the last pattern that fits a package counts
];

/**
 * No collecting of garbage, which a compiler that lives for seconds does not need, up to a limit that leaves half of the memory alone: Go runs as
 * many compilers as there are cores, and itself. None needs more than 1 GiB; with less than 256 MiB they would collect all the time.
 */
function noCollections() {
  const memory = Math.min(os.totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY); // of the machine, or of the container
  const each = Math.floor(memory / 2 ** 21 / (os.availableParallelism() + 1));
  return { GOGC: "off", GOMEMLIMIT: `${Math.max(256, Math.min(1024, each))}MiB` };
}

/**
 * Compiles packages of this folder's module: each into a program with the last part of its name.
 *
 * @param cliVersion what `pulumi version`, and every check of versions, is to know, such as `3.259.0`
 * @param into a folder; without it, all that is kept is what Go itself keeps
 */
export function goBuild(packages, cliVersion, into) {
  const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", ...quickly];
  const linked = into ? ["-ldflags", `-s -w -X ${version}=v${cliVersion}`, "-o", into + path.sep] : [];
  return {
    args: ["build", ...flags, ...linked, ...packages],
    env: {
      ...process.env,
      ...(process.env.GOGC || process.env.GOMEMLIMIT ? {} : noCollections()),
      // For this machine, and from this module alone, whatever the shell is set up for. Without cgo the CLI needs no C compiler, and one that is
      // found does not change what is built.
      ...{ GOOS: undefined, GOARCH: undefined, GOWORK: "off", CGO_ENABLED: "0" },
    },
    cwd: path.dirname(fileURLToPath(import.meta.url)), // not `dirname`: Node 20 has it from 20.11 on
  };
}
