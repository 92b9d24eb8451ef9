/**
 * Python version of AWS's PyTorch training image, by PyTorch version. There is one image each. Source: the SageMaker Python SDK,
 * sagemaker/core/image_uri_config/pytorch.json ("training") of sagemaker-core 2.27.0.
 */
const PUBLISHED: Readonly<Record<string, string>> = {
  "1.8.0": "py36",
  "1.8.1": "py36",
  "1.9.0": "py38",
  "1.9.1": "py38",
  "1.10.0": "py38",
  "1.10.2": "py38",
  "1.11.0": "py38",
  "1.12.0": "py38",
  "1.12.1": "py38",
  "1.13.1": "py39",
  "2.0.0": "py310",
  "2.0.1": "py310",
  "2.1.0": "py310",
  "2.2.0": "py310",
  "2.3.0": "py311",
  "2.4.0": "py311",
  "2.5.1": "py311",
  "2.6.0": "py312",
  "2.7.1": "py312",
  "2.8.0": "py312",
  "2.9.0": "py312",
  "2.10.0": "py313",
};

/** The PyTorch version of the AWS image where none is named. */
export const DEFAULT_PYTORCH = "2.4.0";

/** The Python version of an image, or why there is no such image. */
export type PythonOf = { python: string } | { refused: string; key: "frameworkVersion" | "pythonVersion" };

/**
 * The Python version that goes with a PyTorch version. One that is newer than all of the table is taken as it is given: AWS publishes
 * new images, and then `python` must be named.
 */
export function pythonFor(framework: string, python?: string): PythonOf {
  const published = PUBLISHED[framework];
  if (published !== undefined) {
    return python === undefined || python === published
      ? { python: published }
      : {
          refused: `the image of PyTorch ${framework} has ${published}, not ${python}: leave pythonVersion out`,
          key: "pythonVersion",
        };
  }
  const known = Object.keys(PUBLISHED);
  const newest = known[known.length - 1];
  if (!/^\d+\.\d+\.\d+$/.test(framework) || !isNewer(framework, newest)) {
    const near = known.filter((each) => each.startsWith(framework.split(".").slice(0, 2).join(".")));
    return {
      refused: `AWS has no training image of PyTorch ${framework}; there is ${(near.length > 0 ? near : known.slice(-6)).join(", ")}`,
      key: "frameworkVersion",
    };
  }
  return python === undefined
    ? {
        refused: `PyTorch ${framework} is newer than this program's list of images: name its pythonVersion, such as py313`,
        key: "frameworkVersion",
      }
    : { python };
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split(".").map(Number));
  const different = a.findIndex((part, index) => part !== b[index]);
  return different >= 0 && a[different] > b[different];
}
