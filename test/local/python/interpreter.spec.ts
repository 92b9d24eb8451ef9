import assert from "node:assert/strict";
import {
  chooseInterpreter,
  compilerProblem,
  type Interpreter,
  interpreterNames,
  parseProbe,
} from "../../../local/python/interpreter.ts";

const wanted = {
  range: ">=3.10.0 <3.13.0",
  words: "3.10, 3.11 or 3.12",
  reason: "since so",
  compiles: true,
};

function python(version: string, more: Partial<Interpreter> = {}): Interpreter {
  return { executable: `/usr/bin/python-${version}`, version, venv: true, headers: true, cc: "gcc", ...more };
}

function problem(found: Interpreter[], compiles = true): string {
  const choice = chooseInterpreter(found, { ...wanted, compiles }, {});
  assert.ok("problem" in choice, "expected a problem");
  assert.equal(choice.problem.split("\n").length, 1);
  return choice.problem;
}

describe("chooseInterpreter", () => {
  it("takes the first Python that fits", () => {
    assert.deepEqual(chooseInterpreter([python("3.13.0"), python("3.12.1"), python("3.11.7")], wanted, {}), {
      bootstrap: python("3.12.1"),
      python: "/usr/bin/python-3.12.1",
      minor: "3.12",
      cc: "gcc",
    });
  });

  it("passes over one that lacks something when another has it", () => {
    const choice = chooseInterpreter(
      [python("3.11.2", { headers: false }), python("3.12.1", { venv: false }), python("3.10.4")],
      wanted,
      {},
    );
    assert.equal("python" in choice && choice.python, "/usr/bin/python-3.10.4");
  });

  it("has uv look for another Python when only newer ones are installed", () => {
    const choice = chooseInterpreter([python("3.14.0")], wanted, {});
    assert.deepEqual(choice, { bootstrap: python("3.14.0"), python: "3.11", minor: "3.11" });
  });

  it("needs headers only where something is compiled", () => {
    const bare = [python("3.11.2", { headers: false })];
    assert.match(problem(bare), /Python 3\.11\.2 has no headers .* apt install python3-dev/);
    assert.ok("python" in chooseInterpreter(bare, { ...wanted, compiles: false }, {}));
  });

  it("names what is missing", () => {
    assert.match(problem([]), /Python 3\.10, 3\.11 or 3\.12 with venv is needed, and none was found/);
    assert.match(problem([python("3.8.18"), python("3.9.1")]), /only 3\.8\.18, 3\.9\.1 was found/);
    assert.match(
      problem([python("3.11.2", { venv: false })]),
      /3\.11\.2 has no venv .* apt install python3-venv/,
    );
  });
});

describe("interpreters on this machine", () => {
  it("are looked for under the usual names, or the one that the user gives", () => {
    assert.equal(interpreterNames({})[0], "python3");
    assert.deepEqual(interpreterNames({ TRAINING_BASE_PYTHON: "/opt/python" }), ["/opt/python"]);
  });

  it("count only when they answer like one", () => {
    assert.deepEqual(parseProbe(JSON.stringify(python("3.11.7"))), python("3.11.7"));
    assert.equal(parseProbe("Python was not found"), undefined);
    assert.equal(parseProbe(undefined), undefined);
  });
});

describe("compilerProblem", () => {
  const real = { PATH: process.env.PATH };

  it("asks for the compiler that the Python calls, or that CC names", async () => {
    assert.equal(await compilerProblem("git", real), undefined);
    assert.equal(await compilerProblem("no-such-cc", { ...real, CC: "git -O2" }), undefined);
    assert.match((await compilerProblem("git", { ...real, CC: "/no/cc" })) ?? "", /\/no\/cc was not found/);
  });

  it("says what to install when there is none", async () => {
    const problem = await compilerProblem("gcc", { PATH: "/nonexistent" });
    assert.match(problem ?? "", /C compiler is needed .* gcc was not found: .* build-essential/);
  });
});
