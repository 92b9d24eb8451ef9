/** One answer for all who ask; a failure is forgotten, so that the next one asks again. */
export function memoized<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().catch((error) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

/** Throws when the account is not one in which the configuration lets a deployment work. */
export async function verifyAllowed(
  settings: { allowedAccountIds: string[]; forbiddenAccountIds: string[] },
  account: () => Promise<string>,
): Promise<void> {
  const { allowedAccountIds: allowed, forbiddenAccountIds: forbidden } = settings;
  if (allowed.length === 0 && forbidden.length === 0) return;
  const id = await account();
  const because =
    allowed.length > 0 && !allowed.includes(id)
      ? `aws:allowedAccountIds allows ${allowed.join(", ")} only`
      : forbidden.includes(id) && "aws:forbiddenAccountIds names it";
  if (because) {
    throw new Error(
      `The credentials are those of account ${id}, and ${because}: nothing was changed there. ` +
        "Use the credentials of another account, or change that setting.",
    );
  }
}
