export function cacheDirFrom(env: NodeJS.ProcessEnv, home: string): string;
