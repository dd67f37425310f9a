/** landing is where a customer's user begins: on the map if all the devices that it sees only tell where they are. */
export function landing(customer: string | undefined, positioningOnly: boolean | undefined, mayWatch: boolean): string {
  if (!customer) return '/map';
  return positioningOnly && mayWatch ? '/map' : `/customers/${customer}`;
}
