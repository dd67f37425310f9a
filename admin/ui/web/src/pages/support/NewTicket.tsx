import { Autocomplete, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { FormDialog } from '@/parts/FormDialog';
import { useTopics, type Ticket } from './data';
import { kinds, priorities, words } from './words';

/** A message to the company; staff may write one down for a customer that called. */
export function NewTicket({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const t = useT(words);
  const me = useMe();
  const staff = isStaff(me);
  const client = useQueryClient();
  const routes = useTopics();
  const topics = [...new Set([...routes, t('topicDevices'), t('topicAlarms'), t('topicBilling'), t('topicAccess'), t('topicOther')])];
  const form = useForm({
    initialValues: { owner: '', category: '', kind: 'request' as Ticket['kind'], priority: 'normal' as Ticket['priority'], description: '', phone: staff ? '' : me.user.phone ?? '', email: staff ? '' : me.user.email ?? '' },
    validate: { category: filled(t('required')), description: filled(t('required')), owner: staff ? filled(t('required')) : undefined },
  });
  const save = async (v: typeof form.values) => {
    const { data } = await http.POST('/api/v1/tickets', { body: clean({ ...v, category: v.category.trim() }) as Ticket });
    await client.invalidateQueries({ queryKey: ['tickets'] });
    notifications.show({ color: 'green', message: t('sent') });
    onMade(data!.id);
  };
  return (
    <FormDialog opened onClose={onClose} title={staff ? t('newTicket') : t('writeUs')} form={form} onSubmit={save} submitLabel={t('send')}>
      {staff && <CustomerSelect label={t('customer')} required {...form.getInputProps('owner')} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <Autocomplete label={t('category')} description={t('categoryHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} required maxLength={120} data={topics} data-autofocus {...form.getInputProps('category')} />
        <Select label={t('kind')} required allowDeselect={false} data={kinds.map((k) => ({ value: k, label: t(k) }))} {...form.getInputProps('kind')} />
        <Select label={t('priority')} required allowDeselect={false} data={priorities.map((p) => ({ value: p, label: t(p) }))} {...form.getInputProps('priority')} />
        <TextInput label={t('phone')} description={t('phoneHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} type="tel" placeholder="+58…" {...form.getInputProps('phone')} />
        <TextInput label={t('email')} description={t('emailHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} type="email" maxLength={254} {...form.getInputProps('email')} />
      </SimpleGrid>
      <Textarea label={t('description')} required autosize minRows={4} maxRows={12} maxLength={2000} {...form.getInputProps('description')} />
    </FormDialog>
  );
}
