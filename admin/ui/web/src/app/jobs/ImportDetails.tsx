import { ActionIcon, Group, Modal, Paper, SimpleGrid, Stack, Text, Tooltip } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { useT } from '@/i18n';
import { Note } from '@/parts/Note';
import { When } from '@/parts/time';
import { errorsOf, type Job } from './jobs';
import { jobWords } from './words';

/** What became of an import: how many rows went in, and the file of those that did not. */
export function ImportDetails({ job: j, onClose }: { job: Job; onClose: () => void }) {
  const t = useT(jobWords);
  const { counts } = j;
  return (
    <Modal opened onClose={onClose} title={t('details')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text size="sm" c="dimmed">{t('importOf', { what: t(j.of) })} · {j.name} · <When time={j.finished ?? j.created} /></Text>
        {j.reason && <Note grade="warning">{j.reason}</Note>}
        <SimpleGrid cols={{ base: 2, xs: 4 }} component="dl" m={0}>
          {([['created', counts.created, 'green'], ['updated', counts.updated, 'blue'], ['unchanged', counts.unchanged, 'gray'], ['notIn', counts.failed, counts.failed ? 'red' : 'gray']] as const).map(([word, n, tone]) => (
            <Paper key={word} withBorder p="sm" radius="md">
              <Text component="dt" size="xs" c="dimmed">{t(word)}</Text>
              <Text component="dd" m={0} fz={24} fw={650} className="tabular" c={`var(--mantine-color-${tone}-light-color)`} data-count={word}>{n}</Text>
            </Paper>
          ))}
        </SimpleGrid>
        {j.hasErrors && (
          <Group wrap="nowrap" gap="sm">
            <Tooltip label={t('errors')}><ActionIcon component="a" href={errorsOf(j)} download size={42} color="red" variant="light" aria-label={t('errors')}><IconFileAlert size={24} stroke={1.5} /></ActionIcon></Tooltip>
            <div><Text size="sm" fw={600}>{t('errors')}</Text><Text size="xs" c="dimmed">{t('errorsHint')}</Text></div>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
