// Asked before somebody joins groups: what follows from it, and whether the
// companies that a group is linked with get the person too.
import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useNames } from '@/api/names';
import { useT } from '@/i18n';
import { Note } from '@/parts/Note';
import type { Label } from './groups';
import { words } from './words';

interface Props { name: string; groups: Label[]; busy: boolean; onAnswer: (answer: 'tie' | 'join' | 'reject') => void }

export function JoinDialog({ name, groups, busy, onAnswer }: Props) {
  const t = useT(words);
  const linked = groups.filter((g) => g.linkedCompanies?.length);
  const called = useNames({ companies: linked.flatMap((g) => g.linkedCompanies ?? []) });
  const names = groups.map((g) => g.name).join(', ');
  return (
    <Modal opened onClose={() => onAnswer('reject')} title={t('joinTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text size="sm">{t('joinText', { name, groups: names })}</Text>
        {linked.length > 0 && (
          <Note grade="info">
            {t('tieText', { name })}
            <List size="sm" mt={4}>
              {linked.map((g) => {
                const known = (g.linkedCompanies ?? []).map(called).filter(Boolean);
                const companies = known.length ? known.join(', ') : t('otherCompanies', { n: g.linkedCompanies!.length });
                return <List.Item key={g.id}>{g.name}: {companies} ({t(g.linkedMode === 'work' ? 'modeWork' : 'modeView')})</List.Item>;
              })}
            </List>
          </Note>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onAnswer('reject')}>{t('reject')}</Button>
          {linked.length > 0 && <Button variant="light" loading={busy} onClick={() => onAnswer('join')}>{t('joinOnly')}</Button>}
          <Button loading={busy} data-autofocus onClick={() => onAnswer('tie')}>{t('confirm')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
