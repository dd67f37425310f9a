// Who of the staff answers tickets of a category.
import { Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { words } from './words';

type Route = Schemas['SupportRoute'];
const book: Book<Route> = { path: 'support-routes', object: 'supportRoute' };

function useStaff() {
  const me = useMe(), company = me.company?.id;
  const people = useQuery({ queryKey: ['users', 'staff', company], queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { owner: company, limit: 1000 } } })).data!.items.filter((u) => !u.customer && !u.disabled) }).data ?? [];
  const groups = useQuery({ queryKey: ['labels', 'operators', company], queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { owner: company, limit: 1000 } } })).data!.items.filter((l) => l.of === 'operator' && l.sort === 'group') }).data ?? [];
  return { people, groups };
}

export function SupportRoutes() {
  const t = useT(words);
  const { people, groups } = useStaff();
  return (
    <ParamList book={book} title={t('routes')} nameOf={(r) => r.category} newLabel={t('newRoute')} empty={{ title: t('noRoutes'), text: t('noRoutesText') }}
      columns={[{ key: 'who', label: t('responsible'), render: (r) => people.find((u) => u.id === r.user)?.name ?? groups.find((g) => g.id === r.group)?.name }]}
      form={(p) => <Form {...p} />} />
  );
}

function Form({ record: r, fixed, onSave, onClose }: FormProps<Route>) {
  const t = useT(words);
  const { people, groups } = useStaff();
  const form = useForm({
    initialValues: { category: r?.category ?? '', user: (r?.user ?? null) as string | null, group: (r?.group ?? null) as string | null },
    validate: { category: filled(t('required')), user: (v, all) => (v || all.group ? null : t('required')) },
  });
  const p = form.getInputProps;
  return (
    <FormDialog opened onClose={onClose} title={r ? r.category : t('newRoute')} form={form} onSubmit={onSave} blocked={fixed}>
      <TextInput label={t('category')} required data-autofocus maxLength={120} readOnly={fixed} {...p('category')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select label={t('responsible')} required={!form.values.group} clearable searchable data={people.map((u) => ({ value: u.id, label: u.name }))} {...p('user')} onChange={(v) => { form.setFieldValue('user', v); if (v) form.setFieldValue('group', null); }} />
        <Select label={t('orGroup')} description={t('orGroupHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} clearable data={groups.map((g) => ({ value: g.id!, label: g.name }))} {...p('group')} onChange={(v) => { form.setFieldValue('group', v); if (v) form.setFieldValue('user', null); }} />
      </SimpleGrid>
    </FormDialog>
  );
}
