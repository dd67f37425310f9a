// Kinds of customer beside those that every company has.
import { Alert, Button, Group, Loader, Stack, TagsInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { useChangeCompany, useCompany } from '@/pages/settings/data';
import { sayProblem } from '@/parts/problems';
import { Room } from '@/parts/Sections';
import { words } from './words';

const builtIn = ['natural', 'legal', 'government', 'division', 'other'];

export function CustomerKinds() {
  const t = useT(words);
  const may = useCan()('company.update');
  const { data, isError, error } = useCompany();
  const change = useChangeCompany();
  const [chosen, setChosen] = useState<string[]>();
  const has = data?.customerKinds.filter((k) => !builtIn.includes(k)) ?? [];
  const save = () => change(data!, { customerKinds: chosen }).then(() => { setChosen(undefined); notifications.show({ color: 'green', message: t('saved') }); }, sayProblem);
  return (
    <Room title={t('kinds')} text={t('kindsText')}>
      {isError && <Alert color="red" role="alert">{error.message}</Alert>}
      {!data ? <Loader aria-label={t('loading')} /> : (
        <Stack maw={560}>
          <TagsInput label={t('ownKinds')} description={t('typeEnter')} inputWrapperOrder={['label', 'input', 'description', 'error']} readOnly={!may} maxTags={50} value={chosen ?? has} onChange={setChosen} />
          {may && <Group><Button disabled={!chosen || chosen.join() === has.join()} onClick={() => void save()}>{t('save')}</Button></Group>}
        </Stack>
      )}
    </Room>
  );
}
