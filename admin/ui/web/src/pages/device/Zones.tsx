import { NumberInput, SimpleGrid, Stack, Table, Text, TextInput, Button, Group, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { sayProblem } from '@/parts/problems';
import { RowButton } from '@/parts/RowButton';
import { usePutSheet, type Panel, type Zone } from './data';
import { words } from './words';

/** The parts of what a device guards, as it reports them. */
export function Zones({ panel }: { panel: Panel }) {
  const t = useT(words);
  const may = useCan()('devicePanel.update');
  const put = usePutSheet(panel);
  const [editing, setEditing] = useState<number>(); // an index; the length: a new one
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Title order={2} size="h3">{t('zones')}</Title>{may && <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing(panel.zones.length)}>{t('addZone')}</Button>}</Group>
      {panel.zones.length === 0 ? <Text c="dimmed">{t('noZones')}</Text> : (
        <Table verticalSpacing="xs">
          <Table.Thead><Table.Tr><Table.Th>{t('zoneId')}</Table.Th><Table.Th>{t('name')}</Table.Th><Table.Th>{t('number')}</Table.Th>{may && <Table.Th ta="right">{t('actions')}</Table.Th>}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {panel.zones.map((z, i) => (
              <Table.Tr key={z.id}>
                <Table.Td className="tabular">{z.id}</Table.Td><Table.Td fw={600}>{z.name}</Table.Td><Table.Td>{z.number}</Table.Td>
                {may && (
                  <Table.Td ta="right"><Group gap={4} justify="flex-end" wrap="nowrap">
                    <RowButton label={`${t('edit')}: ${z.name}`} icon={IconEdit} color="green" onClick={() => setEditing(i)} />
                    <RowButton label={`${t('delete')}: ${z.name}`} icon={IconTrash} color="red" onClick={() => put({ zones: panel.zones.filter((o) => o !== z) }).catch(sayProblem)} />
                  </Group></Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {editing !== undefined && <ZoneDialog zone={panel.zones[editing]} onClose={() => setEditing(undefined)} onSave={(z) => put({ zones: Object.assign([...panel.zones], { [editing]: z }) })} />}
    </Stack>
  );
}

function ZoneDialog({ zone, onClose, onSave }: { zone?: Zone; onClose: () => void; onSave: (z: Zone) => Promise<void> }) {
  const t = useT(words);
  const form = useForm({ initialValues: { id: zone?.id ?? '', name: zone?.name ?? '', number: (zone?.number ?? '') as number | string }, validate: { id: filled(t('required')), name: filled(t('required')) } });
  return (
    <FormDialog opened onClose={onClose} title={zone ? `${t('edit')}: ${zone.name}` : t('addZone')} form={form} onSubmit={(v) => onSave(clean({ ...v, number: v.number === '' ? undefined : Number(v.number) }) as Zone)}>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <TextInput label={t('zoneId')} description={t('zoneIdHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} required data-autofocus maxLength={20} {...form.getInputProps('id')} />
        <TextInput label={t('name')} required maxLength={120} {...form.getInputProps('name')} />
        <NumberInput label={t('number')} min={0} max={9999} {...form.getInputProps('number')} />
      </SimpleGrid>
    </FormDialog>
  );
}
