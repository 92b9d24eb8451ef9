import { strict as assert } from "node:assert";
import { noPlaintextCredentials } from "../../../policies/rules/noPlaintextCredentials";
import { dynamicType, tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kindOf, kinds, unknown } from "../support/jobs";

/** Made up, and put together here so that no scanner takes them for real ones. */
const tokens = {
  "an AWS access key": `AK${"IA"}ABCDEFGHIJKLMNOP`,
  "a GitHub token": `gh${"p_"}${"a1B2".repeat(9)}`,
  "a GitLab token": `gl${"pat-"}${"a1B2".repeat(5)}`,
  "a Hugging Face token": `h${"f_"}${"aBcD".repeat(9)}`,
  "a secret key of an AI service": `s${"k-"}proj-${"aB3_".repeat(8)}`,
  "a Slack token": `xo${"xb-"}12345678901-abcdef`,
  "a Google API key": `AI${"za"}${"aB3-_".repeat(7)}`,
  "a Stripe key": `sk_${"live_"}${"aB3d".repeat(6)}`,
  "an npm token": `np${"m_"}${"aB3d".repeat(9)}`,
  "a PyPI token": `pyp${"i-"}${"aB3d-".repeat(12)}`,
  "a Pulumi access token": `pu${"l-"}${"0a1b2".repeat(8)}`,
  "a Databricks token": `da${"pi"}${"0a1b".repeat(8)}`,
  "a JSON web token": `ey${"J"}hbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl`,
  "a private key": `-----BEGIN RSA ${"PRIVATE"} KEY-----`,
  "an NVIDIA API key": `nv${"api-"}${"aB3d_".repeat(8)}`,
  "a SendGrid key": `S${"G."}${"aB3d".repeat(6)}.${"aB3d".repeat(11)}`,
  "a webhook of Slack": `https://hooks.slack.com/serv${"ices/"}T0A1B2C3D/B0A1B2C3D/${"aB3d".repeat(6)}`,
  "a webhook of Discord": `https://discord.com/api/web${"hooks/"}123456789012345678/${"aB3d_".repeat(13)}`,
  "a signed URL": `https://a.blob.core.windows.net/c?sv=2020-08-04&s${"ig="}${"aB3d".repeat(10)}%3D`,
  "a URL with a password": "postgres://training:hunter2@db.example.com/runs",
};

/** Credentials under names that do not say so at once. Made up, and put together here as those above. */
const unnamed: Record<string, string> = {
  DB_PASS: "hunter2",
  MYSQL_PWD: "hunter2",
  AWS_KEY: `wJalrXUtnFEMI/K7MDENG${"/"}bPxRfiCYEXAMPLEKEY`,
  NOTE: `wJalrXUtnFEMI/K7MDENG${"/"}bPxRfiCYEXAMPLEKEY`,
  OPENAI_KEY: "3f9A0c7Qx2LmT81kPz6V",
  SSH_KEY: `-----BEGIN OPENSSH ${"PRIVATE"} KEY-----`,
  AUTH_HEADER: `Basic ${Buffer.from("training:hunter2").toString("base64")}`,
  AUTHORIZATION: `Bearer ${"a1B2c3D4".repeat(3)}`,
  DB_CONNECTION: "Server=x;Password=hunter2;",
  DB_PW: "hunter2horse",
  STORAGE: `DefaultEndpointsProtocol=https;AccountName=x;Account${"Key="}${Buffer.from("a storage key that nobody has ever used, 64 bytes of it as it is").toString("base64")};EndpointSuffix=core.windows.net`,
  COMMAND: "export DB_PASSWORD=hunter2; python train.py",
  OPTIONS: "--epochs 3 --db-password hunter2horse",
  ENDPOINT: `https://tracker.example.com/log?api${"_key="}abcdefgh12345678`,
  VAULT: `hv${"s."}CAESIJ3fX0pQ2mVb8kT9wLrY`,
  WANDB: `local-${"0a1b2c3d4e".repeat(4)}`,
  SENTRY_DSN: `https://${"0a1b2c3d".repeat(4)}@o1.ingest.sentry.io/1`,
};

/** Settings with names or forms near those of credentials. */
const harmless: Record<string, string> = {
  PRIMARY_KEY: "patient_id",
  SORT_KEY: "created_at_2026",
  KEY: "train/images",
  S3_KEY: "data/train/part-00001.csv",
  MAX_CONNECTIONS: "16",
  COMPASS: "north",
  BYPASS: "true",
  AUTHOR: "Ada Lovelace",
  PASSES: "3",
  COMMIT: "0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e0a1b2c3d4e",
  IMAGE_DIGEST: `sha256:${"0123456789abcdef".repeat(4)}`,
  DATA_KEY_ID: "1234abcd-12ab-34cd-56ef-1234567890ab",
  OUTPUT_PATH: "s3://artifacts/Experiments/2026/DenseNet121/run1",
  AUTH_MODE: "Basic authentication",
  GOOGLE_APPLICATION_CREDENTIALS: "/opt/ml/input/data/access/gcp.json",
  SHELL_COMMAND:
    "export DB_PASSWORD=$(cat /run/password); python train.py --password $DB_PASSWORD --no-password-check",
  TOKENS: "--max_token=512 --pad-token <pad> --use-auth-token True --secret-arn arn:aws:secretsmanager:x",
  SETTINGS: '{"max_token": 512, "secret_arn": "arn:aws:secretsmanager:x", "layers": [64, 32]}',
  QUERY: "select a from b where key=12 and token=3",
};

