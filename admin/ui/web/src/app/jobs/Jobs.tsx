// The header's menu of exports and imports: orange while they wait, green once
// they are done.
import { ActionIcon, Center, Indicator, Loader, Popover, ScrollArea, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { IconInbox } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { ImportDetails } from './ImportDetails';
import { JobRow } from './JobRow';
import { fresh, isOpen, useJobs, type Job } from './jobs';
import { jobWords } from './words';

export function Jobs() {
  const t = useT(jobWords);
  const can = useCan();
  const client = useQueryClient();
  const query = useJobs();
  const jobs = query.data ?? [];
  const [opened, { toggle, close }] = useDisclosure();
  const [seen, setSeen] = useLocalStorage({ key: 'jobs.seen', defaultValue: '' });
  const [shown, setShown] = useState<Job>();
  const pending = jobs.filter(isOpen).length, news = fresh(jobs, seen).length;
  const before = useRef(0);
  useEffect(() => { // what an import made shows in the lists
    if (before.current > pending) for (const key of ['users', 'customers', 'devices', 'labels', 'shifts']) void client.invalidateQueries({ queryKey: [key] });
    before.current = pending;
  }, [pending, client]);
  if (!can('job.read')) return null;
  const look = () => { toggle(); if (!opened) { void query.refetch(); setSeen(new Date().toISOString()); } };
  const label = pending || news ? `${t('notifications')}: ${t('state', { pending, fresh: news })}` : t('notifications');
  return (
    <>
      <Popover opened={opened} onClose={close} withRoles={false} position="bottom-end" width={380} shadow="md" trapFocus>
        <Popover.Target>
          <Tooltip label={label} disabled={opened}>
            <Indicator label={pending || news} disabled={!pending && !news} size={17} offset={5} color={pending ? 'orange.9' : 'green.9'} styles={{ indicator: { fontSize: 11, fontWeight: 650, padding: '0 4px', pointerEvents: 'none' } }}>
              <ActionIcon variant="subtle" color="gray" size={34} aria-label={label} aria-expanded={opened} onClick={look}><IconInbox size={20} /></ActionIcon>
            </Indicator>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={t('notifications')} p={0} maw="calc(100vw - 16px)">
          <Text fw={650} px="md" pt="sm" pb={6}>{t('notifications')}</Text>
          {query.isPending ? <Center p="md"><Loader size="sm" aria-label={t('loading')} /></Center> : jobs.length === 0 ? <Text c="dimmed" size="sm" px="md" pb="md">{t('none')}</Text> : (
            <ScrollArea.Autosize mah={420} type="auto">
              <Stack gap={0} role="list" aria-label={t('notifications')} pb={6}>{jobs.map((j) => <JobRow key={j.id} job={j} onDetails={() => { close(); setShown(j); }} />)}</Stack>
            </ScrollArea.Autosize>
          )}
        </Popover.Dropdown>
      </Popover>
      {shown && <ImportDetails job={jobs.find((j) => j.id === shown.id) ?? shown} onClose={() => setShown(undefined)} />}
    </>
  );
}
