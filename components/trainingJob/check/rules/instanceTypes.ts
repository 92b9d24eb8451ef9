/**
 * Families whose machines come with local NVMe disks (Amazon EC2 instance types, "Instance storage"): SageMaker
 * ignores the volume size for them and refuses a volume key, as the disks encrypt by themselves.
 */
const LOCAL_NVME =
  /^ml\.(g4dn|g5|g6|g6e|g6f|gr6|g7|g7e|p3dn|p4d|p4de|p5|p5e|p5en|p6-\w+|p6e-\w+|trn1|trn1n|trn2|[cmr]\d+[a-z]*d[a-z]*)\./;

/** Whether a machine type stores data on local NVMe disks. */
export function hasLocalNvme(instanceType: string): boolean {
  return LOCAL_NVME.test(instanceType);
}

/** Whether a machine type has GPUs or AWS's own accelerators, as far as its name tells (API reference, MaxPendingTimeInSeconds). */
export function isAccelerated(instanceType: string): boolean {
  return /^ml\.(p|g|trn|inf)/.test(instanceType);
}

/** Whether a machine type is, or can be, part of an UltraServer (Amazon EC2, "UltraServers"). */
export function isUltraServer(instanceType: string): boolean {
  return /^ml\.(p\d+e-|trn[2-9])/.test(instanceType);
}
