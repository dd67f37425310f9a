import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { FormDialog } from '@/parts/FormDialog';
import { connectionInput, emptyValues, templateInput, useTemplates, useTools, valuesOf, type Connection, type Template, type Values } from './data';
import { ConnectionFields } from './Fields';
import { words } from './words';

interface Props { connection?: Connection; owner?: string; onClose: () => void; onSaved?: (c: Connection) => void }

/** A connection of a customer, new or changed. */
export function ConnectionForm({ connection: c, owner = '', onClose, onSaved }: Props) {
  const t = useT(words);
  const { changed } = useTools();
  const templates = useTemplates();
  const form = useForm<Values & { owner: string }>({
    initialValues: { ...(c ? valuesOf(c) : emptyValues), owner: c?.owner ?? owner },
    validate: {
      name: filled(t('required')), owner: c ? undefined : filled(t('required')),
      url: (v, all) => (templates.some((k) => (all.template ? k.id === all.template : k.isDefault) && k.url) ? null : filled(t('required'))(v)),
    },
  });
  const save = async ({ owner: customer, ...v }: typeof form.values) => {
    const { data } = c
      ? await http.PUT('/api/v1/connections/{id}', { params: { path: { id: c.id } }, body: connectionInput(v, { version: c.version }) })
      : await http.POST('/api/v1/connections', { body: connectionInput(v, { owner: customer }) });
    await changed();
    notifications.show({ color: 'green', message: t('saved') });
    onSaved?.(data!);
  };
  return (
    <FormDialog opened onClose={onClose} title={c ? `${t('editConnection')}: ${c.name}` : t('newConnection')} form={form} onSubmit={save} size={760}>
      {!c && !owner && <CustomerSelect label={t('customer')} required {...form.getInputProps('owner')} />}
      <ConnectionFields form={form} values={form.values} stored={c} />
    </FormDialog>
  );
}

/** What the connections of a company have in common. */
export function TemplateForm({ template: k, onClose }: { template?: Template; onClose: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const form = useForm<Values>({ initialValues: k ? valuesOf(k) : emptyValues, validate: { name: filled(t('required')) } });
  const save = async (v: Values) => {
    if (k) await http.PUT('/api/v1/connection-templates/{id}', { params: { path: { id: k.id } }, body: templateInput(v, { version: k.version }) });
    else await http.POST('/api/v1/connection-templates', { body: templateInput(v) });
    await client.invalidateQueries({ queryKey: ['connection-templates'] });
    notifications.show({ color: 'green', message: t('saved') });
  };
  return (
    <FormDialog opened onClose={onClose} title={k ? `${t('editTemplate')}: ${k.name}` : t('newTemplate')} form={form} onSubmit={save} size={760}>
      <ConnectionFields form={form} values={form.values} template />
    </FormDialog>
  );
}