describe("no-plaintext-credentials", () => {
  forEvery(kinds, ({ job, type }) => {
    const hyperparameters =
      type === dynamicType
        ? "hyperparameters"
        : type === tuningType
          ? "staticHyperParameters"
          : "hyperParameters";

    it("passes ordinary settings", () => {
      assertPasses(examine(noPlaintextCredentials, job()));
    });

    for (const [kind, token] of Object.entries(tokens)) {
      it(`finds ${kind} under any name, and does not print it`, () => {
        const verdict = examine(noPlaintextCredentials, job({ "environment.NOTE": `use ${token}` }));
        assertRefuses(
          verdict,
          `holds ${kind} in environment.NOTE`,
          "SageMaker shows the value",
          "Secrets Manager",
        );
        assert.ok(!verdict.violations[0]?.includes(token));
      });
    }

    it("finds a credential by its name, in any spelling", () => {
      for (const name of ["DB_PASSWORD", "dbPassword", "db-password", "api_key", "APIKEY", "clientSecret"]) {
        assertRefuses(
          examine(noPlaintextCredentials, job({ [`hyperparameters.${name}`]: "tr0ub4dor" })),
          `holds a credential, by its name, in ${hyperparameters}.${name}`,
        );
      }
    });

    for (const [name, value] of Object.entries(unnamed)) {
      it(`finds a credential in ${name}`, () => {
        const verdict = examine(noPlaintextCredentials, job({ [`environment.${name}`]: value }));
        assertRefuses(verdict, `in environment.${name}`);
        assert.ok(!verdict.violations[0]?.includes(value));
      });
    }

    it("takes a small number for no credential, whatever it is called", () => {
      const counts = { first_pass: "1", num_secret_tokens: "12.5", pass: 2 };
      assertPasses(examine(noPlaintextCredentials, job({ environment: counts })));
      assertRefuses(examine(noPlaintextCredentials, job({ environment: { pass: "123456" } })), "pass");
    });

    it("has nothing against settings that look like credentials and are none", () => {
      assertPasses(examine(noPlaintextCredentials, job({ environment: harmless })));
    });

    it("looks at every map and list of the request with words of the user's own", () => {
      const credential = { DB_PASSWORD: "tr0ub4dor" };
      for (const [path, value, where] of [
        ["debugRuleConfigurations", [{ ruleParameters: credential }], "0.ruleParameters.DB_PASSWORD"],
        ["profilerRuleConfigurations", [{}, { ruleParameters: credential }], "1.ruleParameters.DB_PASSWORD"],
        ["debugHookConfig.hookParameters", credential, "DB_PASSWORD"],
        [
          "debugHookConfig.collectionConfigurations",
          [{ collectionParameters: credential }],
          "0.collectionParameters.DB_PASSWORD",
        ],
        ["profilerConfig.profilingParameters", credential, "DB_PASSWORD"],
        ["algorithmSpecification.containerArguments", ["--epochs", "4", "--password", "hunter2"], "3"],
        ["algorithmSpecification.containerEntrypoint", ["train", "--db-password=hunter2"], "1"],
      ] as const) {
        assertRefuses(examine(noPlaintextCredentials, job({ [path]: value })), `in ${path}.${where}`);
      }
    });

    it("is not kept from it by parts of a rule that are not known yet", () => {
      const waiting = job({
        debugRuleConfigurations: [{ s3OutputPath: unknown.text, ruleParameters: { level: "1" } }],
        "debugHookConfig.s3OutputPath": unknown.text,
        "algorithmSpecification.trainingImage": unknown.text,
      });
      assertPasses(examine(noPlaintextCredentials, waiting));
    });

    it("tells a secret token from the tokens of a language model", () => {
      const secret = "a1b2c3d4e5f6a7b8";
      assertRefuses(
        examine(noPlaintextCredentials, job({ "environment.WANDB_TOKEN": secret })),
        "WANDB_TOKEN",
      );
      for (const settings of [
        { pad_token: "<|endoftext|>" },
        { eos_token: "</s>" },
        { max_tokens: "512" },
        { token: 7 },
      ]) {
        assertPasses(examine(noPlaintextCredentials, job({ hyperparameters: settings })));
      }
    });

    it("takes where a credential is kept for what it is", () => {
      for (const [name, value] of [
        ["DB_PASSWORD", "arn:aws:secretsmanager:us-east-1:123456789012:secret:db"],
        ["DB_PASSWORD", ""],
        ["SECRET_NAME", "training/db"],
        ["passwordFile", "/run/secrets/db"],
        ["SECRET_ID", "0f8fad5b-d9cb-469f-a165-70867728950e"],
      ] as const) {
        assertPasses(examine(noPlaintextCredentials, job({ [`environment.${name}`]: value })));
      }
    });

    it("does not take a name for it where the value is a password all the same", () => {
      for (const [name, value] of [
        ["DB_PASSWORD_FILE", "tr0ub4dor&3"],
        ["SECRET_ID", "x7Gk29LqPz4mW8vB"],
        ["SECRET_ARN", "tr0ub4dor"],
      ] as const) {
        assertRefuses(examine(noPlaintextCredentials, job({ [`environment.${name}`]: value })), name);
      }
    });

    it("looks at tags and container arguments", () => {
      const token = tokens["a GitHub token"];
      assertRefuses(examine(noPlaintextCredentials, job({ "tags.note": token })), "in tags.note");
      assertRefuses(
        examine(
          noPlaintextCredentials,
          job({ "algorithmSpecification.containerArguments": ["--token", token] }),
        ),
        "in algorithmSpecification.containerArguments.1",
      );
    });

    it("leaves an allowed name alone", () => {
      const settings = job({ "environment.SECRET_SAUCE": "ketchup" });
      assertRefuses(examine(noPlaintextCredentials, settings), "SECRET_SAUCE");
      assertPasses(examine(noPlaintextCredentials, settings, { allowedNames: ["SECRET_*"] }));
    });

    it("takes the configured names", () => {
      const settings = job({ "environment.PIN": "0000" });
      assertPasses(examine(noPlaintextCredentials, settings));
      assertRefuses(
        examine(noPlaintextCredentials, settings, { credentialNames: ["pin"] }),
        "environment.PIN",
      );
    });

    it("reports what it saw, and says what it could not see", () => {
      const verdict = examine(
        noPlaintextCredentials,
        job({
          environment: { A: unknown.text, B: tokens["a GitHub token"] },
          hyperparameters: unknown.object,
        }),
      );
      assert.equal(verdict.violations.length, 1);
      assert.match(verdict.unseen ?? "", /environment\.A are not known yet/);
      assert.ok(verdict.unseen?.includes(hyperparameters));
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(noPlaintextCredentials, job({ "environment.A": unknown.text })), "environment.A");
    });
  });

  it("looks at the ranges of a tuning job, by the name beside the values", () => {
    const { job } = kindOf(tuningType);
    const ranges = (name: string) => ({ categoricalParameterRanges: [{ name, values: ["hunter2"] }] });
    for (const path of ["config.parameterRanges", "hyperParameterRanges"]) {
      assertPasses(examine(noPlaintextCredentials, job({ [path]: ranges("optimizer") })));
      assertRefuses(
        examine(noPlaintextCredentials, job({ [path]: ranges("db_password") })),
        `in ${path}.categoricalParameterRanges.0.values.0`,
      );
    }
  });

  // A request has texts only: what has an inside is written as JSON.
  it("looks into texts that are JSON", () => {
    for (const { job } of kinds) {
      const name = "environment.CONFIG";
      const config = JSON.stringify({ tracker: { auth: { password: "tr0ub4dor" } } });
      assertRefuses(
        examine(noPlaintextCredentials, job({ [name]: config })),
        `in ${name}.tracker.auth.password`,
      );
      const list = JSON.stringify([{ name: "api_key", value: "abcdefgh12345678" }]);
      assertRefuses(examine(noPlaintextCredentials, job({ [name]: list })), `in ${name}.0.value`);
    }
  });

  it("looks into command lines, and at options with dots", () => {
    const [dynamicJob] = kinds;
    const args = (...list: string[]) =>
      examine(
        noPlaintextCredentials,
        dynamicJob?.job({ "algorithmSpecification.containerArguments": list }) as never,
      );
    assertRefuses(args("-c", "train --password hunter2horse"), "containerArguments.1");
    assertRefuses(args("--db.password", "hunter2horse"), "containerArguments.1");
    assertRefuses(args("--db.password=hunter2horse"), "containerArguments.0");
    assertPasses(args("-c", "train --password $PASSWORD --epochs 3"));
  });

  it("looks into the hyperparameters that are objects", () => {
    const [dynamicJob] = kinds;
    const verdict = examine(
      noPlaintextCredentials,
      dynamicJob?.job({
        "hyperparameters.tracker": { hosts: ["a"], auth: { password: "tr0ub4dor" } },
      }) as never,
    );
    assertRefuses(verdict, "in hyperparameters.tracker.auth.password");
  });
});
