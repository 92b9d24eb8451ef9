export function advice(output: string): string;
