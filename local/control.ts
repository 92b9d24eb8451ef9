// `npm run -s local:control -- faults '{...}'`: asks the running local AWS for `faults`, `calls`, `mail` or `health`, or sets its faults.
import { findRunning } from "./aws/client.ts";
import { callControl } from "./aws/control.ts";
import { main } from "./main.ts";
import { stateDir } from "./paths.ts";
import { SetupError } from "./setupError.ts";

main(async () => {
  const [name, body] = process.argv.slice(2);
  if (!name) throw new SetupError("usage: npm run -s local:control -- faults [JSON] | calls | mail | health");
  const found = await findRunning(stateDir);
  if (!found) throw new SetupError("The local AWS does not run: start it with `npm run local`.");
  const answer = await callControl(found.running, name, body);
  process.stdout.write(`${await answer.text()}\n`);
  return answer.ok ? 0 : 1;
});
