/** Where and when an episode began, by its id: trap, group, and hour since 1970 by the trap's clock. */
export function askedEpisode(
  id: string | undefined,
): { readonly trapId: string; readonly group: string; readonly day: string } | undefined {
  const [, trapId, group, hour] = /^(.+)\.([^.]+)\.(\d{1,7})$/.exec(id ?? '') ?? [];
  if (!trapId || !group) return undefined;
  return { trapId, group, day: new Date(Number(hour) * 3_600_000).toISOString().slice(0, 10) };
}
