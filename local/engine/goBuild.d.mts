export const cliPackage: string;
export const hostPackage: string;
export const quickly: string[];
export function goBuild(
  packages: string[],
  cliVersion?: string,
  into?: string,
): { args: string[]; env: NodeJS.ProcessEnv; cwd: string };
