import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readMail } from "../../../../local/aws/notifications/mailbox.ts";

describe("the mailbox", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "mail-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("has no mail before there was any", () => {
    assert.deepEqual(readMail(path.join(dir, "none")), []);
  });

  it("reads e-mails in the order in which they came, and none that is being written", () => {
    const mail = (to: string, text: string) =>
      `From: x\nTo: ${to}\nSubject: Of two\n lines\nDate: now\n\n${text}\n`;
    writeFileSync(path.join(dir, "2-b.eml"), mail("b@x.org", "two"));
    writeFileSync(path.join(dir, "1-a.eml"), mail("a@x.org", "one\n\nTo: nobody"));
    writeFileSync(path.join(dir, "3-c.tmp"), "From");
    assert.deepEqual(readMail(dir), [
      {
        to: "a@x.org",
        subject: "Of two lines",
        date: "now",
        text: "one\n\nTo: nobody",
        file: path.join(dir, "1-a.eml"),
      },
      { to: "b@x.org", subject: "Of two lines", date: "now", text: "two", file: path.join(dir, "2-b.eml") },
    ]);
  });
});
