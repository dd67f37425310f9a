import { Autocomplete, type AutocompleteProps } from '@mantine/core';
import { useEffect, useState } from 'react';

/** A state or province: the country's to choose from, where they are known here; others are typed. */
export function RegionInput({ country, ...props }: AutocompleteProps & { country: string }) {
  const [regions, setRegions] = useState<Record<string, string>>({});
  useEffect(() => { void import('./regions').then((m) => setRegions(m.regions)); }, []);
  return <Autocomplete data={regions[country]?.split('|') ?? []} limit={60} {...props} />;
}
