import { type Properties, textAt } from "../lib/properties";

/** What a policy sees of a resource and of its provider. */
interface Placed {
  props: Properties;
  provider?: { props: Properties };
}

/**
 * The region that a resource is made in; undefined where nothing names it. Without a region of its own it is its provider's, and without one
 * there that of the environment, which the engine hands to providers and to this pack alike.
 */
export function regionOf({ props, provider }: Placed): string | undefined {
  return (
    textAt(props, "region") ??
    textAt(provider?.props, "region") ??
    (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined)
  );
}
