import { Anchor, Select, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { langNames, langs, texts, useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { DevicePicker } from '@/parts/DevicePicker';
import { FormDialog } from '@/parts/FormDialog';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import type { TabProps } from '../tabs';
import { words } from '../words';
import { own } from './words';

type Contact = Schemas['Contact'];

/** People to call who have no sign-in. */
export default function Contacts({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ contacts: words.contacts }) });
  const can = useCan();
  const client = useQueryClient();
  const [editing, setEditing] = useState<Contact | 'new'>();
  const changed = () => client.invalidateQueries({ queryKey: ['contacts'] });
  const columns: Column<Contact>[] = [
    { key: 'name', label: t('name'), render: (c) => <div><Text size="sm" fw={600}>{c.name}</Text><Text size="xs" c="dimmed">{c.relation}</Text></div> },
    { key: 'phones', label: t('phones'), render: (c) => c.phones?.map((p) => <Anchor key={p} href={`tel:${p}`} size="sm" mr="sm" className="tabular">{p}</Anchor>) },
    { key: 'email', label: t('email'), render: (c) => c.email },
    { key: 'devices', label: t('devices'), render: (c) => (c.allDevices ? t('allDevices') : (c.devices?.length ?? 0)) },
  ];
  const remove = (c: Contact) => confirmDelete(t as never, c.name, t('noUndo'), () => http.DELETE('/api/v1/contacts/{id}', { params: { path: { id: c.id }, query: { version: c.version } } }), changed);
  return (
    <>
      <RecordList name="contacts" level={3} scope={customer.id} title={t('contacts')} columns={columns} rowKey={(c) => c.id}
        load={async (query) => (await http.GET('/api/v1/contacts', { params: { query: { ...query, owner: customer.id } } })).data!}
        newLabel={t('addContact')} onNew={can('contact.create') ? () => setEditing('new') : undefined} onOpen={can('contact.update') ? setEditing : undefined}
        rowActions={can('contact.update') ? (c) => (
          <>
            <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setEditing(c)} />
            <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(c)} />
          </>
        ) : undefined}
        empty={{ title: t('noContacts'), text: t('noContactsText') }} />
      {editing && <ContactDialog owner={customer.id} contact={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} onSaved={changed} />}
    </>
  );
}

function ContactDialog({ owner, contact, onClose, onSaved }: { owner: string; contact?: Contact; onClose: () => void; onSaved: () => void }) {
  const t = useT(own);
  const form = useForm({
    initialValues: {
      name: contact?.name ?? '', relation: contact?.relation ?? '', phones: contact?.phones ?? [], email: contact?.email ?? '', lang: (contact?.lang ?? null) as string | null,
      codeWord: contact?.codeWord ?? '', note: contact?.note ?? '', allDevices: contact?.allDevices ?? !contact, devices: contact?.devices ?? [],
    },
    validate: { name: filled(t('required')) },
  });
  const save = async (v: typeof form.values) => {
    const body = clean({ ...v, devices: v.allDevices ? undefined : v.devices, owner, version: contact?.version }) as Contact;
    if (contact) await http.PUT('/api/v1/contacts/{id}', { params: { path: { id: contact.id } }, body });
    else await http.POST('/api/v1/contacts', { body });
    onSaved();
  };
  return (
    <FormDialog opened onClose={onClose} title={contact ? `${t('edit')}: ${contact.name}` : t('addContact')} form={form} onSubmit={save}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('name')} required data-autofocus maxLength={120} {...form.getInputProps('name')} />
        <TextInput label={t('relation')} {...form.getInputProps('relation')} />
        <TagsInput label={t('phones')} description={t('phonesHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} {...form.getInputProps('phones')} />
        <TextInput label={t('email')} type="email" {...form.getInputProps('email')} />
        <Select label={t('language')} clearable data={langs.map((l) => ({ value: l, label: langNames[l] }))} {...form.getInputProps('lang')} />
        <TextInput label={t('codeWord')} description={t('codeWordHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} {...form.getInputProps('codeWord')} />
      </SimpleGrid>
      <Switch label={t('callAll')} {...form.getInputProps('allDevices', { type: 'checkbox' })} />
      {!form.values.allDevices && <Stack><DevicePicker owner={owner} value={form.values.devices} onChange={(ids) => form.setFieldValue('devices', ids)} height={200} /></Stack>}
      <Textarea label={t('note')} autosize minRows={2} maxLength={2000} {...form.getInputProps('note')} />
    </FormDialog>
  );
}
