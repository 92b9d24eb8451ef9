import assert from "node:assert/strict";
import { fromApi, toApi } from "../../../local/provider/apiNames.ts";

const names = { VolumeSizeInGB: "volumeSizeInGb", ID: "id", RoutingConfig: "routingConfigs[]" };
const pulumi = {
  id: "x",
  resource: { volumeSizeInGb: 30, s3Uri: "s3://b" },
  routingConfigs: [{ routingStrategy: "RANDOM" }],
  list: [{ name: "n" }, "text"],
  environment: { lower_case: "1", Upper: "2" },
};
const api = {
  ID: "x",
  Resource: { VolumeSizeInGB: 30, S3Uri: "s3://b" },
  RoutingConfig: { RoutingStrategy: "RANDOM" },
  List: [{ Name: "n" }, "text"],
  Environment: { lower_case: "1", Upper: "2" },
};

describe("API names", () => {
  it("renames to the API's, and leaves the user's own keys alone", () => {
    assert.deepEqual(toApi(pulumi, names), api);
  });

  it("renames back", () => {
    assert.deepEqual(fromApi(api, names), pulumi);
  });

  it("drops what is absent and writes times as text", () => {
    assert.deepEqual(fromApi({ Date: new Date(0), Gone: undefined }), { date: "1970-01-01T00:00:00Z" });
    assert.deepEqual(fromApi(undefined), {});
  });
});
