import { Button, Group, Modal, Radio, SegmentedControl, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { Note } from '../Note';
import { sayProblem } from '../problems';
import type { BulkOf } from './BulkMenu';
import { bulkWords } from './words';

type Option = 'empty' | 'data' | 'dataNoRelations';

/** downloads a file that the server answers with at once. */
function download(path: string) {
  const a = Object.assign(document.createElement('a'), { href: path, download: '' });
  document.body.append(a);
  a.click();
  a.remove();
}

export function ExportDialog({ of, onClose }: { of: BulkOf; onClose: () => void }) {
  const t = useT(bulkWords);
  const me = useMe();
  const client = useQueryClient();
  const [option, setOption] = useState<Option>('empty');
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx');
  const [busy, setBusy] = useState(false);
  const company = me.company?.id;
  const people = of === 'users' || of === 'operators';
  const send = async () => {
    if (option === 'empty') {
      download(`/api/v1/bulk/${of}/template?format=${format}${company ? `&company=${company}` : ''}`);
      return onClose();
    }
    setBusy(true);
    try {
      const body: Schemas['ExportInput'] = { option, format, company };
      await http.POST(`/api/v1/bulk/${of}/exports`, { body });
      notifications.show({ color: 'orange', message: t('scheduled') });
      await client.invalidateQueries({ queryKey: ['jobs'] });
      onClose();
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  const options: [Option, string, string][] = [
    ['empty', t('empty'), t(people ? 'emptyPeople' : 'emptyOther')], ['data', t('data'), t('dataText')],
    ['dataNoRelations', t(of === 'operators' ? 'dataNoShifts' : 'dataNoRelations'), t('noRelationsText')],
  ];
  return (
    <Modal opened onClose={onClose} title={t('exportFormat')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {!company && <Note grade="warning">{t('chooseCompany')}</Note>}
        <Radio.Group value={option} onChange={(v) => setOption(v as Option)} aria-label={t('what')}>
          <Stack gap="xs">
            {options.map(([value, label, text]) => (
              <Radio.Card key={value} value={value} p="sm" radius="md" aria-label={label}>
                <Group wrap="nowrap" align="flex-start"><Radio.Indicator mt={2} /><div><Text size="sm" fw={600}>{label}</Text><Text size="xs" c="dimmed">{text}</Text></div></Group>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
        <SegmentedControl aria-label={t('kind')} value={format} onChange={(v) => setFormat(v as 'xlsx')} data={[{ value: 'xlsx', label: 'Excel (.xlsx)' }, { value: 'csv', label: 'CSV' }]} />
        <Note grade="info">{t('zip')}</Note>
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button loading={busy} disabled={!company} onClick={send}>{t('export')}</Button></Group>
      </Stack>
    </Modal>
  );
}
