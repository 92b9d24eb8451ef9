import type { Run } from "../../../commands/compare/parameters";
import { runOf } from "../../../commands/compare/parameters";
import type { ReportData } from "../../../commands/report/data";
import { type Ranking, ranked } from "../../../components/leaderboard";
import type { RunRecord } from "../../../components/trainingJob/record/schema";
import { recordOf, uriOf } from "../compare/runs";

const START = Date.parse("2026-11-24T09:00:00Z");
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();

/** Steps one after the other, from the start: `["Training", 300]`. */
export function timelineOf(...steps: [status: string, seconds: number, message?: string][]) {
  let from = 0;
  return steps.map(([status, seconds, message = ""]) => {
    const step = { status, startTime: at(from), endTime: at(from + seconds), message };
    from += seconds;
    return step;
  });
}

/** Curves that approach their final values, an epoch every `every` seconds from `from` on. */
function curvesOf(metrics: Record<string, [first: number, last: number]>, epochs: number, from: number) {
  const curve = ([first, last]: [number, number]) => ({
    count: epochs,
    points: Array.from({ length: epochs }, (_, index) => {
      const wobble = (((index * 7) % 5) - 2) * 0.012 * Math.abs(last - first);
      const value = last + (first - last) * Math.exp(-index / 2.2) + (index === epochs - 1 ? 0 : wobble);
      return { time: at(from + (index + 1) * 24), epoch: index + 1, value: Number(value.toFixed(4)) };
    }),
  });
  return Object.fromEntries(Object.entries(metrics).map(([name, ends]) => [name, curve(ends)]));
}

const EPOCHS = 12;
const names = ["train_loss", "val_loss", "val_accuracy"];
const spotCost = (trained: number, billed: number) => ({
  basis: "on-demand prices of us-east-1, 2026-11",
  pricePerHour: 1.408,
  worstCase: 5.632,
  actual: Number(((billed * 1.408) / 3600).toFixed(4)),
  onDemand: Number(((trained * 1.408) / 3600).toFixed(4)),
  ec2Idle: 24.144,
  savedPercent: Number(((1 - billed / trained) * 100).toFixed(1)),
});
const inputsOf = (hyperparameters: Record<string, unknown>, more: object = {}) => ({
  hyperparameters: { epochs: EPOCHS, ...hyperparameters },
  algorithmSpecification: { metricDefinitions: names.map((name) => ({ name, regex: `${name}=([0-9.]+)` })) },
  resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1, volumeSizeInGB: 30 },
  enableManagedSpotTraining: true,
  inputDataConfig: [
    { channelName: "train", dataSource: { s3DataSource: { s3Uri: "s3://brains/train/" } } },
    { channelName: "val", dataSource: { s3DataSource: { s3Uri: "s3://brains/val/" } } },
  ],
  ...more,
});
const attempt = (trainingJobName: string, trained: number, billed: number) => ({
  trainingJobName,
  purchaseOption: "spot",
  status: "Completed",
  secondaryStatus: "Completed",
  trainingSeconds: trained,
  billableSeconds: billed,
});

function completed(
  name: string,
  hyperparameters: Record<string, unknown>,
  [trainLoss, valLoss, accuracy]: number[],
  changes: Partial<RunRecord> = {},
): Run {
  const timeline = timelineOf(
    ["Starting", 96, "Preparing the instances for training"],
    ["Downloading", 41, "Downloading the training image"],
    ["Training", 342, "Training image download completed. Training in progress."],
    ["Uploading", 13, "Uploading generated training model"],
    ["Completed", 0, "Training job completed"],
  );
  const ends: Record<string, [number, number]> = {
    train_loss: [1.62, trainLoss],
    val_loss: [1.71, valLoss],
    val_accuracy: [0.22, accuracy],
  };
  const record = recordOf(name, {
    experiment: "densenet121",
    startTime: at(0),
    endTime: at(492),
    inputs: inputsOf(hyperparameters),
    metrics: { train_loss: trainLoss, val_loss: valLoss, val_accuracy: accuracy },
    curves: curvesOf(ends, EPOCHS, 150),
    trainingSeconds: 383,
    billableSeconds: 118,
    cost: spotCost(383, 118),
    timeline,
    attempts: [attempt(name, 383, 118)],
    ...changes,
  });
  return runOf(record, uriOf(name));
}

