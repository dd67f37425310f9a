// How long things are kept. The installation decides, for all its companies.
import { Alert, Group, Loader, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import { useLang, useT } from '@/i18n';
import { Room } from '@/parts/Sections';
import { useCompany } from './data';
import { words } from './words';

export function Retention() {
  const t = useT(words);
  const { lang } = useLang();
  const { data, isError, error } = useCompany();
  const days = (n: number) => new Intl.NumberFormat(lang, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(n);
  return (
    <Room title={t('retention')} text={t('retentionText')}>
      {isError && <Alert color="red" role="alert">{error.message}</Alert>}
      {!data ? <Loader aria-label={t('loading')} /> : data.retention && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {([['tracks', data.retention.tracks], ['eventsKept', data.retention.events]] as const).map(([key, n]) => (
            <Paper key={key} withBorder radius="md" p="md"><Group justify="space-between"><Text size="sm">{t(key)}</Text><Title order={3} size="h4" className="tabular">{days(n)}</Title></Group></Paper>
          ))}
        </SimpleGrid>
      )}
      <Text size="sm">{t('retentionHow')} <code>keep.tracks_days</code>, <code>keep.events_days</code></Text>
    </Room>
  );
}
