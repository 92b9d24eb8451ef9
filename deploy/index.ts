import { loadDeployConfig } from "../components/deployConfig";
import { ModelEndpoint } from "../components/modelEndpoint";
import { trainedModel } from "../components/trainedModel";

// The model that a training stack hands on, behind an endpoint. A function, as names here depend on what that stack says.
module.exports = async () => {
  const config = loadDeployConfig();
  const { model, bucket } = await trainedModel(config.trainingStack);
  const { endpointName, modelInService, call } = new ModelEndpoint("endpoint", { ...config, model, bucket });
  return { endpointName, modelInService, call };
};