export const FAILURE = `AlgorithmError: ExecuteUserScriptError:
ExitCode 1
ErrorMessage "ValueError: the loss is not finite in epoch 2, step 21: lower lr (it is 1) or look for broken images"
Command "/opt/conda/bin/python3.11 train.py --batch_size 16 --epochs 12 --lr 1", exit code: 1`;

const [BEST, FALLBACK] = ["densenet121-02229f10", "densenet121-91be04c7-od"];

/** What a few days of trying leave: two that went straight, one interrupted, one that fell back, one that failed, one without metrics. */
export const RUNS: Run[] = [
  completed(BEST, { lr: 0.001, batch_size: 16 }, [0.0412, 0.1034, 0.972222]),
  completed("densenet121-7c31aa90", { lr: 0.01, batch_size: 16 }, [0.3117, 0.5821, 0.805556]),
  completed("densenet121-c40d17aa", { lr: 0.001, batch_size: 32 }, [0.0688, 0.1377, 0.944444], {
    timeline: timelineOf(
      ["Starting", 88, "Preparing the instances for training"],
      ["Downloading", 39, "Downloading the training image"],
      ["Training", 160, "Training in progress."],
      ["Interrupted", 6, "Training job interrupted: the managed spot capacity was reclaimed"],
      ["Starting", 214, "Preparing the instances for training"],
      ["Downloading", 44, "Downloading the training image"],
      ["Training", 231, "Training in progress."],
      ["Uploading", 12, "Uploading generated training model"],
      ["Completed", 0, "Training job completed"],
    ),
    endTime: at(794),
    trainingSeconds: 486,
    billableSeconds: 171,
    cost: spotCost(486, 171),
  }),
  completed(FALLBACK, { lr: 0.003, batch_size: 16 }, [0.0903, 0.2214, 0.916667], {
    attempts: [
      {
        ...attempt("densenet121-91be04c7", 0, 0),
        status: "Stopped",
        secondaryStatus: "MaxWaitTimeExceeded",
        reason: "Training job stopped: no spot capacity came within the max wait time",
      },
      { ...attempt(FALLBACK, 383, 383), purchaseOption: "on-demand" },
    ],
    billableSeconds: 383,
    cost: { ...spotCost(383, 383), savedPercent: 0 },
  }),
  completed("densenet121-e5d0c1b2", { lr: 1, batch_size: 16 }, [0, 0, 0], {
    status: "Failed",
    secondaryStatus: "Failed",
    failureReason: FAILURE,
    modelArtifact: null,
    metrics: {},
    curves: {},
    timeline: timelineOf(
      ["Starting", 92],
      ["Downloading", 40],
      ["Training", 51],
      ["Uploading", 4],
      ["Failed", 0],
    ),
    endTime: at(187),
    trainingSeconds: 91,
    billableSeconds: 30,
    cost: spotCost(91, 30),
  }),
  completed("my-script-5b6e0f11", {}, [0, 0, 0], {
    experiment: "my-script",
    inputs: inputsOf(
      { steps: 400 },
      { resourceConfig: { instanceType: "ml.p5.48xlarge", instanceCount: 2 } },
    ),
    metrics: {},
    curves: {},
    billableSeconds: 383,
    cost: { basis: "no price known for ml.p5.48xlarge in us-east-1" },
  }),
];

export const RANKING: Ranking = { metric: "val_accuracy", direction: "max" };
const CLASSES = [
  "axial_high",
  "axial_low",
  "coronal_back",
  "coronal_front",
  "sagittal_left",
  "sagittal_right",
];

export const DATA: ReportData = {
  title: "densenet121, my-script",
  places: ["the stack dev"],
  now: new Date("2026-11-26T12:00:00Z"),
  local: false,
  runs: ranked(RUNS, RANKING),
  ranking: RANKING,
  best: RUNS[0],
  confusion: {
    classes: CLASSES,
    counts: [
      [6, 0, 0, 0, 0, 0],
      [0, 6, 0, 0, 0, 0],
      [0, 0, 5, 1, 0, 0],
      [0, 0, 0, 6, 0, 0],
      [0, 0, 0, 0, 6, 0],
      [0, 0, 0, 0, 0, 6],
    ],
    epoch: 11,
  },
  services: [
    {
      stack: "dev",
      endpointName: "densenet121-dev",
      modelInService: {
        artifact: `s3://bucket/artifacts/${FALLBACK}/output/model.tar.gz`,
        image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4.0-cpu-py311",
        trainingJobName: FALLBACK,
        metrics: { train_loss: 0.0903, val_loss: 0.2214, val_accuracy: 0.916667 },
      },
    },
  ],
};
