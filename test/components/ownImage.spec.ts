import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "../../components/config";
import { Experiment } from "../../components/experiment";
import { ImageRepository } from "../../components/imageRepository";
import { IMAGE, JOB, jobOf, KEY, runExperiment } from "./support/experimentProgram";
import { IMAGE_DIGEST, inputsOf, runProgram, settled } from "./support/program";

const DOCKERFILE = "docker/Dockerfile";
const REGISTRY = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const REPOSITORY = "aws:ecr/repository:Repository";
const BUILD = "docker-build:index:Image";

describe("an image of one's own", () => {
  const environment = { ...process.env };
  beforeEach(() => {
    delete process.env.AWS_ENDPOINT_URL;
    delete process.env.AWS_ENDPOINT_URL_ECR;
  });
  afterEach(() => {
    Object.assign(process.env, environment); // a copy in its place would no longer be what the system reads
  });

  it("is built on the AWS image of the configuration, pushed, and trains by its digest", async () => {
    const program = await runExperiment({ dockerfile: DOCKERFILE });
    const build = inputsOf(program, BUILD, "dense-image-build");
    const { context, dockerfile, tags, registries, ...others } = build as Record<string, never>;
    assert.deepEqual(others, {
      buildArgs: { BASE_IMAGE: IMAGE },
      platforms: ["linux/amd64"],
      buildOnPreview: false,
      push: false,
      exports: [{ raw: "type=registry,oci-mediatypes=false" }],
    });
    const { location } = context as { location: string };
    assert.deepEqual(dockerfile, { location: `${location}/Dockerfile` });
    const [tag, ...more] = tags as string[];
    assert.match(tag, new RegExp(`^${REGISTRY}/dense-images-repository-1a2b:[0-9a-f]{16}$`));
    assert.deepEqual(more, []);
    const image = `${REGISTRY}/dense-images-repository-1a2b@${IMAGE_DIGEST}`;
    assert.deepEqual(jobOf(program).algorithmSpecification, {
      trainingImage: image,
      trainingInputMode: "File",
    });
    assert.equal(await settled(program.result.image.uri), image);
    const lookup = program.calls.find(({ token }) => token.includes("getPrebuiltEcrImage"));
    assert.equal(lookup?.inputs.imageTag, "2.4.0-gpu-py311");
  });

  it("logs in at the stack's registry and at AWS's, with a secret token", async () => {
    const program = await runExperiment({ dockerfile: DOCKERFILE });
    const { registries } = inputsOf(program, BUILD, "dense-image-build");
    const secret = registries as Record<string, unknown>;
    assert.equal(secret[pulumi.runtime.specialSigKey], pulumi.runtime.specialSecretSig);
    const logins = secret.value as Record<string, unknown>[];
    assert.deepEqual(logins, [
      { address: REGISTRY, username: "AWS", password: "token" },
      { address: IMAGE.split("/")[0], username: "AWS", password: "token" },
    ]);
  });

  it("has another tag with another base", async () => {
    const tagsOn = async (registryPath: string) => {
      const config = { train: "s3://data/train", val: "s3://data/val/", dockerfile: DOCKERFILE };
      const program = await runProgram(() => new Experiment("dense", parseConfig(config)), {
        lookups: {
          "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath },
          "aws:ecr/getAuthorizationToken:getAuthorizationToken": { userName: "AWS", password: "token" },
        },
      });
      return inputsOf(program, BUILD, "dense-image-build").tags;
    };
    const first = await tagsOn(IMAGE);
    assert.deepEqual(await tagsOn(IMAGE), first);
    assert.notDeepEqual(await tagsOn(IMAGE.replace("2.4.0", "2.5.1")), first);
  });

  it("lies in a repository that is scanned, encrypted, never overwritten, and kept short", async () => {
    const program = await runExperiment({ dockerfile: DOCKERFILE, tags: { team: "imaging" } });
    assert.deepEqual(inputsOf(program, REPOSITORY, "dense-images-repository"), {
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      imageScanningConfiguration: { scanOnPush: true },
      imageTagMutability: "IMMUTABLE",
      forceDelete: false,
      tags: { team: "imaging" },
    });
    const policy = inputsOf(program, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "dense-images-lifecycle");
    assert.equal(policy.repository, "dense-images-repository-1a2b");
    const { rules } = JSON.parse(String(policy.policy));
    assert.deepEqual(
      rules.map(({ selection }: { selection: object }) => selection),
      [
        { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
        { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 50 },
      ],
    );
  });

  it("has a name that ECR takes, also where the experiment's has hyphens in a row", async () => {
    const { resources } = await runProgram(() => new ImageRepository("My--net-images"));
    const { name } = resources.find(({ type }) => type === REPOSITORY) ?? {};
    // API reference, CreateRepository, repositoryName.
    assert.match(String(name), /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/);
  });

  it("stays when the stack goes, and goes with it on request", async () => {
    const retained = async (changes: object) => {
      const { resources } = await runExperiment({ dockerfile: DOCKERFILE, ...changes });
      return [REPOSITORY, BUILD].map((type) => resources.find((each) => each.type === type)?.retainOnDelete);
    };
    assert.deepEqual(await retained({}), [true, true]);
    assert.deepEqual(await retained({ deletePolicy: "delete" }), [false, true]);
    const program = await runExperiment({ dockerfile: DOCKERFILE, deletePolicy: "delete", kmsKeyArn: KEY });
    const repository = inputsOf(program, REPOSITORY, "dense-images-repository");
    assert.equal(repository.forceDelete, true);
    assert.deepEqual(repository.encryptionConfigurations, [{ encryptionType: "KMS", kmsKey: KEY }]);
  });

  it("may be pulled by the role, which does not wait for it", async () => {
    const program = await runExperiment({ dockerfile: DOCKERFILE });
    const role = program.resources.find(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.ok(String(role?.inputs.policy).includes(":repository/dense-images-repository-1a2b"));
    assert.ok(!role?.dependencies.includes("dense-image-build"), `${role?.dependencies}`);
    const job = program.resources.find(({ type }) => type === JOB);
    assert.ok(job?.dependencies.includes("dense-image-build"), `${job?.dependencies}`);
  });

  for (const endpoint of ["http://127.0.0.1:4566", "nonsense"]) {
    it(`is refused where ECR is ${endpoint}, with what to do`, async () => {
      process.env.AWS_ENDPOINT_URL = endpoint;
      await assert.rejects(
        runExperiment({ dockerfile: DOCKERFILE }),
        /^Error: training:dockerfile: the AWS at .* has no registry .* only images named pytorch-training.* Leave the key out in this stack/,
      );
    });
  }

  it("is built behind an endpoint of AWS's own", async () => {
    process.env.AWS_ENDPOINT_URL_ECR = "https://vpce-1.api.ecr.us-east-1.vpce.amazonaws.com";
    await runExperiment({ dockerfile: DOCKERFILE });
  });

  for (const [key, more] of [
    ["imageUri", { imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:b" }],
    ["imageRepository", { imageRepository: "ours", imageTag: "v1" }],
  ] as const) {
    it(`is refused beside ${key}`, () => {
      assert.throws(
        () => parseConfig({ train: "s3://a/b", val: "s3://a/c", dockerfile: DOCKERFILE, ...more }),
        new RegExp(`training:dockerfile: has no effect beside training:${key}: leave one of them out`),
      );
    });
  }
});
