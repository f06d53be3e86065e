/**
 * What a piece of synchronous work takes of a processor, in milliseconds: on a busy machine the wall's clock goes on
 * while others work.
 */
export function cpuMilliseconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1000;
}
