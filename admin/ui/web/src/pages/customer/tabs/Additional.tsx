import { Alert, Button, Group, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { texts, useT } from '@/i18n';
import { ExtraFields, extraOf, useFields } from '@/parts/ExtraFields';
import { fieldErrors } from '@/parts/problems';
import { useChange } from '../data';
import type { TabProps } from '../tabs';
import { words } from '../words';

/** The additional fields that the company keeps about its customers. */
export default function Additional({ customer }: TabProps) {
  const t = useT(texts({ additional: words.additional }));
  const change = useChange(customer);
  const fields = useFields('customer', customer.company);
  const [value, setValue] = useState<Record<string, string>>((customer.extra ?? {}) as Record<string, string>);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setErrors({});
    setFailure('');
    await change({ extra: extraOf(value) }).catch((err) => {
      const found = fieldErrors(err);
      setErrors(found);
      if (!Object.keys(found).some((k) => k.startsWith('extra.'))) setFailure(err instanceof Error ? err.message : String(err));
    });
    setBusy(false);
  };
  return (
    <Stack maw={720}>
      <Title order={2} size="h3">{t('additional')}</Title>
      {failure && <Alert color="red" role="alert">{failure}</Alert>}
      <ExtraFields entity="customer" company={customer.company} value={value} onChange={setValue} errors={errors} />
      {Boolean(fields?.length) && <Group><Button loading={busy} onClick={save}>{t('save')}</Button></Group>}
    </Stack>
  );
}
