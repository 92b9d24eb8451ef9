import { type Properties, valueAt } from "../lib/properties";

/** Where the resources that start training differ in how they name what CreateTrainingJob takes. */
export interface Dialect {
  hyperparameters: string;
  /** Lists of instances that the job may run on, one of them. */
  instanceLists: string[];
  /** Path of the map that holds the instance type, count and volume. */
  resources: (properties: Properties) => string;
}

/** This project's TrainingJob, which speaks the API's own names. */
export const dynamicJob: Dialect = {
  hyperparameters: "hyperparameters",
  instanceLists: [],
  resources: () => "resourceConfig",
};

/** aws.sagemaker.TrainingJob. */
export const nativeJob: Dialect = {
  ...dynamicJob,
  hyperparameters: "hyperParameters",
};

/** A training definition of aws.sagemaker.HyperParameterTuningJob. */
export const tuningDefinition: Dialect = {
  hyperparameters: "staticHyperParameters",
  instanceLists: ["hyperParameterTuningResourceConfig.instanceConfigs"],
  resources: (properties) =>
    valueAt(properties, "hyperParameterTuningResourceConfig") === undefined
      ? "resourceConfig"
      : "hyperParameterTuningResourceConfig",
};
