// Fields that a company adds to its forms.
import { Badge, NumberInput, Select, SimpleGrid, Switch, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Schemas } from '@/api/client';
import { langNames, langs, useLang, useT } from '@/i18n';
import { FormDialog } from '@/parts/FormDialog';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { words } from './words';

type Field = Schemas['Field'];
const book: Book<Field> = { path: 'fields', object: 'field' };
const entities = ['customer', 'user', 'operator', 'device'] as const, types = ['text', 'number', 'date', 'bool', 'list'] as const;

export function Fields() {
  const t = useT(words);
  const { lang } = useLang();
  return (
    <ParamList book={book} title={t('fields')} nameOf={(f) => f.label[lang] || langs.map((l) => f.label[l]).find(Boolean) || ''} newLabel={t('newField')} empty={{ title: t('noFields'), text: t('noFieldsText') }}
      columns={[
        { key: 'entity', label: t('form'), render: (f) => t(`of_${f.entity}`) },
        { key: 'type', label: t('type'), render: (f) => t(f.type) },
        { key: 'required', label: '', render: (f) => f.required && <Badge variant="light" tt="none" c="var(--mantine-color-text)">{t('mustFill')}</Badge> },
        { key: 'order', label: t('order'), align: 'right', render: (f) => f.order },
      ]}
      form={(p) => <Form {...p} />} />
  );
}

function Form({ record: r, fixed, onSave, onClose }: FormProps<Field>) {
  const t = useT(words);
  const form = useForm({
    initialValues: { entity: (r?.entity ?? 'customer') as string, type: (r?.type ?? 'text') as string, label: { en: '', es: '', pt: '', fr: '', ...r?.label }, options: r?.options ?? [], required: r?.required ?? false, order: (r?.order ?? '') as number | string },
    validate: { label: (v) => (Object.values(v).some((s) => s.trim()) ? null : t('oneName')), options: (v, all) => (all.type === 'list' && !v.length ? t('required') : null) },
  });
  const p = form.getInputProps;
  const save = (v: typeof form.values) => onSave({ ...v, label: Object.fromEntries(Object.entries(v.label).filter(([, s]) => s.trim())), options: v.type === 'list' ? v.options : undefined, order: v.order === '' ? undefined : Number(v.order) });
  return (
    <FormDialog opened onClose={onClose} title={r ? t('edit') : t('newField')} form={form} onSubmit={save} blocked={fixed}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <Select label={t('form')} required allowDeselect={false} disabled={Boolean(r)} data={entities.map((k) => ({ value: k, label: t(`of_${k}`) }))} {...p('entity')} />
        <Select label={t('type')} required allowDeselect={false} readOnly={fixed} data={types.map((k) => ({ value: k, label: t(k) }))} {...p('type')} />
        {langs.map((l, i) => <TextInput key={l} label={t('inLang', { lang: langNames[l] })} data-autofocus={i === 0 || undefined} maxLength={120} lang={l} readOnly={fixed} {...p(`label.${l}`)} error={i === 0 ? form.errors.label : undefined} />)}
        {form.values.type === 'list' && <TagsInput label={t('options')} description={t('typeEnter')} inputWrapperOrder={['label', 'input', 'description', 'error']} required maxTags={100} readOnly={fixed} {...p('options')} />}
        <NumberInput label={t('order')} description={t('orderHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={0} max={1000} allowDecimal={false} readOnly={fixed} {...p('order')} />
      </SimpleGrid>
      <Switch label={t('mustFill')} disabled={fixed} {...p('required', { type: 'checkbox' })} />
    </FormDialog>
  );
}
