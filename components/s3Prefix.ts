/** A prefix ends in a slash: `s3://data/val` would also read `s3://data/validation-old/`. */
export const prefix = (uri: string): string => (uri.endsWith("/") ? uri : `${uri}/`);
