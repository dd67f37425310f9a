// What the company offers at all, and how it calls it. What is switched off
// here is gone at once for everybody of the company.
import { Alert, Group, Paper, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { openConfirmModal } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconEdit } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { FormDialog } from '@/parts/FormDialog';
import { sayProblem } from '@/parts/problems';
import { RowButton } from '@/parts/RowButton';
import { Room } from '@/parts/Sections';
import { words } from './words';

type Module = Schemas['Module'];

export function Modules() {
  const t = useT(words);
  const me = useMe(), company = me.company!.id;
  const client = useQueryClient();
  const [naming, setNaming] = useState<Module>();
  const { data, isError, error } = useQuery({ queryKey: ['modules', company], queryFn: async () => (await http.GET('/api/v1/companies/{id}/modules', { params: { path: { id: company } } })).data!.items });
  const put = async (m: Module, change: Partial<Schemas['ModuleInput']>) => {
    await http.PUT('/api/v1/companies/{id}/modules/{module}', { params: { path: { id: company, module: m.module } }, body: { on: m.on, name: m.name, description: m.description, ...change } });
    for (const key of ['modules', 'me']) void client.invalidateQueries({ queryKey: [key] });
  };
  const set = (m: Module, on: boolean) => {
    const go = () => void put(m, { on }).then(() => notifications.show({ color: 'green', message: t('saved') }), sayProblem);
    if (on) return go();
    openConfirmModal({ title: t('offTitle', { name: m.name }), children: <Text size="sm">{t('offText')}</Text>, labels: { confirm: t('switchOff'), cancel: t('cancel') }, confirmProps: { color: 'red' }, onConfirm: go });
  };
  return (
    <Room title={t('modules')} text={t('modulesText')}>
      {isError && <Alert color="red" role="alert">{error.message}</Alert>}
      <Stack gap="xs">
        {data?.map((m) => (
          <Paper key={m.module} withBorder radius="md" px="md" py="xs">
            <Group justify="space-between" wrap="nowrap">
              <Switch label={m.name} description={m.description} checked={m.on} onChange={(e) => set(m, e.currentTarget.checked)} />
              <RowButton label={`${t('edit')}: ${m.name}`} icon={IconEdit} color="green" onClick={() => setNaming(m)} />
            </Group>
          </Paper>
        ))}
      </Stack>
      {naming && <Naming module={naming} onClose={() => setNaming(undefined)} onSave={(v) => put(naming, v)} />}
    </Room>
  );
}

function Naming({ module: m, onClose, onSave }: { module: Module; onClose: () => void; onSave: (v: { name: string; description: string }) => Promise<void> }) {
  const t = useT(words);
  const form = useForm({ initialValues: { name: m.name, description: m.description } });
  return (
    <FormDialog opened onClose={onClose} title={`${t('edit')}: ${m.name}`} form={form} onSubmit={onSave} size="md">
      <TextInput label={t('name')} description={t('nameHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} data-autofocus maxLength={120} {...form.getInputProps('name')} />
      <Textarea label={t('description')} autosize minRows={2} maxLength={500} {...form.getInputProps('description')} />
    </FormDialog>
  );
}
