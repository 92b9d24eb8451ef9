import assert from "node:assert/strict";
import { chooseStack, onAws, stackArguments } from "../../commands/stack.ts";
import { SetupError } from "../../local/setupError.ts";

const said = (name: string, message: string) => Object.assign(new Error(message), { name });

describe("a command that follows a run", () => {
  describe("says what AWS refuses, and what to do about it", () => {
    for (const [what, error, next] of [
      [
        "a permission",
        said(
          "AccessDeniedException",
          "User: arn:aws:iam::1:user/me is not authorized to perform: logs:GetLogEvents on resource: arn:x because no identity-based policy allows it",
        ),
        "Next: grant arn:aws:iam::1:user/me logs:GetLogEvents on arn:x.",
      ],
      [
        "one that AWS does not name",
        said("AccessDenied", "Access Denied"),
        "Next: grant your identity s3:GetObject.",
      ],
      [
        "a login that ran out",
        said("ExpiredTokenException", "The security token included in the request is expired"),
        "Next: log in to AWS (such as `aws sso login`), or set AWS_PROFILE.",
      ],
    ] as const) {
      it(what, async () => {
        await assert.rejects(
          onAws("Reading the log", "s3:GetObject", () => Promise.reject(error)),
          new SetupError(`Reading the log failed: ${error.name}: ${error.message}\n${next}`),
        );
      });
    }

    it("and in one line what else AWS says: a trace through the SDK helps nobody", async () => {
      const gone = Object.assign(new Error("Endpoint served of account 1 not found."), {
        name: "ValidationError",
        $metadata: { httpStatusCode: 400 },
      });
      await assert.rejects(
        onAws("Asking served", "sagemaker:InvokeEndpoint", () => Promise.reject(gone)),
        (error: Error) =>
          error.name === "SetupError" &&
          error.message === "Asking served failed: ValidationError: Endpoint served of account 1 not found.",
      );
    });

    it("and nothing of any other fault", async () => {
      const other = said("ValidationException", "no");
      await assert.rejects(
        onAws("Reading the log", "s3:GetObject", () => Promise.reject(other)),
        other,
      );
    });
  });

  it("finds a stack in which nothing has been deployed, whatever the backend says of it", async () => {
    for (const deployment of [null, undefined, {}, { resources: [] }]) {
      const answer = async (_: string, args: string[]) =>
        (args[0] === "config" ? {} : { deployment }) as never;
      const { outputs, jobNames, marks } = await chooseStack("pulumi", "dev", undefined, answer);
      assert.deepEqual({ outputs, jobNames, marks }, { outputs: {}, jobNames: [], marks: [] });
    }
  });

  it("works on the stack local unless told otherwise", () => {
    assert.equal(stackArguments({}, []).stack, "local");
    assert.equal(stackArguments({}, ["--stack", "dev"]).stack, "dev");
  });

  it("refuses what it does not know, in one line", () => {
    assert.throws(
      () => stackArguments({}, ["--folow"]),
      (error: Error) => {
        assert.ok(error instanceof SetupError);
        assert.match(error.message, /'--folow'/);
        return true;
      },
    );
  });
});
