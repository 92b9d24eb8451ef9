import * as pulumi from "@pulumi/pulumi";
import type { SourceFile } from "./sourceFiles";

export interface ScriptFacts {
  entryPoint: string;
  networkIsolation?: boolean;
}

/**
 * What the toolkit in AWS's images (sagemaker-training, entry_point.py and _entry_point_type.py) cannot run. Throws where the job would
 * fail for sure; returns warnings where it may.
 */
export function checkScript(files: SourceFile[], { entryPoint, networkIsolation }: ScriptFacts): string[] {
  const paths = files.map((file) => file.path);
  if (entryPoint.endsWith(".py") && entryPoint.includes("/") && paths.includes("setup.py")) {
    throw new pulumi.RunError(
      `entryPoint ${entryPoint}: with a setup.py beside it, SageMaker installs the source as a package and runs its entry point as a ` +
        "module by its file's name, which cannot be in a folder. Move the script to the root of the source, or leave setup.py out with .sourceignore.",
    );
  }
  const dosFiles = files.filter(hasDosLineEnds).map((file) => file.path);
  if (dosFiles.includes(entryPoint) && !entryPoint.endsWith(".py")) {
    throw new pulumi.RunError(
      `entryPoint ${entryPoint} has Windows line ends (CRLF), with which no shell in the container finds its commands. ` +
        "Save it with LF, and keep it so with a line `*.sh text eol=lf` in .gitattributes.",
    );
  }
  const others = dosFiles.map(
    (file) =>
      `${file} has Windows line ends (CRLF): a shell in the container cannot run it. Save it with LF.`,
  );
  const isolated =
    networkIsolation && paths.includes("requirements.txt")
      ? [
          "requirements.txt with networkIsolation: pip has no network in the container, so the job fails unless the image has all of them.",
        ]
      : [];
  return [...others, ...isolated];
}

/** Whether a script that a shell or the kernel reads has CRLF: Python itself does not mind. */
function hasDosLineEnds({ path, content, executable }: SourceFile): boolean {
  const end = content.indexOf("\n");
  if (end < 1 || content[end - 1] !== 0x0d) return false;
  const interpreted = content.subarray(0, 2).toString() === "#!" && (executable || !path.endsWith(".py"));
  return path.endsWith(".sh") || interpreted;
}
