import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A project in a temporary folder, the working directory of a test, with training code in `train`. */
export class SourceFolder {
  readonly project: string;
  readonly #before = process.cwd();

  constructor() {
    this.project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "bundle-")));
    process.chdir(this.project);
    this.write({ "train.py": "print(1)\n", "lib/model.py": "x = 1\n", "lib/deep/er/data.py": "y = 2\n" });
  }

  /** Writes files below `train`. */
  write(files: Record<string, string>): void {
    this.writeProject(
      Object.fromEntries(Object.entries(files).map(([file, text]) => [`train/${file}`, text])),
    );
  }

  /** Writes files of the project. */
  writeProject(files: Record<string, string>): void {
    for (const [file, content] of Object.entries(files)) {
      const target = path.join(this.project, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, content);
    }
  }

  at(file: string): string {
    return path.join(this.project, "train", file);
  }

  dispose(): void {
    process.chdir(this.#before);
    fs.rmSync(this.project, { recursive: true });
  }
}
