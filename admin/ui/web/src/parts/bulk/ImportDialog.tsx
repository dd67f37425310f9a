import { Button, FileInput, Group, List, Modal, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { Note } from '../Note';
import { useRuleTexts } from '../PasswordInput';
import { fieldErrors, sayProblem } from '../problems';
import type { BulkOf } from './BulkMenu';
import { bulkWords } from './words';

export function ImportDialog({ of, onClose }: { of: BulkOf; onClose: () => void }) {
  const t = useT(bulkWords);
  const me = useMe();
  const client = useQueryClient();
  const rules = useRuleTexts();
  const [file, setFile] = useState<File | null>(null);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const company = me.company?.id;
  const save = async () => {
    if (!file) return setError(t('required'));
    setBusy(true);
    const form = new FormData();
    form.append('file', file);
    try {
      await call('POST', `/api/v1/bulk/${of}/imports${company ? `?company=${company}` : ''}`, form);
      notifications.show({ color: 'orange', message: t('scheduled') });
      await client.invalidateQueries({ queryKey: ['jobs'] });
      onClose();
    } catch (err) {
      const why = Object.values(fieldErrors(err))[0];
      if (why) setError(why);
      else sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('importFormat')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {!company && <Note grade="warning">{t('chooseCompany')}</Note>}
        <FileInput label={t('file')} description={t('fileHint')} placeholder={t('choose')} required clearable accept=".xlsx,.csv" leftSection={<IconFileSpreadsheet size={18} />} value={file} onChange={(f) => { setFile(f); setError(''); }} error={error} />
        <Note grade="info">{t('rowsText')}</Note>
        {(of === 'users' || of === 'operators') && rules.length > 0 && <Note grade="tip">{t('passwordsText')}<List size="sm" mt={4}>{rules.map((r) => <List.Item key={r}>{r}</List.Item>)}</List></Note>}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button loading={busy} disabled={!company} onClick={save}>{t('save')}</Button></Group>
      </Stack>
    </Modal>
  );
}
