// Tags, which classify, and groups, which are worked with as one.
import { ColorInput, ColorSwatch, Group, Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { words } from './words';

type Label = Schemas['Label'];
const book: Book<Label> = { path: 'labels', object: 'label' };
const carriers = ['device', 'customer', 'user', 'operator'] as const;

export function Labels({ sort }: { sort: Label['sort'] }) {
  const t = useT(words), tag = sort === 'tag';
  return (
    <ParamList book={book} title={tag ? t('tags') : t('groups')} nameOf={(l) => l.name} newLabel={tag ? t('newTag') : t('newGroup')} filter={(l) => l.sort === sort}
      empty={tag ? { title: t('noTags'), text: t('noTagsText') } : { title: t('noGroups'), text: t('noGroupsText') }}
      columns={[
        { key: 'of', label: t('of'), render: (l) => t(`of_${l.of}`) },
        { key: 'colour', label: t('colour'), render: (l) => l.colour && <Group gap={6}><ColorSwatch color={l.colour} size={16} /><Text size="xs" c="dimmed" className="tabular">{l.colour}</Text></Group> },
        { key: 'uses', label: t('usedBy'), align: 'right', render: (l) => (l.of === 'customer' ? (l.customers?.length ?? 0) : l.of === 'device' ? '' : (l.users?.length ?? 0)) },
        { key: 'note', label: t('note'), render: (l) => <Text size="sm" lineClamp={1} maw={320}>{l.note}</Text> },
      ]}
      form={(p) => <Form {...p} sort={sort} />} />
  );
}

function Form({ record: r, fixed, onSave, onClose, sort }: FormProps<Label> & { sort: Label['sort'] }) {
  const t = useT(words);
  const form = useForm({ initialValues: { name: r?.name ?? '', of: (r?.of ?? 'device') as string, colour: r?.colour ?? '', note: r?.note ?? '', sort: sort as string }, validate: { name: filled(t('required')) } });
  const p = form.getInputProps;
  return (
    <FormDialog opened onClose={onClose} title={r ? r.name : sort === 'tag' ? t('newTag') : t('newGroup')} form={form} onSubmit={onSave} blocked={fixed}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('name')} required data-autofocus maxLength={120} readOnly={fixed} {...p('name')} />
        <Select label={t('of')} required allowDeselect={false} disabled={Boolean(r)} data={carriers.map((k) => ({ value: k, label: t(`of_${k}`) }))} {...p('of')} />
        <ColorInput label={t('colour')} format="hex" swatches={['#1971c2', '#2f9e44', '#e8590c', '#c2255c', '#6741d9', '#0b7285', '#f08c00', '#495057']} popoverProps={{ withinPortal: true }} eyeDropperButtonProps={{ 'aria-label': t('colour') }} {...p('colour')} />
      </SimpleGrid>
      <Textarea label={t('note')} autosize minRows={2} maxLength={2000} readOnly={fixed} {...p('note')} />
    </FormDialog>
  );
}
