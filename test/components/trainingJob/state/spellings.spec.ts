import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import { spellings } from "../../../../components/trainingJob/state/spellings";

/** Texts with everything that somebody escapes. */
const SECRETS = [
  "hunter2-token",
  "pässwort",
  'it\'s "quoted"',
  "back\\slash\\\\twice",
  "a b+c/d=e&f?g#h%i",
  "emoji 😀 and 鍵",
  "tab\there",
  "$HOME `id` !x (y) [z] {w} ^*|~;<>",
  "line one\nline two",
  "7351",
  "\u001b[31mred\u007f",
];

const json = JSON.stringify;
const WAYS: Record<string, (text: string) => string> = {
  "as it is": (text) => text,
  "JSON.stringify": json,
  "JSON in JSON": (text) => json(json({ token: text })),
  "JSON in JSON in JSON": (text) => json(json(json(text))),
  encodeURIComponent,
  "encodeURIComponent twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  URLSearchParams: (text) => new URLSearchParams({ token: text }).toString(),
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 after one byte": (text) => Buffer.from(`u${text}`).toString("base64"),
  "base64 after two bytes, with more behind": (text) => Buffer.from(`u:${text}\nmore`).toString("base64"),
  "base64url in JSON": (text) =>
    Buffer.from(json({ token: text.replace(/["\\\p{Cc}]/gu, "") })).toString("base64url"),
  hex: (text) => Buffer.from(text).toString("hex"),
  HEX: (text) => Buffer.from(text).toString("hex").toUpperCase(),
  XML: (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  "a shell's single quotes": (text) => `'${text.replaceAll("'", "'\\''")}'`,
};

/** What Python makes of each text, by its own functions. */
const PYTHON = `
import sys, json, shlex, html, urllib.parse
ways = {
  "json.dumps": json.dumps, "json.dumps twice": lambda t: json.dumps(json.dumps({"token": t})),
  "repr": repr, "ascii": ascii, "repr of a list": lambda t: repr(["--token", t]), "repr of bytes": lambda t: repr(t.encode()),
  "repr of a repr": lambda t: repr(repr(t)), "repr of json": lambda t: repr(json.dumps(t)),
  "shlex.quote": shlex.quote, "shlex.quote of json": lambda t: shlex.quote(json.dumps(t)),
  "urllib quote": urllib.parse.quote, "urllib quote_plus": urllib.parse.quote_plus, "html.escape": html.escape,
  "unicode_escape": lambda t: t.encode("unicode_escape").decode(),
}
secrets = json.loads(sys.stdin.read())
print(json.dumps({name: [way(secret) for secret in secrets] for name, way in ways.items()}))
`;

function pythonSays(): Record<string, string[]> {
  const { stdout, stderr } = spawnSync("python3", ["-c", PYTHON], { input: json(SECRETS), encoding: "utf8" });
  assert.ok(stdout, stderr);
  return JSON.parse(stdout);
}

describe("spellings", () => {
  const check = (secret: string, said: string) => {
    const rest = `before ${said} after`.replace(spellings(secret), "\u0000");
    assert.ok(rest.includes("\u0000"), `${json(secret)} is not found in ${said}`);
  };

  for (const [way, spell] of Object.entries(WAYS)) {
    // Without its quotes and line ends a text is another one: that it is found as such is shown by the others.
    const secrets = way.includes("url in") ? SECRETS.filter((text) => !/["\\\p{Cc}]/u.test(text)) : SECRETS;
    it(`find a text in ${way}`, () => {
      for (const secret of secrets) check(secret, spell(secret));
    });
  }

  it("find a text in all that Python makes of it", () => {
    for (const [way, said] of Object.entries(pythonSays())) {
      for (const [index, text] of said.entries()) {
        assert.ok(
          spellings(SECRETS[index]).test(text),
          `${way}: ${json(SECRETS[index])} is not found in ${text}`,
        );
      }
    }
  });

  it("find a text in what bash makes of it", () => {
    for (const secret of SECRETS) {
      const { stdout } = spawnSync("bash", ["-c", 'printf %q "$1"', "-", secret], { encoding: "utf8" });
      check(secret, stdout);
    }
  });

  it("find nothing else", () => {
    const others = [
      "hunter-token2",
      "password",
      "p\\u00e5sswort",
      "7350",
      "735",
      "https://logs/?a=b%20c",
      "AAAA",
    ];
    for (const secret of SECRETS)
      for (const other of others) assert.ok(!spellings(secret).test(other), other);
  });

  it("come to an end over a long secret or a long line", function () {
    this.timeout(300_000);
    // An expression that tries all ways to split these would not end in the age of the universe: it is cut off instead of the tests.
    runInNewContext("work()", { work: searchLong }, { timeout: 240_000 });
  });
});

function searchLong(): void {
  const key = Buffer.alloc(3000, "key").toString("base64");
  const slashes = "\\".repeat(50);
  assert.ok(!spellings(key).test(key.slice(1)));
  for (const secret of [slashes, `${slashes}"'`, `"'`.repeat(25)]) {
    spellings(`${secret}x`).test(`${"\\".repeat(1000)}"'`.repeat(5));
  }
}
