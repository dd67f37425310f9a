// The attention list: what is open, who has it, and what is done about it.
import { ActionIcon, Center, Loader, Text } from '@mantine/core';
import { useHotkeys, useMediaQuery } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useNames } from '@/api/names';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { isOpen, isUnseen } from '@/live';
import { Card } from './Card';
import { shows, useAct, useAlarm, useQueue, type Show } from './data';
import { Place } from './Place';
import { Queue } from './Queue';
import { words } from './words';
import './alarms.css';

export function Alarms() {
  const t = useT(words);
  const can = useCan();
  const me = useMe().user.id;
  const params = useSearch({ strict: false }) as { id?: string; show?: string };
  const navigate = useNavigate();
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const show: Show = shows.find((s) => s === params.show) ?? 'open';
  const { query, list } = useQueue(show);
  const { alarm, missing } = useAlarm(params.id, list);
  const narrow = useMediaQuery('(max-width: 48em)');
  // With room beside the queue the gravest is shown at once.
  const first = list[0]?.id;
  useEffect(() => { if (!params.id && first && !narrow) set({ id: first }); });
  const act = useAct(params.id);
  const name = useNames({
    devices: [...list.map((a) => a.device), alarm?.device], fences: [...list.map((a) => a.fence), alarm?.fence], customers: [alarm?.owner],
    users: [...list.map((a) => a.assignee), alarm?.assignee, alarm?.closedBy, ...(alarm?.log ?? []).map((l) => l.by)],
  });
  const step = (by: number) => {
    const at = list.findIndex((a) => a.id === params.id), next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    if (next) set({ id: next.id });
  };
  useHotkeys([
    ['ArrowDown', () => step(1)], ['ArrowUp', () => step(-1)], ['Escape', () => narrow && set({ id: undefined })],
    ['t', () => { if (alarm && isOpen(alarm) && !alarm.assignee && can('alarm.update')) act.mutate({ do: 'take' }); }],
    ['a', () => { if (alarm && isOpen(alarm) && isUnseen(alarm) && can('acknowledgement.update') && (!alarm.assignee || alarm.assignee === me)) act.mutate({ do: 'acknowledge' }); }],
  ]);
  return (
    <div className="desk" data-chosen={params.id || undefined}>
      <h1 className="hush">{t('title')}</h1>
      <section className="desk-queue" aria-label={t('queue')}>
        <Queue list={list} query={query} show={show} chosen={params.id} name={name} onShow={(s) => set({ show: s === 'open' ? undefined : s, id: undefined })} onChoose={(id) => set({ id })} />
      </section>
      <div className="desk-right">
        {alarm ? (
          <>
            <div className="desk-place">
              <Place alarm={alarm} deviceName={name(alarm.device)} />
              {narrow && <ActionIcon variant="default" size={40} radius="xl" aria-label={t('back')} pos="absolute" top={10} left={10} style={{ zIndex: 5, boxShadow: 'var(--mantine-shadow-md)' }} onClick={() => set({ id: undefined })}><IconArrowLeft size={20} /></ActionIcon>}
            </div>
            <Card key={alarm.id} alarm={alarm} act={act} name={name} onChoose={(id) => set({ id })} />
          </>
        ) : (
          <div className="desk-none">
            {missing ? <Text c="dimmed">{t('gone')}</Text> : params.id || query.isPending ? <Center><Loader aria-label={t('loading')} /></Center> : list.length > 0 ? <Text c="dimmed">{t('choose')}</Text> : null}
          </div>
        )}
      </div>
    </div>
  );
}
