// The steps of the wizard after the customer's own data, and what came of it.
import { Alert, Button, Group, Paper, Radio, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { useConnection } from '@/pages/connections/data';
import { ConnectionFields } from '@/pages/connections/Fields';
import { Counts, Machine } from '@/pages/connections/Standing';
import { ActivationFields, ActivationResult } from '@/parts/Activation';
import { DevicePicker } from '@/parts/DevicePicker';
import { ModuleTicks } from '@/parts/ModuleTicks';
import type { WizardValues } from './form/values';
import { words } from './words';

type Form = UseFormReturnType<WizardValues>;

export function Admin({ form }: { form: Form }) {
  const t = useT(words);
  return (
    <>
      <Text size="sm" c="dimmed">{t('adminHint')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('firstName')} required data-autofocus maxLength={60} {...form.getInputProps('admin.firstName')} />
        <TextInput label={t('lastName')} maxLength={60} {...form.getInputProps('admin.lastName')} />
        <TextInput label={t('email')} required type="email" maxLength={254} {...form.getInputProps('admin.email')} />
        <TextInput label={t('phone')} type="tel" {...form.getInputProps('admin.phone')} />
        <TextInput label={t('username')} description={t('userHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxLength={64} {...form.getInputProps('admin.username')} />
      </SimpleGrid>
      <ActivationFields form={form} path="admin.activation" />
    </>
  );
}

export function ConnectionStep({ form, plan }: { form: Form; plan?: Schemas['Plan'] }) {
  const t = useT(words);
  const refused = Boolean(plan?.connections?.length && !plan.connections.includes('mqtt'));
  const { connect, connection } = form.values;
  return (
    <>
      <Text size="sm" c="dimmed">{t('connectionHint')}</Text>
      <Radio.Group aria-label={t('connectHow')} {...form.getInputProps('connect')}>
        <Stack gap={8}>
          <Radio value="skip" label={t('connectSkip')} />
          <Radio value="set" label={t('connectSet')} disabled={refused} description={refused ? t('connectPlan') : undefined} />
        </Stack>
      </Radio.Group>
      {connect === 'set' && <Paper withBorder p="md" radius="md"><ConnectionFields form={form} at="connection." values={connection} /></Paper>}
    </>
  );
}

export function Rights({ form, company, available }: { form: Form; company: string; available: string[] }) {
  const t = useT(words);
  const me = useMe();
  const v = form.values;
  return (
    <>
      <Text size="sm" c="dimmed">{t('modulesHint')}</Text>
      <ModuleTicks company={company} available={available} value={v.modules} onChange={(m) => form.setFieldValue('modules', m)} />
      <Select label={t('defaultUserRole')} allowDeselect={false} maw={420} data={[{ value: 'customerUser', label: t('customerUser') }, { value: 'customerAdmin', label: t('customerAdmin') }]} {...form.getInputProps('defaultUserRole')} />
      {isStaff(me) && me.may['device.update'] && (
        <div>
          <Title order={3} size="h5">{t('devices')}</Title>
          <Text size="sm" c="dimmed" mb="xs">{t('devicesHint')}</Text>
          <DevicePicker owner={company} value={v.devices} onChange={(ids) => form.setFieldValue('devices', ids)} height={180} />
        </div>
      )}
    </>
  );
}

export type MadeCustomer = Schemas['CustomerMade'] & { id: string; name: string; connection: string; troubles: string[] };

/** What came of it, and where to go on. */
export function Made({ made, onClose, onAnother }: { made: MadeCustomer; onClose: () => void; onAnother: () => void }) {
  const t = useT(words);
  return (
    <Stack>
      {made.activation && made.admin && <ActivationResult result={made.activation} email={made.admin.email} name={made.admin.name} />}
      {made.troubles.length > 0 && <Alert color="red" role="alert" title={t('troubles')}>{made.troubles.map((text) => <div key={text}>{text}</div>)}</Alert>}
      {made.connection && <Sync id={made.connection} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onAnother}>{t('addAnother')}</Button>
        <Button variant="light" component={Link} to={`/customers/${made.id}?tab=users` as string}>{t('usersAndRoles')}</Button>
        <Button variant="light" component={Link} to={`/customers/${made.id}` as string}>{t('openPanel')}</Button>
        <Button onClick={onClose}>{t('close')}</Button>
      </Group>
    </Stack>
  );
}

/** The synchronisation of a new connection, as far as it is. */
function Sync({ id }: { id: string }) {
  const t = useT(words);
  const { data } = useConnection(id);
  if (!data) return null;
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Group justify="space-between"><Title order={3} size="h5">{data.name}</Title><Button size="compact-sm" variant="subtle" component={Link} to={`/connections/${id}` as string}>{t('openConnection')}</Button></Group>
        <Machine connection={data} />
        {data.enabled && <Counts connection={data} short />}
        {data.enabled && data.status?.state !== 'monitoring' && data.status?.state !== 'error' && <Text size="sm">{t('syncNow')}</Text>}
      </Stack>
    </Paper>
  );
}
