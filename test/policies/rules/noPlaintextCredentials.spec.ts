import { strict as assert } from "node:assert";
import { noPlaintextCredentials } from "../../../policies/rules/noPlaintextCredentials";
import { dynamicType, tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

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
  "a URL with a password": "postgres://training:hunter2@db.example.com/runs",
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
      ] as const) {
        assertPasses(examine(noPlaintextCredentials, job({ [`environment.${name}`]: value })));
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
