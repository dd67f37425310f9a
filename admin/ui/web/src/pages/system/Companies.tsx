import { Card, Group, Select, SimpleGrid, Table, Text, TextInput, Title, Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { langNames, langs, texts, useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { TimezoneSelect } from '@/parts/places';

const words = texts({
  companies: ['Companies', 'Empresas', 'Empresas', 'Entreprises'],
  add: ['Add company', 'Agregar empresa', 'Adicionar empresa', 'Ajouter une entreprise'],
  plans: ['Plans', 'Planes', 'Planos', 'Offres'],
});

/** The companies of the installation with the plans that they offer. */
export function Companies() {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const companies = useQuery({ queryKey: ['companies', 'all'], queryFn: async () => (await http.GET('/api/v1/companies', { params: { query: { limit: 1000 } } })).data!.items }).data ?? [];
  const plans = useQuery({ queryKey: ['plans', 'all'], queryFn: async () => (await http.GET('/api/v1/plans', { params: { query: { limit: 1000 } } })).data!.items }).data ?? [];
  const form = useForm({ initialValues: { name: '', lang: 'en' as Schemas['Company']['lang'], timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }, validate: { name: filled(t('required')), timezone: filled(t('required')) } });
  return (
    <Card withBorder radius="md" padding="md">
      <Group justify="space-between" mb="xs"><Title order={2} size="h4">{t('companies')}</Title>{can('company.create') && <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>{t('add')}</Button>}</Group>
      <Table.ScrollContainer minWidth={420}><Table>
        <Table.Thead><Table.Tr><Table.Th>{t('name')}</Table.Th><Table.Th>{t('language')}</Table.Th><Table.Th>{t('timezone')}</Table.Th><Table.Th>{t('plans')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>{companies.map((c) => <Table.Tr key={c.id}><Table.Td fw={600}>{c.name}</Table.Td><Table.Td>{langNames[c.lang]}</Table.Td><Table.Td>{c.timezone}</Table.Td><Table.Td><Text size="sm" component={Link} to={'/parameters/plans' as string} c="inherit">{plans.filter((p) => p.company === c.id).map((p) => p.name).join(', ') || '–'}</Text></Table.Td></Table.Tr>)}</Table.Tbody>
      </Table></Table.ScrollContainer>
      {adding && (
        <FormDialog opened onClose={() => setAdding(false)} title={t('add')} form={form} onSubmit={async (v) => { await http.POST('/api/v1/companies', { body: v }); await client.invalidateQueries({ queryKey: ['companies'] }); }}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
            <TextInput label={t('name')} required data-autofocus maxLength={120} {...form.getInputProps('name')} />
            <Select label={t('language')} required allowDeselect={false} data={langs.map((l) => ({ value: l, label: langNames[l] }))} {...form.getInputProps('lang')} />
            <TimezoneSelect required {...form.getInputProps('timezone')} />
          </SimpleGrid>
        </FormDialog>
      )}
    </Card>
  );
}
