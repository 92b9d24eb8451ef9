/** What a record has under a name of its own: every object has something by a name such as `constructor`, which a metric may have, too. */
export const own = <T>(record: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
