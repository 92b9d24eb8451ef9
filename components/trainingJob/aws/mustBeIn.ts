import type { AwsApi } from "./api";

/**
 * Throws when the credentials are those of another account than the one that something is in: what cannot be seen from there is not
 * gone. Says nothing where one of the two is not known.
 */
export async function mustBeIn(account: string | undefined, api: AwsApi, what: string): Promise<void> {
  const here = account && (await api.account());
  if (!here || here === account) return;
  throw new Error(
    `${what} in account ${account}, and your credentials are those of account ${here}.\n` +
      `Next: use the profile or role of account ${account}.`,
  );
}
