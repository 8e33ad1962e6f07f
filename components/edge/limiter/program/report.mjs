// @ts-check

/** How often a store that stays away is told of: the alert on it stands while lines come. */
export const repeatMs = 60_000;

/**
 * Says once a minute that the store is away, and once that it is back, however many requests ask.
 * @type {(write: (line: string) => void, now?: () => number) => (error: Error | undefined) => void}
 */
export function reporter(write, now = Date.now) {
  let isStoreAway = false;
  let saidAt = 0;
  return (error) => {
    const time = now();
    if (error === undefined ? !isStoreAway : isStoreAway && time - saidAt < repeatMs) return;
    isStoreAway = error !== undefined;
    saidAt = time;
    const status = isStoreAway ? "error" : "info";
    const message = isStoreAway ? "store away, every request passes" : "store back";
    write(`${JSON.stringify({ status, message, error: error?.message })}\n`);
  };
}
