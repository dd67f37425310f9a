// The rules for passwords with a field to try them in, and how sign-in is guarded.
import { Alert, Badge, Button, Checkbox, Group, Loader, NumberInput, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { useSubmit } from '@/parts/FormDialog';
import { RuleLines } from '@/parts/PasswordInput';
import { Room } from '@/parts/Sections';
import { useLeave } from '@/parts/useLeave';
import { useChangeCompany, useCompany, type Company } from './data';
import { rulesOf } from './policy';
import { words } from './words';

export function Security() {
  const t = useT(words);
  const { data, isError, error } = useCompany();
  return (
    <Room title={t('security')}>
      {isError && <Alert color="red" role="alert">{error.message}</Alert>}
      {data ? <><Policy key={data.version} company={data} /><Guards company={data} /></> : <Loader aria-label={t('loading')} />}
    </Room>
  );
}

const kinds = ['upper', 'lower', 'digit', 'symbol'] as const;

function Policy({ company }: { company: Company }) {
  const t = useT(words);
  const change = useChangeCompany();
  const [tried, setTried] = useState('');
  const had = company.passwordPolicy;
  const form = useForm({
    initialValues: { minLength: had.minLength as number | string, upper: had.upper ?? false, lower: had.lower ?? false, digit: had.digit ?? false, symbol: had.symbol ?? false },
    validate: { minLength: (v) => (Number(v) >= 8 && Number(v) <= 128 ? null : t('lengthRange')) },
  });
  const policy: Schemas['PasswordPolicy'] = { ...form.values, minLength: Number(form.values.minLength) || 8 };
  const { busy, failure, send } = useSubmit(form, async () => {
    await change(company, { passwordPolicy: policy });
    notifications.show({ color: 'green', message: t('saved') });
  });
  useLeave(form.isDirty());
  const word = { upper: t('upper'), lower: t('lower'), digit: t('digit'), symbol: t('symbol') };
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('policy')}>
      <Title order={3} size="h5">{t('policy')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('policyText')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xl">
        <form noValidate onSubmit={form.onSubmit(send)}>
          <Stack gap="sm">
            {failure && <Alert color="red" role="alert">{failure}</Alert>}
            <NumberInput label={t('minLength')} required min={8} max={128} clampBehavior="none" allowDecimal={false} {...form.getInputProps('minLength')} />
            {kinds.map((k) => <Checkbox key={k} label={word[k]} {...form.getInputProps(k, { type: 'checkbox' })} />)}
            <Group><Button type="submit" loading={busy} disabled={!form.isDirty()}>{t('save')}</Button></Group>
          </Stack>
        </form>
        <div>
          <TextInput label={t('tryIt')} description={t('tryHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} value={tried} onChange={(e) => setTried(e.currentTarget.value)} spellCheck={false} maxLength={200} />
          <Paper withBorder p="xs" mt={8}><RuleLines rules={rulesOf(policy)} value={tried} /></Paper>
        </div>
      </SimpleGrid>
    </Paper>
  );
}

function Guards({ company }: { company: Company }) {
  const t = useT(words);
  const me = useMe(), can = useCan();
  const staff = useQuery({
    queryKey: ['users', 'staff', company.id], enabled: can('user.read'),
    queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { owner: company.id, limit: 1000 } } })).data!.items.filter((u) => !u.customer && !u.disabled),
  }).data;
  const without = staff?.filter((u) => !u.secondFactor) ?? [];
  return (
    <>
      <Paper withBorder radius="md" p="md" component="section" aria-label={t('second')}>
        <Group justify="space-between" mb={4}>
          <Title order={3} size="h5">{t('second')}</Title>
          <Button component={Link} to={'/profile' as string} search={{ tab: 'security' } as never} variant="default" size="xs">{t('ownSecond')}</Button>
        </Group>
        <Group gap="xs" mb="xs"><Text size="sm">{t('you')}</Text><Badge variant="light" tt="none" color={me.user.secondFactor ? 'green' : 'yellow'}>{me.user.secondFactor ? t('on') : t('off')}</Badge></Group>
        {staff && <Text size="sm" mb={6}>{without.length ? t('staffWithout', { n: without.length, of: staff.length }) : t('staffAll')}</Text>}
        <Group gap={6}>{without.slice(0, 30).map((u) => <Badge key={u.id} component={Link} to={`/users/operators/${u.id}` as string} variant="default" tt="none" fw={500} style={{ cursor: 'pointer' }}>{u.name}</Badge>)}</Group>
      </Paper>
      <Paper withBorder radius="md" p="md" component="section" aria-label={t('lockout')}>
        <Title order={3} size="h5" mb={4}>{t('lockout')}</Title>
        <Text size="sm">{t('lockoutText', { n: company.lockout.failures, minutes: company.lockout.minutes })}</Text>
      </Paper>
    </>
  );
}
