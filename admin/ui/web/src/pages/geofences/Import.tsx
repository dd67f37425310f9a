// Fences from a file: read here, drawn by the server all together or not at all.
import { Alert, Button, FileInput, Group, List, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http, isProblem, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import type { LL } from './draft';
import { fromGeoJSON, kmlToGeoJSON, type Read } from './kml';
import { words } from './words';

interface Props {
  owner?: string;
  onClose: () => void;
  onFault: (at: LL, text: string) => void;
}

export function Import({ owner, onClose, onFault }: Props) {
  const t = useT(words);
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [json, setJSON] = useState<unknown>();
  const [width, setWidth] = useState<number | string>(100);
  const [failure, setFailure] = useState('');
  const [faults, setFaults] = useState<Schemas['FieldProblem'][]>([]);
  const [busy, setBusy] = useState(false);
  const read = (source: unknown): Read | undefined => { try { return source === undefined ? undefined : fromGeoJSON(source, t('geofence'), Number(width) || 100); } catch { return undefined; } };
  const found = read(json);

  const choose = async (f: File | null) => {
    setFile(f);
    setFailure('');
    setFaults([]);
    setJSON(undefined);
    if (!f) return;
    try {
      if (/\.kmz$/i.test(f.name)) throw new Error(t('kmz'));
      const text = await f.text(), parsed: unknown = /^\s*</.test(text) ? kmlToGeoJSON(text) : JSON.parse(text);
      if (!read(parsed)) throw new SyntaxError();
      setJSON(parsed);
    } catch (err) {
      setFailure(err instanceof Error && err.message === t('kmz') ? err.message : t('notReadable'));
    }
  };
  const send = async () => {
    setBusy(true);
    setFailure('');
    setFaults([]);
    const features = found!.features.map((f) => ({ ...f, properties: { ...f.properties, owner } }));
    try {
      const { data } = await http.POST('/api/v1/fences/import', { body: { type: 'FeatureCollection', features } as unknown as Schemas['FeatureCollection'] });
      await client.invalidateQueries({ queryKey: ['fences'] });
      notifications.show({ color: 'green', message: t('imported', { n: data!.fences.length }) });
      onClose();
    } catch (err) {
      setFaults((isProblem(err) && err.body.errors) || []);
      if (!isProblem(err) || !err.body.errors?.length) setFailure(err instanceof Error ? err.message : String(err));
    } finally {
      setBusy(false);
    }
  };
  const nameOf = (field: string) => found?.features[Number(/\[(\d+)\]/.exec(field)?.[1])]?.properties.name ?? field;
  return (
    <Modal opened onClose={onClose} title={t('importFences')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <FileInput label={t('file')} description={t('fileHint')} required accept=".geojson,.json,.kml,.kmz,application/geo+json" value={file} onChange={choose} clearable clearButtonProps={{ 'aria-label': t('delete') }} error={failure || undefined} />
        {found && <Text size="sm" role="status">{t('found', { n: found.features.length })}{found.skipped > 0 && ` · ${t('skipped', { n: found.skipped })}`}</Text>}
        {found && found.lines > 0 && <NumberInput label={t('width')} description={t('linesWide')} min={1} max={100000} value={width} onChange={setWidth} />}
        {faults.length > 0 && (
          <Alert color="red" role="alert" title={t('faults')}>
            <List size="sm" spacing={4}>
              {faults.map((f, i) => (
                <List.Item key={i}><b>{nameOf(f.field)}</b>: {f.message}{' '}
                  {f.position?.length === 2 && <Button size="compact-xs" variant="white" color="red" onClick={() => onFault([f.position![0]!, f.position![1]!], `${nameOf(f.field)}: ${f.message}`)}>{t('showFault')}</Button>}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button disabled={!found?.features.length} loading={busy} onClick={send}>{t('import')}</Button></Group>
      </Stack>
    </Modal>
  );
}
