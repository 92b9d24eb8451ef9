import process from "node:process";

/** One line where this machine cannot run the local stack: Node 24 or PyTorch 2.4.0, which trains, has no build for it. */
export function platformProblem() {
  const { platform, arch } = process;
  if (platform === "win32") {
    return "Windows itself is not supported: use WSL2 (wsl --install), with the checkout inside it.";
  }
  if (platform === "darwin" && arch === "x64") {
    return "A Mac with an Intel processor is not supported, since PyTorch 2.4.0 has no build for it: use an Apple processor, or Linux.";
  }
  if (!["linux", "darwin"].includes(platform) || !["x64", "arm64"].includes(arch)) {
    return `${platform} on ${arch} is not supported: use Linux on x64 or arm64, or a Mac with an Apple processor.`;
  }
  if (platform === "linux" && !glibc()) {
    return "This Linux has no glibc (Alpine has musl), and PyTorch no build for it: use one that has, such as Debian or Ubuntu.";
  }
  return undefined;
}

function glibc() {
  process.report.excludeNetwork = true; // it would look up names
  return process.report.getReport().header.glibcVersionRuntime;
}
