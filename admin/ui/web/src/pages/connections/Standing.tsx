// How a connection stands: its place in the state machine, what was found, the
// progress of a synchronisation. The wizard shows it too.
import { Alert, Badge, Group, Paper, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useLang, useT } from '@/i18n';
import { Ago } from '@/parts/time';
import type { Connection } from './data';
import { machine, stateTones, words } from './words';
import './standing.css';

export function StateOf({ connection: c }: { connection: Connection }) {
  const t = useT(words);
  const state = c.status?.state ?? 'disabled';
  return <Badge color={stateTones[state]} variant="light" tt="none">{t(state)}</Badge>;
}

export function Machine({ connection: c }: { connection: Connection }) {
  const t = useT(words);
  const s = c.status;
  const state = s?.state ?? 'disabled';
  const at = machine.indexOf(state as (typeof machine)[number]);
  return (
    <Stack gap="sm">
      <ol className="machine" aria-label={t('states')}>
        {machine.map((step, i) => (
          <li key={step} data-at={step === state || undefined} data-past={(at > i && i > 0) || undefined} aria-current={step === state ? 'step' : undefined}>
            <span className="machine-dot">{at > i && i > 0 && <IconCheck size={12} stroke={3} />}</span>
            <Text span size="sm">{t(step)}</Text>
          </li>
        ))}
      </ol>
      {state === 'error' ? (
        <Alert color="red" role="alert" title={t('lastError')}>
          {s?.lastError}
          {s?.errorDetail && s.errorDetail !== s.lastError && <Text size="xs" mt={4} style={{ overflowWrap: 'anywhere' }}>{s.errorDetail}</Text>}
          <Text size="sm" mt={4}>{t('errorText')}</Text>
        </Alert>
      ) : (
        <Text size="sm" c="dimmed" role="status">{t(`${state}Text` as 'disabledText')}{s?.since && state !== 'disabled' && <> · {t('sinceWhen')} <Ago time={s.since} /></>}</Text>
      )}
      {state !== 'error' && s?.lastError && <Text size="sm" c="dimmed">{t('lastError')}: {s.lastError}</Text>}
      {(state === 'discovering' || state === 'synchronising') && s && (
        <div>
          <Progress value={s.found ? (100 * s.done) / s.found : 0} animated aria-label={t('progressLabel')} />
          <Text size="xs" c="dimmed" mt={4}>{t('progress', { done: s.done, found: s.found })}</Text>
        </div>
      )}
    </Stack>
  );
}

export function Counts({ connection: c, short }: { connection: Connection; short?: boolean }) {
  const t = useT(words);
  const { lang } = useLang();
  const s = c.status;
  if (!s) return null;
  const figures: [string, number, string?][] = [[t('found'), s.found], [t('new'), s.new], [t('updated'), s.updated], [t('missing'), s.missing, 'orange'], [t('refused'), s.refused, 'red'], ...(short ? [] : [[t('rate'), s.rate], [t('received'), s.received]] as [string, number][])];
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: short ? 5 : 4, lg: short ? 5 : 7 }} spacing="sm">
      {figures.map(([label, n, tone]) => (
        <Paper key={label} withBorder p="xs" px="sm" radius="md">
          <Text size="xs" c="dimmed" lh={1.25} mih={short ? undefined : '2.5em'}>{label}</Text>
          <Group><Text fw={650} size="lg" className="tabular" c={tone && n ? tone : undefined}>{new Intl.NumberFormat(lang).format(n)}</Text></Group>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
