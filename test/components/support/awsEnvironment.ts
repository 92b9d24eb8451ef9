import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * Hides what the environment and the shared files of this machine say of AWS and of proxies; each test gets its environment back. Returns
 * what writes a file into the test's own folder, and gives its path.
 */
export function withoutAwsEnvironment(): (name: string, text: string) => string {
  const environment = { ...process.env };
  const forget = () => {
    const names = Object.keys(process.env).filter((name) => /^AWS_|_proxy$/i.test(name));
    for (const name of names) delete process.env[name];
  };
  let folder: string;
  beforeEach(() => {
    forget();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "aws-environment-"));
    process.env.AWS_CONFIG_FILE = path.join(folder, "none");
    process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(folder, "none");
  });
  afterEach(() => {
    forget();
    Object.assign(process.env, environment);
    fs.rmSync(folder, { recursive: true });
  });
  return (name, text) => {
    fs.writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
}
