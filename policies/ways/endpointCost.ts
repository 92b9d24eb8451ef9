import { hasLocalStorage } from "../lib/localStorage";
import { hostingPrices, monthHours, priceTable, storagePrices } from "../lib/prices";
import type { Variant } from "./endpoints";

/** Prices from the configuration of a rule, before the pack's own. */
export interface OwnHostingPrices {
  pricesUsdPerHour: Readonly<Record<string, number>>;
  storageUsdPerGbMonth: Readonly<Record<string, number>>;
  provisionedUsdPerGbHour: Readonly<Record<string, number>>;
}

/** What a variant costs in an hour in which nobody asks it, in USD, and for what: `2 x ml.g5.xlarge`; or what of it has no price that is known. */
export type HourlyCost = { usd: number; what: string } | { unpriced: string };

export function hourlyCost(
  variant: Variant,
  regionOf: () => string | undefined,
  own: OwnHostingPrices,
): HourlyCost {
  return variant.isServerless() ? keptReady(variant, regionOf, own) : instances(variant, regionOf, own);
}

function keptReady(variant: Variant, regionOf: () => string | undefined, own: OwnHostingPrices): HourlyCost {
  const provisioned = variant.provisioned();
  if (provisioned === 0) return { usd: 0, what: "" };
  const memory = variant.memoryMb();
  const region = regionOf();
  const price = own.provisionedUsdPerGbHour[region ?? ""];
  if (price === undefined || memory === undefined)
    return { unpriced: `provisioned concurrency in ${named(region)}` };
  return {
    usd: (price * provisioned * memory) / 1024,
    what: `${provisioned} x ${memory} MB kept ready`,
  };
}

/** As many instances as there may be, each of the dearest type that may be taken. */
function instances(variant: Variant, regionOf: () => string | undefined, own: OwnHostingPrices): HourlyCost {
  const types = variant.types();
  if (types.length === 0) return { unpriced: "capacity without a named instance type" };
  const count = variant.count();
  let dearest = { usd: -1, what: "" };
  for (const type of types) {
    const price =
      own.pricesUsdPerHour[type] ?? (regionOf() === priceTable.region ? hostingPrices[type] : undefined);
    if (price === undefined) return { unpriced: `${type} in ${named(regionOf())}` };
    const volume = hasLocalStorage(type) ? 0 : variant.volumeGb();
    const storage = volume === 0 ? 0 : { ...storagePrices, ...own.storageUsdPerGbMonth }[regionOf() ?? ""];
    if (storage === undefined) return { unpriced: `storage volumes in ${named(regionOf())}` };
    const usd = count * (price + (storage * volume) / monthHours);
    if (usd > dearest.usd) dearest = { usd, what: `${count} x ${type}` };
  }
  return dearest;
}

const named = (region: string | undefined) => region ?? "a region that is not named";
