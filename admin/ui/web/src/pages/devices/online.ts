const TEN_MINUTES = 600_000;

/** online tells whether a device was heard within the silence that it is allowed: offlineAfter, 0 for ten minutes, -1 for any. */
export function online(offlineAfter: number, heard: string | undefined, now: number): boolean {
  if (!heard) return false;
  return offlineAfter < 0 || now - Date.parse(heard) <= (offlineAfter || TEN_MINUTES);
}
