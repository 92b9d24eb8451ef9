import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { apiShape, propertiesOf, propertyOf, ROOT } from "../../../../components/trainingJob/model/apiModel";
import { toRequest } from "../../../../components/trainingJob/request/request";
import { cacheDir } from "../../../../local/paths.ts";
import { environmentPrefix } from "../../../../local/python/environment.ts";
import { training } from "../../../../local/python/python.ts";
import { inputsWith, UNKNOWN } from "../check/cases/builders";
import { modelCases } from "../check/cases/modelCases";
import { validCompute } from "../check/cases/validCompute";
import { validData } from "../check/cases/validData";
import { validOther } from "../check/cases/validOther";
import { validScript } from "../check/cases/validScript";

const folder = path.resolve(__dirname, "../../../../components/trainingJob/model");
const table = path.join(folder, "apiModel.generated.json");
const script = path.join(folder, "generate_api_model.py");

/** What botocore itself says about requests: for each, nothing or its complaint. */
const VALIDATE = `
import botocore.session, json, sys
from botocore.validate import ParamValidator
shape = botocore.session.get_session().get_service_model("sagemaker").operation_model("CreateTrainingJob").input_shape
print(json.dumps([ParamValidator().validate(r, shape).generate_report() for r in json.load(sys.stdin)]))
`;

describe("apiModel", () => {
  it("names properties as the API does, in camelCase", () => {
    const names = ["S3Uri", "VolumeSizeInGB", "KmsKeyId", "HyperParameters", "MlflowConfig"].map(propertyOf);
    assert.deepEqual(names, ["s3Uri", "volumeSizeInGB", "kmsKeyId", "hyperparameters", "mlflowConfig"]);
    assert.equal(propertiesOf(apiShape("ResourceConfig")).has("selectedInstanceType"), false);
    assert.equal(propertiesOf(apiShape(ROOT)).size, Object.keys(apiShape(ROOT).members ?? {}).length);
  });

  describe("beside botocore", () => {
    let python: string;

    before(function () {
      const found = trainingPython();
      if (!found) {
        console.warn(
          "      SKIPPED: no Python training environment, so the API's model was NOT compared with botocore's.",
        );
        return this.skip();
      }
      python = found;
    });

    it("is what the generator makes of today's model", function () {
      this.timeout(60_000);
      const today = JSON.parse(execFileSync(python, [script], { encoding: "utf8" }));
      const committed = JSON.parse(readFileSync(table, "utf8"));
      assert.deepEqual(
        committed.shapes,
        today.shapes,
        `CreateTrainingJob changed from ${committed.source} to ${today.source}: run ${path.basename(script)} again and look at the difference`,
      );
    });

    it("makes requests that botocore accepts", function () {
      this.timeout(60_000);
      const requests = acceptedRequests();
      const input = JSON.stringify(requests);
      const complaints: string[] = JSON.parse(
        execFileSync(python, ["-c", VALIDATE], { encoding: "utf8", input }),
      );
      assert.ok(requests.length > 200);
      assert.deepEqual(complaints.filter(Boolean), []);
    });
  });
});

/** The requests of all accepted cases in which everything is known. */
function acceptedRequests(): unknown[] {
  const tables = [...validCompute, ...validData, ...validScript, ...validOther].map(([, change]) =>
    inputsWith(change),
  );
  const generated = modelCases()
    .filter(({ refused }) => !refused)
    .map(({ inputs }) => inputs);
  return [...tables, ...generated]
    .filter((inputs) => !JSON.stringify(inputs).includes(UNKNOWN))
    .map((inputs) =>
      toRequest(checkInputs(inputs).inputs, "retina-1a2b3c4d", { team: "x" }, { region: "us-east-1" }),
    );
}

/** The Python of the training environment, if this machine has it. */
function trainingPython(): string | undefined {
  const prefix = environmentPrefix(training);
  const dir = existsSync(cacheDir)
    ? readdirSync(cacheDir).find((name) => name.startsWith(prefix))
    : undefined;
  return dir && path.join(cacheDir, dir, "bin/python");
}
