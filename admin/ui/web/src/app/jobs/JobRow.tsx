import { ActionIcon, Badge, Group, Progress, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconFileExport, IconFileImport, IconPlayerStop, IconX } from '@tabler/icons-react';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { Ago, When } from '@/parts/time';
import { fileOf, isOpen, toneOf, type Job } from './jobs';
import { jobWords } from './words';

/** One export or import: a click downloads what was exported, or shows what became of an import. */
export function JobRow({ job: j, onDetails }: { job: Job; onDetails: () => void }) {
  const t = useT(jobWords);
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ['jobs'] });
  const open = isOpen(j), isExport = j.kind === 'export', tone = toneOf(j);
  const title = t(isExport ? 'exportOf' : 'importOf', { what: t(j.of) });
  const remove = () => http.DELETE('/api/v1/jobs/{id}', { params: { path: { id: j.id } } }).then(again, sayProblem);
  const Glyph = isExport ? IconFileExport : IconFileImport;
  const body = (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Glyph size={22} stroke={1.5} color={`var(--mantine-color-${tone}-light-color)`} style={{ flex: 'none', marginTop: 2 }} />
      <div style={{ minWidth: 0, flex: 1 }}>
        <Group gap="xs" justify="space-between" wrap="nowrap"><Text size="sm" fw={600} truncate>{title}</Text><Badge size="sm" variant="light" color={tone} tt="none" style={{ flex: 'none' }}>{t(open ? 'pending' : j.state === 'done' ? 'done' : 'failed')}</Badge></Group>
        <Text size="xs" c="dimmed" truncate>{j.name}{j.rows ? ` · ${t('records', { n: j.rows })}` : ''}</Text>
        <Text size="xs" c="dimmed" component="div">{j.downloaded ? <>{t('downloaded')} <When time={j.downloaded} /></> : j.finished ? <>{t('finished')} <Ago time={j.finished} /></> : <>{t('started')} <Ago time={j.created} /></>}</Text>
        {j.reason && <Text size="xs" c="var(--bad)">{j.reason}</Text>}
        {!open && isExport && j.state === 'done' && !j.hasFile && <Text size="xs" c="dimmed">{t('gone')}</Text>}
        {open && <Progress value={j.progress} size={4} mt={5} color="orange" animated={j.state === 'running'} aria-label={title} />}
      </div>
    </Group>
  );
  return (
    <Group role="listitem" gap={0} wrap="nowrap" align="flex-start" px={6} data-state={j.state}>
      {isExport && j.hasFile ? <UnstyledButton component="a" href={fileOf(j)} download className="choice" flex={1} miw={0} title={t('download')} onClick={() => setTimeout(again, 800)}>{body}</UnstyledButton>
        : !isExport && !open ? <UnstyledButton className="choice" flex={1} miw={0} title={t('details')} onClick={onDetails}>{body}</UnstyledButton>
          : <div className="choice" style={{ flex: 1, minWidth: 0 }}>{body}</div>}
      <Tooltip label={t(open ? 'stop' : 'forget')}><ActionIcon mt={8} variant="subtle" color="gray" size="sm" aria-label={`${t(open ? 'stop' : 'forget')}: ${title}`} onClick={remove}>{open ? <IconPlayerStop size={15} /> : <IconX size={15} />}</ActionIcon></Tooltip>
    </Group>
  );
}
