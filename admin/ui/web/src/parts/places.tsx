// Where somebody lives decides a language, a clock and a telephone prefix.
import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { http, type Schemas } from '@/api/client';
import { langNames, langs, useLang, useT } from '@/i18n';

export type Country = Schemas['Country'];

export function useCountries(): Country[] {
  return useQuery({
    queryKey: ['countries'], staleTime: Infinity,
    queryFn: async () => (await http.GET('/api/v1/countries')).data!.items,
  }).data ?? [];
}

/** countryName words a country's code in the reader's language. */
export function countryName(code: string | undefined, lang: string): string {
  if (!code) return '';
  return new Intl.DisplayNames(lang, { type: 'region' }).of(code) ?? code;
}

/** Chooses a country; onCountry also gets what follows from it. */
export function CountrySelect({ onCountry, onChange, ...props }: SelectProps & { onCountry?: (c: Country) => void }) {
  const t = useT();
  const { lang } = useLang();
  const countries = useCountries();
  const data = useMemo(() => countries.map((c) => ({ value: c.code, label: countryName(c.code, lang) })).sort((a, b) => a.label.localeCompare(b.label, lang)), [countries, lang]);
  return (
    <Select label={t('country')} searchable data={data} nothingFoundMessage={t('nothingFound')} {...props}
      onChange={(code, option) => {
        onChange?.(code, option);
        const found = countries.find((c) => c.code === code);
        if (found) onCountry?.(found);
      }} />
  );
}

export function LanguageSelect(props: SelectProps) {
  const t = useT();
  return <Select label={t('language')} data={langs.map((l) => ({ value: l, label: langNames[l] }))} allowDeselect={!props.required} {...props} />;
}

const zones = Intl.supportedValuesOf('timeZone');

/** Chooses an IANA time zone; what time it is there stands beside its name. */
export function TimezoneSelect(props: SelectProps) {
  const t = useT();
  const { lang } = useLang();
  const value = typeof props.value === 'string' ? props.value : '';
  const data = useMemo(() => (value && !zones.includes(value) ? [value, ...zones] : zones), [value]);
  let clock = '';
  try { clock = value ? new Date().toLocaleTimeString(lang, { timeZone: value, timeStyle: 'short' }) : ''; } catch { /* a zone this browser does not know */ }
  return <Select label={t('timezone')} searchable data={data} limit={200} nothingFoundMessage={t('nothingFound')} rightSection={clock ? <span className="tabular" style={{ fontSize: 12, color: 'var(--mantine-color-dimmed)', whiteSpace: 'nowrap' }}>{clock}</span> : undefined} rightSectionWidth={clock ? (props.clearable ? 96 : 78) : undefined} rightSectionPointerEvents="none" {...props} />;
}
