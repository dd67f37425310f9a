import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { copies, type Shift } from './cover';
import { words } from './words';

interface Props { week: string[]; shifts: Shift[]; onClose: () => void; onDone: () => void }

/** Makes the shifts of a week again in those that follow. */
export function CopyWeek({ week, shifts, onClose, onDone }: Props) {
  const t = useT(words);
  const [weeks, setWeeks] = useState<number | string>(1);
  const [busy, setBusy] = useState(false);
  const parts = Array.from({ length: Math.max(0, Math.min(12, Number(weeks) || 0)) }, (_, i) => copies(shifts, week, i + 1));
  const make = parts.flatMap((p) => p.make), there = parts.reduce((n, p) => n + p.there, 0);
  const copy = async () => {
    setBusy(true);
    try {
      for (const s of make) await http.POST('/api/v1/shifts', { body: s as Schemas['Shift'] });
      notifications.show({ color: 'green', message: t('copiedN', { n: make.length }) });
      onClose();
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
      onDone();
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('copyWeek')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text size="sm">{t('copyText')}</Text>
        <NumberInput label={t('weeks')} min={1} max={12} value={weeks} onChange={setWeeks} data-autofocus />
        <Text size="sm" c="dimmed" role="status">{t('willCopy', { n: make.length, there })}</Text>
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button loading={busy} disabled={!make.length} onClick={copy}>{t('copyWeek')}</Button></Group>
      </Stack>
    </Modal>
  );
}
