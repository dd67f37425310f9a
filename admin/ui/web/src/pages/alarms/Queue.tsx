// The queue: the gravest first, then the oldest.
import { Alert, Button, Center, Group, Loader, Select, Stack, Switch, Text, Title, UnstyledButton } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import type { useInfiniteQuery } from '@tanstack/react-query';
import { useMe } from '@/api/session';
import { SoundBlocked } from '@/app/bell/Bell';
import { useSound } from '@/app/bell/useSound';
import { useT } from '@/i18n';
import { isOpen, isUnseen, type Alarm } from '@/live';
import { severityOf, toneOfSeverity, useWhat } from '@/live/attention';
import { Ago } from '@/parts/time';
import { useNow } from '@/parts/useNow';
import type { Show } from './data';
import { shows } from './data';
import { words } from './words';

const LATE = { critical: 2 * 60e3, major: 15 * 60e3, minor: 3600e3 }; // nobody has looked for so long: the age turns red

interface Props {
  list: Alarm[];
  query: Pick<ReturnType<typeof useInfiniteQuery>, 'isPending' | 'isError' | 'error' | 'hasNextPage' | 'isFetchingNextPage'> & { fetchNextPage: () => unknown; refetch: () => unknown };
  show: Show;
  chosen?: string;
  name: (id: string | undefined) => string;
  onShow: (show: Show) => void;
  onChoose: (id: string) => void;
}

export function Queue({ list, query, show, chosen, name, onShow, onChoose }: Props) {
  const t = useT(words), what = useWhat();
  const me = useMe().user.id;
  const sound = useSound();
  const now = useNow();
  const label = (s: Show) => t(s === 'closed' ? 'closedOnes' : s);
  const none = { open: t('calmTitle'), mine: t('noneMine'), unassigned: t('noneFree'), closed: t('noneClosed') }[show];
  return (
    <>
      <Stack gap={8} p="sm" style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}>
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h3" aria-hidden>{t('title')}</Title>
          <Switch size="sm" label={t('sound')} checked={sound.on} onChange={sound.toggle} />
        </Group>
        <Select aria-label={t('which')} allowDeselect={false} data={shows.map((s) => ({ value: s, label: label(s) }))} value={show} onChange={(v) => onShow(v as Show)} />
        <SoundBlocked />
      </Stack>
      {query.isError && <Alert color="red" role="alert" m="sm">{(query.error as Error | null)?.message} <Button size="compact-xs" variant="white" onClick={() => query.refetch()}>{t('retry')}</Button></Alert>}
      {query.isPending ? <Center p="xl"><Loader aria-label={t('loading')} /></Center> : !list.length && !query.isError && (
        <Stack align="center" gap={4} p="xl"><Text fw={650} ta="center">{none}</Text>{show === 'open' && <Text size="sm" c="dimmed" ta="center">{t('calmText')}</Text>}</Stack>
      )}
      <ul className="desk-list">
        {list.map((a) => {
          const severity = severityOf(a), waits = isOpen(a) && isUnseen(a) && !a.assignee;
          return (
            <li key={a.id}>
              <UnstyledButton className="desk-row" data-id={a.id} data-seen={!isUnseen(a) || !isOpen(a) || undefined} aria-current={a.id === chosen || undefined} onClick={() => onChoose(a.id)} style={{ '--tone': `var(--mantine-color-${isOpen(a) ? toneOfSeverity[severity] : 'gray'}-6)` } as React.CSSProperties}>
                <span style={{ minWidth: 0, flex: 1 }}>
                  <Text span display="block" fw={waits ? 680 : 550} size="sm" truncate>{what(a, name(a.fence))}{a.count > 1 && <Text span c="dimmed" fw={400}> × {a.count}</Text>}</Text>
                  <Text span display="block" size="sm" truncate>{name(a.device) || t('device')}</Text>
                  <Text span display="block" size="xs" c="dimmed" truncate>
                    {t(severity)} · {a.assignee && isOpen(a) ? <><IconUserCheck size={13} style={{ verticalAlign: -2 }} /> {a.assignee === me ? t('you') : name(a.assignee) || t('somebody')}</> : isOpen(a) ? t(a.state as 'active_ack') : a.resolution ? t(a.resolution) : t('closed')}
                  </Text>
                </span>
                <span className="desk-age" data-old={(waits && now - Date.parse(a.opened) > LATE[severity]) || undefined} style={{ whiteSpace: 'nowrap' }}><Ago time={isOpen(a) ? a.opened : a.closed} /></span>
              </UnstyledButton>
            </li>
          );
        })}
        {query.hasNextPage && <li><Center p="sm"><Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center></li>}
      </ul>
    </>
  );
}
