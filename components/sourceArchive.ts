import * as fs from "node:fs";
import * as path from "node:path";
import { crc32 } from "node:zlib";
import { Header, Pax } from "tar";
import type { SourceFile } from "./sourceFiles";

/** A day, in milliseconds: no deployment looks for the archive of a preview longer than that. */
const KEPT = 24 * 60 * 60 * 1000;

/**
 * Writes the bundle's archive and returns its path, relative to the project: the path goes into the state, and must lead to the
 * archive on every machine. The folder is one that git leaves alone, made anew wherever it is missing.
 */
export function writeArchive(files: SourceFile[], digest: string): string {
  const folder = path.join(".training", "code");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(".training", ".gitignore"), "*\n");
  removeOld(folder);
  const file = path.join(folder, `${digest}.tar.gz`);
  const archive = archiveOf(files);
  if (fs.existsSync(file) && fs.readFileSync(file).equals(archive)) {
    fs.utimesSync(file, new Date(), new Date());
  } else {
    const partial = `${file}.${process.pid}`;
    fs.writeFileSync(partial, archive);
    fs.renameSync(partial, file);
  }
  return file.split(path.sep).join("/");
}

function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > KEPT) fs.rmSync(file, { force: true });
  }
}

/**
 * The files as `tar.gz`. The engine tells by the bytes whether to upload again, so they depend on paths, contents and executable bits
 * only: no dates, owners or umask, and stored rather than compressed, which every version of zlib does in a way of its own.
 */
export function archiveOf(files: SourceFile[]): Buffer {
  return storedGzip(Buffer.concat([...files.flatMap(entry), Buffer.alloc(1024)]));
}

function entry({ path: name, content, executable }: SourceFile): Buffer[] {
  const fields = {
    path: name,
    mode: executable ? 0o755 : 0o644,
    size: content.length,
    mtime: new Date(0),
    type: "File",
  } as const;
  const header = new Header(fields);
  const needsPax = header.encode(); // a path that is long, or not ASCII
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return [
    ...(needsPax ? [new Pax({ path: name }).encode()] : []),
    header.block ?? Buffer.alloc(0),
    content,
    padding,
  ];
}

/** Gzip (RFC 1952) of stored blocks (RFC 1951, 3.2.4), each of at most 65,535 bytes. */
function storedGzip(content: Buffer<ArrayBuffer>): Buffer {
  const most = 0xffff;
  const parts: Uint8Array[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])];
  for (let from = 0; from < content.length; from += most) {
    const block: Uint8Array = content.subarray(from, from + most);
    const head = Buffer.alloc(5);
    head.writeUInt8(from + most >= content.length ? 1 : 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(~block.length & 0xffff, 3);
    parts.push(head, block);
  }
  const end = Buffer.alloc(8);
  end.writeUInt32LE(crc32(content));
  end.writeUInt32LE(content.length, 4);
  return Buffer.concat([...parts, end]);
}
