import assert from "node:assert/strict";
import * as path from "node:path";
import * as ts from "typescript";
import { defaultTagsOf } from "../../../../components/trainingJob/aws/defaultTags";
import { ENDPOINT_NAMES, FOLLOWED, HARMLESS } from "../../../../components/trainingJob/aws/settingKeys";
import { awsSettings } from "../../../../components/trainingJob/aws/settings";

const PACKAGE = path.dirname(require.resolve("@pulumi/aws/package.json"));

/** Names of the members of an interface, or of the exported constants, of a declaration file of @pulumi/aws. */
function declared(file: string, interfaceName?: string): string[] {
  const { readFile } = ts.sys;
  const name = path.join(PACKAGE, file);
  const source = ts.createSourceFile(name, readFile(name) ?? "", ts.ScriptTarget.Latest);
  const names: string[] = [];
  for (const statement of source.statements) {
    if (interfaceName && ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName) {
      names.push(...statement.members.map((member) => (member.name as ts.Identifier).text));
    } else if (!interfaceName && ts.isVariableStatement(statement)) {
      names.push(...statement.declarationList.declarations.map((each) => (each.name as ts.Identifier).text));
    }
  }
  assert.ok(names.length > 4, `${file} declares ${names}`);
  return names;
}

describe("keys of the aws: configuration", () => {
  const known = [...FOLLOWED, ...Object.keys(HARMLESS)];
  const types = {
    "the stack's configuration": declared("config/vars.d.ts"),
    "an aws.Provider": declared("provider.d.ts", "ProviderArgs"),
  };

  for (const [whose, keys] of Object.entries(types)) {
    it(`of ${whose} are all followed, or harmless for a reason`, () => {
      assert.deepEqual(
        keys.filter((key) => !known.includes(key)),
        [],
      );
    });
  }

  it("are all ones that the AWS provider has, each in one list", () => {
    const all = Object.values(types).flat();
    assert.deepEqual(
      known.filter((key) => !all.includes(key)),
      [],
    );
    assert.equal(new Set(known).size, known.length);
  });

  it("that are followed are read, and no others but the older name of one", () => {
    const read = new Set<string>();
    const reader = (key: string) => {
      read.add(key);
      return undefined;
    };
    awsSettings(reader);
    defaultTagsOf(reader);
    assert.deepEqual([...read].sort(), [...FOLLOWED.map((key) => `aws:${key}`), "aws:assumeRole"].sort());
  });

  it("of endpoints are names that the AWS provider has", () => {
    const names = declared("types/input.d.ts", "ProviderEndpoint");
    assert.deepEqual(
      Object.values(ENDPOINT_NAMES)
        .flat()
        .filter((name) => !names.includes(name)),
      [],
    );
  });
});

describe("awsSettings", () => {
  it("refuses all that cannot be followed at once, each by its name", () => {
    const config: Record<string, string> = {
      "aws:accessKey": "AKIA",
      "aws:sharedConfigFiles": '["a", "b"]',
      "aws:sharedCredentialsFiles": '["a", "b"]',
    };
    assert.throws(
      () => awsSettings((key) => config[key]),
      /aws:secretKey.*; aws:sharedConfigFiles may name one file.*; aws:sharedCredentialsFiles may name one/,
    );
  });

  it("names the key whose JSON is none", () => {
    assert.throws(
      () => awsSettings((key) => (key === "aws:assumeRoles" ? "[{" : undefined)),
      /aws:assumeRoles/,
    );
  });

  it("reads the account's number from a plain value too", () => {
    const settings = awsSettings((key) => (key === "aws:allowedAccountIds" ? "[111122223333]" : undefined));
    assert.deepEqual(settings.allowedAccountIds, ["111122223333"]);
  });

  it("takes the certificates of the configuration before those of the environment", () => {
    const before = process.env.AWS_CA_BUNDLE;
    process.env.AWS_CA_BUNDLE = "/of-env.pem";
    try {
      assert.equal(awsSettings(() => undefined).caBundle, "/of-env.pem");
      assert.equal(
        awsSettings((key) => (key === "aws:customCaBundle" ? "/mine.pem" : undefined)).caBundle,
        "/mine.pem",
      );
    } finally {
      delete process.env.AWS_CA_BUNDLE;
      if (before) process.env.AWS_CA_BUNDLE = before;
    }
  });
});
